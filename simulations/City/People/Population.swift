package import Timetable
internal import TransitModel

/// Invents the people of a city.
package enum Population {
    /// Enough for some fifty taps a second in the peak of a city that lives thirty times as fast.
    package static let defaultCount = 15_000

    /// Riders for any feed; a generated city has its own in ``DemoCity/riders``.
    ///
    /// - Returns: Nobody when no stop with a position is called at.
    package static func make(
        for schedule: Schedule, count: Int = defaultCount, seed: UInt64
    ) -> [Rider] {
        make(in: Neighbourhood.all(of: schedule), count: count, seed: seed)
    }

    static func make(in neighbourhoods: [Neighbourhood], count: Int, seed: UInt64) -> [Rider] {
        guard !neighbourhoods.isEmpty else { return [] }
        var random = SeededGenerator(seed: seed, for: "riders")
        let homes = Draw(neighbourhoods.map(\.homes))
        let jobs = Draw(neighbourhoods.map(\.jobs))
        let digits = String(count).count
        return (1...max(count, 1)).prefix(count).map { number in
            let id = String(number)
            let life = Life.draw(&random)
            let home = neighbourhoods[homes.index(&random)]
            let work = workplace(of: life, near: home, neighbourhoods, jobs, &random)
            return Rider(
                id: "R-" + String(repeating: "0", count: digits - id.count) + id,
                category: life.category, medium: medium(of: life, &random),
                home: place(home, &random), work: place(work, &random),
                habits: life.habits(&random))
        }
    }

    /// Pupils go to school nearby; everybody else goes where the jobs are.
    private static func workplace(
        of life: Life, near home: Neighbourhood, _ all: [Neighbourhood], _ jobs: Draw,
        _ random: inout SeededGenerator
    ) -> Neighbourhood {
        var best: (gap: Double, place: Neighbourhood)?
        for _ in 0..<(life == .pupil ? 6 : 3) {
            let place = all[jobs.index(&random)]
            let gap = place.point.distanceMetres(to: home.point)
            // Nobody rides to a place around the corner.
            guard gap > 900 else { continue }
            guard life == .pupil else { return place }
            if gap < best?.gap ?? .infinity { best = (gap, place) }
        }
        return best?.place ?? all[jobs.index(&random)]
    }

    /// Somewhere in the streets around a stop.
    private static func place(
        _ neighbourhood: Neighbourhood, _ random: inout SeededGenerator
    ) -> Rider.Place {
        let point = neighbourhood.point.moved(
            eastMetres: random.number(in: -230...230.0),
            northMetres: random.number(in: -230...230.0))
        return Rider.Place(point: point, stop: neighbourhood.stop)
    }

    private static func medium(
        of life: Life, _ random: inout SeededGenerator
    ) -> Rider.Medium {
        let number = random.number(in: 0...99)
        let kind: MediaKind =
            life != .worker || number < 68
            ? .eTicketCard : number < 90 ? .bankCard : .qrTicket
        let odd = random.number(in: 0...999)
        let condition: Rider.Medium.Condition =
            switch (kind, odd) {
            case (_, 0..<8): .blocked
            case (.eTicketCard, 8..<20), (.qrTicket, 8..<20): .expired
            case (.eTicketCard, 20..<25): .foreign
            default: .sound
            }
        return Rider.Medium(kind: kind, condition: condition)
    }

    /// Weighted choice by bisection.
    private struct Draw {
        private let sums: [Double]

        init(_ weights: [Double]) {
            var total = 0.0
            sums = weights.map { weight in
                total += weight
                return total
            }
        }

        func index(_ random: inout SeededGenerator) -> Int {
            let target = random.number(in: 0...1) * (sums.last ?? 0)
            var low = 0
            var high = sums.count - 1
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] < target { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }
}

/// How somebody spends the week.
private enum Life {
    case worker
    case pupil
    case pensioner
    case companion

    static func draw(_ random: inout SeededGenerator) -> Life {
        switch random.number(in: 0...99) {
        case 0..<66: .worker
        case 66..<81: .pupil
        case 81..<97: .pensioner
        default: .companion
        }
    }

    var category: RiderCategoryID {
        switch self {
        case .worker: "full"
        case .pupil: "pupil"
        case .pensioner: "pensioner"
        case .companion: "companion"
        }
    }

    func habits(_ random: inout SeededGenerator) -> Rider.Habits {
        switch self {
        case .worker: return workerHabits(&random)
        case .pupil:
            return Rider.Habits(
                leavesHomeAt: random.minute(between: 7 * 60 + 20, and: 8 * 60),
                leavesWorkAt: random.minute(between: 13 * 60, and: 16 * 60),
                workdays: [1, 2, 3, 4, 5], outingPercent: 35)
        case .pensioner, .companion:
            // To the market and the doctor, on some days of the week.
            let start = random.minute(between: 8 * 60 + 30, and: 12 * 60)
            let days = (1...6).filter { _ in random.chance(percent: 45) }
            return Rider.Habits(
                leavesHomeAt: start,
                leavesWorkAt: start + random.minute(between: 60, and: 180),
                workdays: Set(days), outingPercent: 15)
        }
    }

    private func workerHabits(_ random: inout SeededGenerator) -> Rider.Habits {
        // Every eighth works in shifts, and on weekends too.
        if random.chance(percent: 12) {
            let start = [5 * 60 + 50, 13 * 60 + 40, 6 * 60 + 40][random.number(in: 0...2)]
            let from = random.minute(between: start, and: start + 40)
            let rest = random.number(in: 1...7)
            return Rider.Habits(
                leavesHomeAt: from, leavesWorkAt: from + 9 * 3_600,
                workdays: Set(1...7).subtracting([rest, rest % 7 + 1]), outingPercent: 20)
        }
        // Two uniform numbers make a peak in the middle; some offices and shops open late.
        let late = random.chance(percent: 18) ? random.minute(between: 60, and: 180) : 0
        let from =
            random.minute(between: 3 * 60 + 2, and: 4 * 60 + 25)
            + random.minute(between: 3 * 60 + 2, and: 4 * 60 + 25) + late
        return Rider.Habits(
            leavesHomeAt: from,
            leavesWorkAt: from + random.minute(between: 8 * 60 + 20, and: 10 * 60 + 40),
            workdays: [1, 2, 3, 4, 5], outingPercent: 40)
    }
}

extension SeededGenerator {
    /// A whole minute, in seconds.
    fileprivate mutating func minute(between first: Int, and last: Int) -> Int {
        number(in: first...last) * 60
    }
}

package import Timetable
package import TransitModel

/// Who boards which vehicle where on one service day.
///
/// Riders leave home and work by their habits, walk to a stop, take the first vehicle that helps,
/// change where they must, and go shopping on the way home, so that the day has its peaks, its
/// transfers within the hour and its tickets that have run out. A value that follows from
/// schedule, riders, date and seed.
package struct RiderDay: Sendable {
    /// By time, then by rider.
    package let boardings: [Boarding]
    /// Positions in ``boardings`` by trip and call.
    private let byVisit: [Int: [Int32]]

    package init(schedule: Schedule, riders: [Rider], date: ServiceDate, seed: UInt64) {
        var day = DayOfRiding(schedule: schedule, riders: riders, date: date, seed: seed)
        boardings = day.live()
        var byVisit: [Int: [Int32]] = [:]
        for (index, boarding) in boardings.enumerated() {
            byVisit[Self.key(boarding.trip, boarding.call), default: []].append(Int32(index))
        }
        self.byVisit = byVisit
    }

    /// Who boards at one call of one trip, in the order in which they came to the stop.
    ///
    /// - Parameter call: Counted within the trip.
    package func boardings(trip: Int, call: Int) -> [Boarding] {
        (byVisit[Self.key(trip, call)] ?? []).map { boardings[Int($0)] }
    }

    private static func key(_ trip: Int, _ call: Int) -> Int { trip << 16 | call }
}

/// The work of one ``RiderDay``.
private struct DayOfRiding {
    let schedule: Schedule
    let riders: [Rider]
    let date: ServiceDate
    let planner: JourneyPlanner
    let blockOfTrip: [Int: Int]
    var random: SeededGenerator
    var boardings: [Boarding] = []

    private static let sickPercent = 6
    private static let shoppingPercent = 14
    private static let eveningPercent = 6
    /// Where people go for pleasure: someone else's place of work, in the centre as a rule.
    private var outings: [Rider.Place]

    init(schedule: Schedule, riders: [Rider], date: ServiceDate, seed: UInt64) {
        self.schedule = schedule
        self.riders = riders
        self.date = date
        planner = JourneyPlanner(schedule, on: date)
        var blockOfTrip: [Int: Int] = [:]
        for (index, block) in schedule.blocks(on: date).enumerated() {
            for trip in block.trips { blockOfTrip[trip] = index }
        }
        self.blockOfTrip = blockOfTrip
        random = SeededGenerator(
            seed: seed &+ UInt64(bitPattern: Int64(date.daysSince1970)) &* 0x9E37_79B9,
            for: "rider day")
        outings = riders.prefix(400).map(\.work)
    }

    mutating func live() -> [Boarding] {
        let isHoliday = servicesAreOfWeekend
        for (index, rider) in riders.enumerated() {
            let works = rider.habits.workdays.contains(isHoliday ? 7 : date.isoWeekday)
            if works {
                if !random.chance(percent: Self.sickPercent) { work(index, rider) }
                if random.chance(percent: Self.eveningPercent) {
                    goOut(index, rider, from: 19, to: 21)
                }
            } else if random.chance(percent: rider.habits.outingPercent) {
                goOut(index, rider, from: 9, to: 18)
            }
        }
        return boardings.sorted {
            ($0.second, $0.rider, $0.trip) < ($1.second, $1.rider, $1.trip)
        }
    }

    /// Whether a working day has the timetable of the Sunday after it: a holiday.
    private var servicesAreOfWeekend: Bool {
        guard date.isoWeekday <= 5 else { return false }
        let sunday = date.advanced(byDays: 7 - date.isoWeekday)
        return schedule.services(on: date) == schedule.services(on: sunday)
            && schedule.services(on: date) != schedule.services(on: sunday.advanced(byDays: 3))
    }

    private mutating func work(_ index: Int, _ rider: Rider) {
        let leaves = rider.habits.leavesHomeAt + jitter(600)
        let there = travel(index, from: rider.home, to: rider.work, at: leaves)
        let ends = max(rider.habits.leavesWorkAt + jitter(900), there + 1_200)
        guard random.chance(percent: Self.shoppingPercent),
            let shop = outings.randomElement(using: &random)
        else {
            _ = travel(index, from: rider.work, to: rider.home, at: ends)
            return
        }
        let arrival = travel(index, from: rider.work, to: shop, at: ends)
        // Quick errands end within the hour that the first ticket is good for.
        let stay = random.number(in: 8...45) * 60
        _ = travel(index, from: shop, to: rider.home, at: arrival + stay)
    }

    private mutating func goOut(_ index: Int, _ rider: Rider, from first: Int, to last: Int) {
        guard let place = outings.randomElement(using: &random) else { return }
        let leaves = random.number(in: (first * 60)...(last * 60)) * 60
        let arrival = travel(index, from: rider.home, to: place, at: leaves)
        let stay = random.number(in: 40...200) * 60
        _ = travel(index, from: place, to: rider.home, at: arrival + stay)
    }

    private mutating func jitter(_ seconds: Int) -> Int {
        (random.number(in: -seconds...seconds) + random.number(in: -seconds...seconds)) / 2
    }

    /// - Returns: When the rider is there; walking when no vehicle helps.
    private mutating func travel(
        _ index: Int, from start: Rider.Place, to end: Rider.Place, at second: Int
    ) -> Int {
        let options = planner.options(from: start.point, to: end.point)
        guard let (rides, arrivesAt) = planner.ride(options, from: second) else {
            return second + 1_800
        }
        for (number, ride) in rides.enumerated() {
            guard let block = blockOfTrip[ride.trip] else { continue }
            let calls = schedule.calls(of: ride.trip)
            boardings.append(
                Boarding(
                    second: ride.departure, rider: index, block: block, trip: ride.trip,
                    call: ride.call, stop: calls[calls.startIndex + ride.call].stop,
                    isTransfer: number > 0))
        }
        return arrivesAt
    }
}

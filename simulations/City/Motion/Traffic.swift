package import TransitModel

/// How much longer than planned vehicles need, and how long they stand: a pure function of the
/// seed, so that the same day can be lived again.
///
/// Peaks slow everybody down, each route has better and worse quarters of an hour, now and then
/// something blocks a street for a while. Drivers who are late hurry as far as they may.
package struct Traffic: Sendable {
    private let seed: UInt64
    private let day: UInt64

    package init(seed: UInt64, date: ServiceDate) {
        self.seed = seed
        day = UInt64(bitPattern: Int64(date.daysSince1970))
    }

    /// The factor by which a run between two stops takes longer than planned.
    ///
    /// - Parameters:
    ///   - place: Names the piece of way, for what befalls it alone.
    ///   - second: Of the service day.
    ///   - delay: How late the vehicle is, in seconds.
    func factor(route: Int, block: Int, place: Int, second: Double, delay: Double) -> Double {
        let sensitivity = 0.4 + 1.2 * unit(1, route, 0)
        var factor = 1.0 + 0.17 * Self.peak(at: second) * sensitivity
        factor += 0.14 * smooth(2, route, second / 1_200)
        factor += 0.10 * (unit(3, block, place &+ Int(second / 60)) - 0.5)
        factor += blockage(route: route, at: second)
        if delay > 120 { factor -= 0.05 }
        if delay > 360 { factor -= 0.08 }
        if delay > 900 { factor = min(factor, 0.9) }
        return max(factor, 0.82)
    }

    /// Seconds that doors stay open.
    func dwell(block: Int, place: Int, second: Double) -> Double {
        let crowd = 1 + 0.8 * Self.peak(at: second)
        return (6 + 10 * unit(4, block, place)) * crowd
    }

    /// Seconds by which a driver is late in setting off.
    func hesitation(block: Int, trip: Int) -> Double {
        let unit = unit(5, block, trip)
        return 25 * unit * unit
    }

    /// 0 in quiet hours, 1 at the height of the morning's or the evening's traffic.
    package static func peak(at second: Double) -> Double {
        let hour = (second / 3_600).truncatingRemainder(dividingBy: 24)
        return max(bump(hour, around: 8.1, width: 1.3), bump(hour, around: 17.8, width: 1.7))
    }

    private static func bump(_ hour: Double, around middle: Double, width: Double) -> Double {
        let distance = (hour - middle) / width
        return distance.magnitude < 1 ? (1 - distance * distance) : 0
    }

    /// Every three hours one route in four has a bad half hour.
    private func blockage(route: Int, at second: Double) -> Double {
        let part = (second / Self.partSeconds).rounded(.down)
        let name = Int(part) * 4
        guard unit(6, route, name) < 0.25 else { return 0 }
        let length = 1_200 + 1_500 * unit(6, route, name + 1)
        let start =
            part * Self.partSeconds + (Self.partSeconds - length) * unit(6, route, name + 2)
        let progress = (second - start) / length
        guard (0...1).contains(progress) else { return 0 }
        return 0.9 * min(1, 4 * min(progress, 1 - progress))
    }

    private static let partSeconds = 10_800.0

    /// How early a driver is at most at a stop; the timetable holds back those who hurry.
    func earliness(block: Int) -> Double {
        let unit = unit(7, block, 0)
        return 110 * unit * unit
    }

    /// From -1 to 1, without leaps.
    private func smooth(_ purpose: UInt64, _ name: Int, _ position: Double) -> Double {
        let whole = position.rounded(.down)
        let fraction = position - whole
        let eased = fraction * fraction * (3 - 2 * fraction)
        let from = unit(purpose, name, Int(whole))
        let to = unit(purpose, name, Int(whole) + 1)
        return 2 * (from + (to - from) * eased) - 1
    }

    /// From 0 up to 1, the same for the same arguments.
    private func unit(_ purpose: UInt64, _ name: Int, _ detail: Int) -> Double {
        var state = seed &+ day &* 0x9E37_79B9_7F4A_7C15
        for part in [purpose, UInt64(bitPattern: Int64(name)), UInt64(bitPattern: Int64(detail))] {
            var generator = SeededGenerator(seed: state ^ part &* 0xD134_2543_DE82_EF95)
            state = generator.next()
        }
        return Double(state >> 11) / Double(1 << 53)
    }
}

/// What time it is in the timetable, for a demonstration: a city that is shown faster than it
/// lives, or at its rush hour although it is night.
///
/// Stamps stay wall-clock everywhere; only what is compared with the timetable (where a vehicle
/// should be by now, how late it is) is first put through this clock. In service it is ``real``,
/// which changes nothing.
package struct TimetableClock: Hashable, Sendable {
    /// At this instant of wall time…
    package let wall: Timestamp
    /// …it was this instant in the timetable.
    package let timetable: Timestamp
    /// How many timetable seconds pass in one second.
    package let rate: Int

    package static let rateLimit = 60
    package static let real = TimetableClock(
        wall: Timestamp(millisecondsSince1970: 0), timetable: Timestamp(millisecondsSince1970: 0))

    /// - Parameter rate: Taken into 1 to ``rateLimit``.
    package init(wall: Timestamp, timetable: Timestamp, rate: Int = 1) {
        self.wall = wall
        self.timetable = timetable
        self.rate = min(max(rate, 1), Self.rateLimit)
    }

    package var isReal: Bool { wall == timetable && rate == 1 }

    /// The timetable's instant at an instant of wall time.
    package func timetable(at instant: Timestamp) -> Timestamp {
        let elapsed = instant.millisecondsSince1970 - wall.millisecondsSince1970
        return Timestamp(
            millisecondsSince1970: timetable.millisecondsSince1970 + elapsed * Int64(rate))
    }

    /// The wall time at which the timetable's clock shows an instant, to a millisecond.
    package func wall(atTimetable instant: Timestamp) -> Timestamp {
        let elapsed = instant.millisecondsSince1970 - timetable.millisecondsSince1970
        return Timestamp(
            millisecondsSince1970: wall.millisecondsSince1970 + elapsed / Int64(rate))
    }
}

extension TimetableClock {
    /// For command lines: `WALL,TIMETABLE,RATE`, both instants in milliseconds since 1970.
    package var text: String {
        "\(wall.millisecondsSince1970),\(timetable.millisecondsSince1970),\(rate)"
    }

    package init?(text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3, let wall = Int64(parts[0]), let timetable = Int64(parts[1]),
            let rate = Int(parts[2]), (1...Self.rateLimit).contains(rate),
            Self.range.contains(wall), Self.range.contains(timetable)
        else { return nil }
        self.init(
            wall: Timestamp(millisecondsSince1970: wall),
            timetable: Timestamp(millisecondsSince1970: timetable), rate: rate)
    }

    /// From 1970 to 9999: arithmetic with more would not be about any timetable.
    private static let range: ClosedRange<Int64> = 0...253_402_300_799_999
}

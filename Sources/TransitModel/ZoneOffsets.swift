/// The offsets of one time zone from UTC over the years of interest, as a value.
///
/// Shells build it from the system's zone data; the core then needs no clock and no files.
package struct ZoneOffsets: Hashable, Sendable {
    package struct Transition: Hashable, Sendable {
        package let at: Timestamp
        package let offsetSeconds: Int

        package init(at: Timestamp, offsetSeconds: Int) {
            self.at = at
            self.offsetSeconds = offsetSeconds
        }
    }

    /// The zone's name in the IANA database, such as `Europe/Kyiv`.
    package let name: String
    private let initialOffsetSeconds: Int
    private let transitions: [Transition]

    /// - Parameters:
    ///   - initialOffsetSeconds: In force before the first transition.
    ///   - transitions: Need not be sorted.
    package init(name: String, initialOffsetSeconds: Int, transitions: [Transition] = []) {
        self.name = name
        self.initialOffsetSeconds = initialOffsetSeconds
        self.transitions = transitions.sorted { $0.at < $1.at }
    }

    package static let utc = ZoneOffsets(name: "UTC", initialOffsetSeconds: 0)

    /// Seconds to add to UTC for local time at an instant.
    package func offsetSeconds(at instant: Timestamp) -> Int {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? initialOffsetSeconds : transitions[low - 1].offsetSeconds
    }

    /// Local date and seconds since local midnight, as a clock on the wall shows them.
    package func local<Meaning>(
        _ instant: Timestamp, as: CivilDate<Meaning>.Type = CivilDate<Meaning>.self
    ) -> (date: CivilDate<Meaning>, secondsOfDay: Int) {
        let milliseconds =
            instant.millisecondsSince1970 + Int64(offsetSeconds(at: instant)) * 1_000
        let millisecondsPerDay: Int64 = 86_400_000
        let remainder = milliseconds % millisecondsPerDay
        let millisecondsOfDay = remainder < 0 ? remainder + millisecondsPerDay : remainder
        let day = (milliseconds - millisecondsOfDay) / millisecondsPerDay
        return (CivilDate(daysSince1970: Int(day)), Int(millisecondsOfDay / 1_000))
    }

    /// The fare day that an instant belongs to.
    ///
    /// - Parameter startSeconds: When the tariff's day begins on the wall clock, such as 04:00.
    package func fareDay(at instant: Timestamp, startingAt startSeconds: Int = 0) -> FareDay {
        let (date, seconds) = local(instant, as: FareDay.self)
        return seconds < startSeconds ? date.advanced(byDays: -1) : date
    }
}

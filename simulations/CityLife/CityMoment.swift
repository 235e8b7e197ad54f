import TransitModel

/// A time of day, of a certain date or of today, by the city's own clocks: `08:00`,
/// `2026-11-24T17:30`.
package struct CityMoment: Hashable, Sendable {
    /// `nil` stands for today.
    package let date: ServiceDate?
    /// After midnight by the clock on the wall, to the minute.
    package let minute: Int

    package init?(_ text: String) {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count <= 2, let time = parts.last, let minute = Self.minute(time) else {
            return nil
        }
        self.minute = minute
        guard parts.count == 2 else {
            date = nil
            return
        }
        guard let date = ServiceDate(String(parts[0])) else { return nil }
        self.date = date
    }

    /// The instant meant. Counted from noon, as timetables are: on a day when clocks change, times
    /// before the change are an hour off.
    package func instant(at now: Timestamp, in zone: ZoneOffsets) -> Timestamp {
        zone.instant(
            ofSecond: minute * 60, on: date ?? zone.local(now, as: ServiceDate.self).date)
    }

    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.count == 2 && $0.allSatisfy("0123456789".contains) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }
}

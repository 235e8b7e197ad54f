import Store
import TransitModel

/// The scheme's wall clock.
package struct LocalCalendar: Hashable, Sendable {
    package let zone: ZoneOffsets

    package init(zone: ZoneOffsets) {
        self.zone = zone
    }

    /// The calendar day that an instant falls on, with its first instant and the next day's.
    package func day(at instant: Timestamp) -> DaySpan {
        day(on: zone.local(instant, as: ServiceDate.self).date)
    }

    package func day(on date: ServiceDate) -> DaySpan {
        DaySpan(date: date, from: midnight(of: date), until: midnight(of: date.advanced(byDays: 1)))
    }

    /// Kyiv's clocks change between 03:00 and 04:00, so there is exactly one midnight; in a zone
    /// that skips it, the first instant after the gap is meant.
    private func midnight(of date: ServiceDate) -> Timestamp {
        let universal = Int64(date.daysSince1970) * 86_400
        var instant = Timestamp(secondsSince1970: universal)
        for _ in 0..<2 {
            let offset = Int64(zone.offsetSeconds(at: instant))
            instant = Timestamp(secondsSince1970: universal - offset)
        }
        return instant
    }
}

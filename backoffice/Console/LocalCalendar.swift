import Foundation
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

extension ZoneOffsets {
    /// Reads a zone from the system's database, with all changes from 2000 to 2100.
    ///
    /// - Returns: `nil` when the system does not know the name.
    package init?(systemZone name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        let end = Date(timeIntervalSince1970: 4_102_444_800)
        var instant = Date(timeIntervalSince1970: 946_684_800)
        let initial = zone.secondsFromGMT(for: instant)
        var transitions: [Transition] = []
        while let next = zone.nextDaylightSavingTimeTransition(after: instant),
            next > instant, next < end
        {
            transitions.append(
                Transition(
                    at: Timestamp(secondsSince1970: Int64(next.timeIntervalSince1970)),
                    offsetSeconds: zone.secondsFromGMT(for: next)))
            instant = next
        }
        self.init(name: name, initialOffsetSeconds: initial, transitions: transitions)
    }
}

import Foundation
import TransitModel

extension ZoneOffsets {
    /// A zone by the system's data, from two years before an instant until two years after it.
    ///
    /// - Returns: `nil` when the system does not know the name.
    package static func near(_ instant: Timestamp, zone name: String) -> ZoneOffsets? {
        guard let zone = TimeZone(identifier: name) else { return nil }
        let span: TimeInterval = 2 * 366 * 86_400
        let middle = Date(timeIntervalSince1970: Double(instant.millisecondsSince1970) / 1_000)
        let start = middle - span
        var transitions: [Transition] = []
        var date = start
        while let next = zone.nextDaylightSavingTimeTransition(after: date), next < middle + span {
            transitions.append(
                Transition(
                    at: Timestamp(secondsSince1970: Int64(next.timeIntervalSince1970)),
                    offsetSeconds: zone.secondsFromGMT(for: next)))
            date = next
        }
        return ZoneOffsets(
            name: name, initialOffsetSeconds: zone.secondsFromGMT(for: start),
            transitions: transitions)
    }
}

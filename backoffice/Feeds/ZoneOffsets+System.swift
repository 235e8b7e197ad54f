import Foundation
import TransitModel

extension ZoneOffsets {
    /// A zone's offsets from the system's data, from 2010 to 2050.
    ///
    /// Every change is found, not only daylight saving: countries also move their standard time.
    ///
    /// - Returns: `nil` when the system does not know the name.
    package init?(system name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        func offset(_ second: Int64) -> Int {
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(second)))
        }
        let (first, last): (Int64, Int64) = (1_262_304_000, 2_524_608_000)
        let day: Int64 = 86_400
        var transitions: [Transition] = []
        var current = offset(first)
        for start in stride(from: first, to: last, by: Int64.Stride(day)) {
            let next = offset(start + day)
            guard next != current else { continue }
            // The first second with the new offset lies in (low, high].
            var (low, high) = (start, start + day)
            while high - low > 1 {
                let middle = low + (high - low) / 2
                if offset(middle) == current { low = middle } else { high = middle }
            }
            transitions.append(
                Transition(at: Timestamp(secondsSince1970: high), offsetSeconds: next))
            current = next
        }
        self.init(
            name: name, initialOffsetSeconds: offset(first), transitions: transitions)
    }
}

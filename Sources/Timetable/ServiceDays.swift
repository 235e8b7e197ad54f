package import TransitModel

/// The dates on which one service runs: a bit a day.
package struct ServiceDays: Hashable, Sendable {
    private let first: Int
    private let count: Int
    private var words: [UInt64]

    /// - Parameter dates: Outside them nothing runs.
    init(within dates: ClosedRange<ServiceDate>?) {
        first = dates?.lowerBound.daysSince1970 ?? 0
        count = dates.map { $0.upperBound.daysSince1970 - $0.lowerBound.daysSince1970 + 1 } ?? 0
        words = Array(repeating: 0, count: (count + 63) / 64)
    }

    package func contains(_ date: ServiceDate) -> Bool {
        let day = date.daysSince1970 - first
        guard day >= 0, day < count else { return false }
        return words[day / 64] >> UInt64(day % 64) & 1 == 1
    }

    mutating func set(_ date: ServiceDate, runs: Bool) {
        let day = date.daysSince1970 - first
        guard day >= 0, day < count else { return }
        let bit = UInt64(1) << UInt64(day % 64)
        if runs { words[day / 64] |= bit } else { words[day / 64] &= ~bit }
    }
}

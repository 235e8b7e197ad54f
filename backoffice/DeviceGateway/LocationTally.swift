/// What became of the locations that devices sent, since this process began.
package struct LocationTally: Hashable, Sendable {
    /// Believed and on their way to the database.
    package var accepted: UInt64 = 0
    package var written: UInt64 = 0
    /// By ``LocationSanity/Flaw`` code, each code present from the beginning.
    package var setAside: [String: UInt64]
    /// Given up: no room while the database was away, or the database would not have them.
    package var lost: UInt64 = 0
    /// Reports turned away because their device sends too many.
    package var throttled: UInt64 = 0
    package var failedWrites: UInt64 = 0

    package init() {
        setAside = Dictionary(
            uniqueKeysWithValues: LocationSanity.Flaw.allCases.map { ($0.rawValue, 0) })
    }

    mutating func count(_ flaw: LocationSanity.Flaw, times: Int = 1) {
        setAside[flaw.rawValue, default: 0] += UInt64(times)
    }
}

/// A 128-bit identifier drawn at random or derived from a hash, written as a UUID (RFC 9562).
///
/// The version and variant bits are not forced: equality of all 128 bits is what counts.
package struct RandomIdentifier<Kind>: Hashable, Sendable, Comparable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// - Parameter bytes: Exactly 16 bytes, most significant first; `nil` for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
        }
        self.high = high
        self.low = low
    }

    /// Draws a new identifier from the caller's source of randomness.
    package init(using random: inout some RandomNumberGenerator) {
        high = random.next()
        low = random.next()
    }

    /// Reads the 8-4-4-4-12 hexadecimal form that ``description`` writes, in either case.
    package init?(_ text: String) {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        guard text.utf8.count == 36, digits.count == 32,
            let bytes = [UInt8](hex: String(decoding: digits, as: UTF8.self))
        else { return nil }
        self.init(bytes: bytes)
    }

    /// The 16 bytes, most significant first.
    package var bytes: [UInt8] {
        (0..<16).map { index in
            let word = index < 8 ? high : low
            return UInt8(truncatingIfNeeded: word >> UInt64(8 * (7 - index % 8)))
        }
    }

    package var description: String {
        let hex = bytes.hex
        var text = ""
        for (index, digit) in hex.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

package enum EpochKind {}
package enum RiderAccountKind {}
package enum ChargeKind {}
package enum RiderEntryKind {}
package enum JournalEntryKind {}

/// One unbroken run of a device's tap journal (DESIGN: epochs).
package typealias EpochID = RandomIdentifier<EpochKind>
package typealias RiderAccountID = RandomIdentifier<RiderAccountKind>
package typealias ChargeID = RandomIdentifier<ChargeKind>
package typealias RiderEntryID = RandomIdentifier<RiderEntryKind>
package typealias JournalEntryID = RandomIdentifier<JournalEntryKind>

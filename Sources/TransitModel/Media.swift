/// What a rider presents.
package enum MediaKind: UInt8, Sendable, CaseIterable {
    /// A scheme's own smart card.
    case eTicketCard = 1
    /// A contactless bank card, or a phone that acts as one.
    case bankCard = 2
    /// A QR ticket on paper or a screen.
    case qrTicket = 3
}

/// The number of a key under which media keys are computed; it rises with each rotation.
package struct KeyGeneration: Hashable, Sendable, Comparable {
    package let number: UInt16

    package init(_ number: UInt16) {
        self.number = number
    }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// A keyed 128-bit hash of a medium's number, computed by the device for list look-up only.
///
/// It never appears in logs: its description shows nothing of it.
package struct MediaKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let bytes: [UInt8]
    package let generation: KeyGeneration

    /// - Returns: `nil` unless there are exactly 16 bytes.
    package init?(bytes: [UInt8], generation: KeyGeneration) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
        self.generation = generation
    }

    package var description: String { "MediaKey(generation \(generation.number))" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.generation.number, left.bytes.hex) < (right.generation.number, right.bytes.hex)
    }
}

/// The surrogate that stands for a medium in the back office, under a key that only it holds.
package struct MediaToken: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// - Returns: `nil` unless there are exactly 16 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    package var description: String { "MediaToken" }
}

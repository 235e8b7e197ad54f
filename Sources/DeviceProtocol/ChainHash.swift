import Crypto
import TransitModel

/// SHA-256 of the stored bytes of one link in a device's tap chain.
///
/// It covers the bytes as they were written and sent, never a re-encoding, so that a newer or
/// older encoder can never break a chain.
package struct ChainHash: Hashable, Sendable, CustomStringConvertible {
    package static let byteCount = 32

    package let bytes: [UInt8]

    /// - Returns: `nil` unless there are exactly 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    private init(digest: SHA256.Digest) {
        bytes = Array(digest)
    }

    package static func of(_ storedBytes: [UInt8]) -> ChainHash {
        ChainHash(digest: SHA256.hash(data: storedBytes))
    }

    /// The first eight digits: enough for a log line.
    package var description: String { String(bytes.hex.prefix(8)) }
}

import Crypto
import TransitModel

/// Turns the media key that every validator can compute into the token that only we can.
///
/// The token is HMAC-SHA256 (RFC 2104) under the vault's secret over the key's generation, as two
/// big-endian bytes, and the key, cut to 16 bytes.
package struct MediaTokenizer: Sendable {
    package static let secretByteCount = 32

    private let secret: SymmetricKey

    /// - Returns: `nil` unless the secret has exactly ``secretByteCount`` bytes.
    package init?(secret: [UInt8]) {
        guard secret.count == Self.secretByteCount else { return nil }
        self.secret = SymmetricKey(data: secret)
    }

    package func token(for key: MediaKey) -> MediaToken {
        var hmac = HMAC<SHA256>(key: secret)
        let generation = key.generation.number
        hmac.update(data: [UInt8(generation >> 8), UInt8(truncatingIfNeeded: generation)])
        hmac.update(data: key.bytes)
        guard let token = MediaToken(bytes: Array(hmac.finalize().prefix(16))) else {
            preconditionFailure("HMAC-SHA256 has more than 16 bytes")
        }
        return token
    }
}

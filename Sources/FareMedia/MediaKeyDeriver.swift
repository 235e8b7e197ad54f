import Crypto
import TransitModel

/// Computes media keys: HMAC-SHA256 over kind and number, cut to 128 bits (NIST SP 800-107,
/// section 5.1).
///
/// Every validator holds the secret, so a media key is as good as a card number: it is for
/// look-up in lists, and is never stored outside the vault.
package struct MediaKeyDeriver: Sendable, CustomStringConvertible {
    package static let secretSize = 32

    package let generation: KeyGeneration
    private let secret: [UInt8]

    /// - Returns: `nil` unless the secret has exactly 32 bytes.
    package init?(secret: [UInt8], generation: KeyGeneration) {
        guard secret.count == Self.secretSize else { return nil }
        self.secret = secret
        self.generation = generation
    }

    /// - Parameter number: What identifies the medium among its kind: for an e-ticket card the
    ///   UID, proven by authentication under a key that was diversified from it.
    package func mediaKey(kind: MediaKind, number: [UInt8]) -> MediaKey {
        let code = HMAC<SHA256>.authenticationCode(
            for: [kind.rawValue] + number, using: SymmetricKey(data: secret))
        guard let key = MediaKey(bytes: Array(code.prefix(16)), generation: generation) else {
            preconditionFailure("SHA-256 gives more than 16 bytes")
        }
        return key
    }

    package var description: String { "MediaKeyDeriver(generation \(generation.number))" }
}

import Crypto
import TransitModel

/// The secret that a browser holds: 32 random bytes in hexadecimal.
///
/// It is stored nowhere else. The database has its hash, forms have a code derived from it.
package struct SessionToken: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]

    package init(using random: inout some RandomNumberGenerator) {
        bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    /// Reads a cookie; `nil` for anything that we never set.
    package init?(cookie: String) {
        guard cookie.utf8.count == 64, let bytes = [UInt8](hex: cookie) else { return nil }
        self.bytes = bytes
    }

    package var cookie: String { bytes.hex }

    /// What the database knows it by.
    package var hash: [UInt8] { Array(SHA256.hash(data: bytes)) }

    /// The code that every form of this session carries. It proves that the page which sent the
    /// form was ours, and tells nothing about the token.
    package var formCode: String { Array(formAuthentication).hex }

    /// Compares in constant time.
    package func accepts(formCode: String) -> Bool {
        guard let code = [UInt8](hex: formCode) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: Self.purpose, using: SymmetricKey(data: bytes))
    }

    private var formAuthentication: HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Self.purpose, using: SymmetricKey(data: bytes))
    }

    private static let purpose = Array("kvytok console form".utf8)

    package var description: String { "SessionToken" }
}

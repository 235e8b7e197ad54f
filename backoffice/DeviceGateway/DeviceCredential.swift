import Crypto
import Foundation
import SwiftASN1
import TransitModel
import X509

/// Whom a certificate names: one device of one scheme.
///
/// It stands as a URI in the subject alternative name, `kvytok://SCHEME/devices/DEVICE`, so that
/// a certificate of one community means nothing to another.
package struct DeviceName: Hashable, Sendable {
    package let scheme: SchemeID
    package let device: DeviceID

    /// - Returns: `nil` unless both have 1 to 64 letters, digits, dots, dashes or underscores.
    package init?(scheme: SchemeID, device: DeviceID) {
        guard Self.isPlain(scheme.rawValue), Self.isPlain(device.rawValue) else { return nil }
        self.scheme = scheme
        self.device = device
    }

    package init?(uri: String) {
        let prefix = "kvytok://"
        guard uri.hasPrefix(prefix) else { return nil }
        let parts = uri.dropFirst(prefix.count).split(
            separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1] == "devices" else { return nil }
        self.init(scheme: SchemeID(String(parts[0])), device: DeviceID(String(parts[2])))
    }

    package var uri: String { "kvytok://\(scheme)/devices/\(device)" }

    private static func isPlain(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

/// A device as the TLS handshake proved it: its name, its key, its certificate's fingerprint.
package struct DeviceCredential: Hashable, Sendable {
    package let name: DeviceName
    package let key: P256.Signing.PublicKey
    /// SHA-256 of the certificate's DER bytes.
    package let fingerprint: [UInt8]

    /// Reads a certificate that TLS has already checked against the authority.
    ///
    /// - Returns: `nil` when it names no device or holds a key of another kind.
    package init?(derEncoded bytes: [UInt8]) {
        guard let certificate = try? Certificate(derEncoded: bytes),
            let key = P256.Signing.PublicKey(certificate.publicKey),
            let names = try? certificate.extensions.subjectAlternativeNames
        else { return nil }
        let uris = names.compactMap { name -> String? in
            if case .uniformResourceIdentifier(let uri) = name { uri } else { nil }
        }
        guard uris.count == 1, let name = DeviceName(uri: uris[0]) else { return nil }
        self.name = name
        self.key = key
        fingerprint = Array(SHA256.hash(data: bytes))
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.fingerprint == right.fingerprint
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(fingerprint)
    }
}

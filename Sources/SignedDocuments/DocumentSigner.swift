import Crypto
import TransitModel

/// The publishing half: signs documents with one Ed25519 key (RFC 8032).
///
/// Devices link this code but hold no key; where keys live is the caller's concern.
package struct DocumentSigner: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    package init(key: Curve25519.Signing.PrivateKey) {
        self.key = key
    }

    /// - Returns: `nil` unless there are exactly 32 bytes of private key.
    package init?(privateKey: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: privateKey) else {
            return nil
        }
        self.key = key
    }

    package var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }
    package var keyID: DocumentKeyID { DocumentKeyID(ofPublicKey: key.publicKey) }

    /// One document with one signature, ready to publish.
    ///
    /// - Precondition: The scheme has 1 to 64 UTF-8 bytes, the document expires after it is
    ///   issued, and the payload is within the role's limit: anything else no device would take.
    package func sign(_ header: DocumentHeader, payload: [UInt8]) throws -> [UInt8] {
        try Self.sign(header, payload: payload, with: [self]).serialized()
    }

    /// One document under several keys, for roles with a threshold.
    package static func sign(
        _ header: DocumentHeader, payload: [UInt8], with signers: [DocumentSigner]
    ) throws -> SignedDocument {
        precondition(
            (1...SignedDocument.schemeLengthLimit).contains(header.scheme.rawValue.utf8.count),
            "A scheme has 1 to \(SignedDocument.schemeLengthLimit) bytes")
        precondition(header.issuedAt < header.expiresAt, "A document expires after its issue")
        precondition(payload.count <= header.role.payloadLimit, "The payload is too long")
        precondition(signers.count <= SignedDocument.signatureLimit, "Too many signatures")
        let statement = SignedDocument(header: header, payload: payload).statement
        var signatures: [SignedDocument.Signature] = []
        for signer in signers.sorted(by: { $0.keyID < $1.keyID }) {
            let signature = try signer.key.signature(for: statement)
            signatures.append(.init(key: signer.keyID, bytes: Array(signature)))
        }
        return SignedDocument(header: header, payload: payload, signatures: signatures)
    }
}

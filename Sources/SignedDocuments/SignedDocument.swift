import Crypto
import TransitModel

/// What every document says about itself, before its payload.
package struct DocumentHeader: Hashable, Sendable {
    package let role: DocumentRole
    package let scheme: SchemeID
    /// Strictly rises from one document of a role to the next.
    package let version: UInt64
    package let issuedAt: Timestamp
    /// After this instant a device no longer accepts the document; one it holds stays in use.
    package let expiresAt: Timestamp

    package init(
        role: DocumentRole, scheme: SchemeID, version: UInt64, issuedAt: Timestamp,
        expiresAt: Timestamp
    ) {
        self.role = role
        self.scheme = scheme
        self.version = version
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}

/// A document as it travels: header, payload and signatures in one run of bytes.
///
/// Integers are big-endian:
///
///     magic "KVDC" · format u8 = 1 · role u8 · scheme length u8 · scheme UTF-8
///     · version u64 · issued i64 ms · expires i64 ms · payload length u32 · payload
///     · signature count u8 · (key id 32 · Ed25519 signature 64)…
///
/// Signatures cover ``statement``: the header bytes and the SHA-256 of the payload, so that a
/// long list is hashed once as it streams in and never copied to be checked. Parsing checks form
/// alone; ``TrustedDocuments`` decides about trust.
package struct SignedDocument: Hashable, Sendable {
    package struct Signature: Hashable, Sendable {
        package let key: DocumentKeyID
        package let bytes: [UInt8]

        package init(key: DocumentKeyID, bytes: [UInt8]) {
            self.key = key
            self.bytes = bytes
        }
    }

    package let header: DocumentHeader
    package let payload: [UInt8]
    package let signatures: [Signature]

    package static let signatureLimit = 16
    package static let schemeLengthLimit = 64
    private static let magic = Array("KVDC".utf8)
    private static let format: UInt8 = 1
    private static let context = Array("kvytok signed document 1\n".utf8)

    package init(header: DocumentHeader, payload: [UInt8], signatures: [Signature] = []) {
        self.header = header
        self.payload = payload
        self.signatures = signatures
    }

    /// Reads a whole document.
    ///
    /// - Throws: ``DocumentRefusal/malformed(_:)`` alone.
    package init(parsing bytes: [UInt8]) throws(DocumentRefusal) {
        var reader = ByteReader(bytes)
        guard reader.read(4) == Self.magic else { throw .malformed(.magic) }
        guard reader.read(UInt8.self) == Self.format else { throw .malformed(.format) }
        guard let role = reader.read(UInt8.self).flatMap(DocumentRole.init(rawValue:)) else {
            throw .malformed(.role)
        }
        guard let schemeLength = reader.read(UInt8.self),
            (1...Self.schemeLengthLimit).contains(Int(schemeLength)),
            let scheme = reader.readText(Int(schemeLength))
        else { throw .malformed(.scheme) }
        guard let version = reader.read(UInt64.self), let issued = reader.read(Int64.self),
            let expires = reader.read(Int64.self), issued < expires
        else { throw .malformed(.dates) }
        guard let length = reader.read(UInt32.self), length <= role.payloadLimit else {
            throw .malformed(.length)
        }
        guard let payload = reader.read(Int(length)) else { throw .malformed(.payload) }
        guard let count = reader.read(UInt8.self), count <= Self.signatureLimit else {
            throw .malformed(.signatures)
        }
        var signatures: [Signature] = []
        for _ in 0..<count {
            guard let key = reader.read(32).flatMap(DocumentKeyID.init(bytes:)),
                let signature = reader.read(64)
            else { throw .malformed(.signatures) }
            signatures.append(Signature(key: key, bytes: signature))
        }
        guard reader.isAtEnd else { throw .malformed(.trailingBytes) }
        header = DocumentHeader(
            role: role, scheme: SchemeID(scheme), version: version,
            issuedAt: Timestamp(millisecondsSince1970: issued),
            expiresAt: Timestamp(millisecondsSince1970: expires))
        self.payload = payload
        self.signatures = signatures
    }

    /// The one encoding of this document.
    package func serialized() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(headerBytes)
        writer.write(payload)
        writer.write(UInt8(signatures.count))
        for signature in signatures {
            writer.write(signature.key.bytes)
            writer.write(signature.bytes)
        }
        return writer.bytes
    }

    /// What the signatures cover.
    package var statement: [UInt8] {
        Self.context + headerBytes + SHA256.hash(data: payload)
    }

    private var headerBytes: [UInt8] {
        let scheme = Array(header.scheme.rawValue.utf8)
        var writer = ByteWriter()
        writer.write(Self.magic)
        writer.write(Self.format)
        writer.write(header.role.rawValue)
        writer.write(UInt8(scheme.count))
        writer.write(scheme)
        writer.write(header.version)
        writer.write(header.issuedAt.millisecondsSince1970)
        writer.write(header.expiresAt.millisecondsSince1970)
        writer.write(UInt32(payload.count))
        return writer.bytes
    }
}

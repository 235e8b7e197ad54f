import Crypto
import TransitModel

/// Names a document key: the SHA-256 of its 32 public bytes.
package struct DocumentKeyID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// - Returns: `nil` unless there are exactly 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    package init(ofPublicKey publicKey: Curve25519.Signing.PublicKey) {
        bytes = Array(SHA256.hash(data: publicKey.rawRepresentation))
    }

    package var description: String { bytes.prefix(8).hex }

    package static func < (left: Self, right: Self) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

/// Which keys speak for which role, and how many of them must agree.
///
/// The payload of a ``DocumentRole/root`` document:
///
///     format u8 = 1 · key count u8 · (public key 32)… · role count u8
///     · (role u8 · threshold u8 · key count u8 · (index of key u8)…)…
///
/// Keys, roles and indexes strictly rise, so that a trust root has one encoding.
package struct TrustRoot: Hashable, Sendable {
    package struct RoleKeys: Hashable, Sendable {
        package let keys: Set<DocumentKeyID>
        package let threshold: Int

        /// - Returns: `nil` unless the threshold lies between one and the number of keys.
        package init?(keys: Set<DocumentKeyID>, threshold: Int) {
            guard (1...max(1, keys.count)).contains(threshold), !keys.isEmpty else { return nil }
            self.keys = keys
            self.threshold = threshold
        }
    }

    package static let keyLimit = 64
    private static let format: UInt8 = 1

    /// Public keys, 32 bytes each, by their identifier.
    package let publicKeys: [DocumentKeyID: [UInt8]]
    package let roles: [DocumentRole: RoleKeys]

    /// - Returns: `nil` when a key is not 32 bytes, a role names a key that is not given, the
    ///   root role has no keys, or there are more keys than ``keyLimit``.
    package init?(publicKeys: [[UInt8]], roles: [DocumentRole: RoleKeys]) {
        var byID: [DocumentKeyID: [UInt8]] = [:]
        for bytes in publicKeys {
            guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
                return nil
            }
            byID[DocumentKeyID(ofPublicKey: key)] = bytes
        }
        guard byID.count <= Self.keyLimit, roles[.root] != nil,
            roles.values.allSatisfy({ $0.keys.allSatisfy { byID[$0] != nil } })
        else { return nil }
        self.publicKeys = byID
        self.roles = roles
    }

    /// The smallest trust root: one key for the root itself and one for all that devices fetch.
    package init?(rootKey: [UInt8], onlineKey: [UInt8]) {
        guard let root = try? Curve25519.Signing.PublicKey(rawRepresentation: rootKey),
            let online = try? Curve25519.Signing.PublicKey(rawRepresentation: onlineKey),
            let rootKeys = RoleKeys(keys: [DocumentKeyID(ofPublicKey: root)], threshold: 1),
            let onlineKeys = RoleKeys(keys: [DocumentKeyID(ofPublicKey: online)], threshold: 1)
        else { return nil }
        self.init(
            publicKeys: [rootKey, onlineKey],
            roles: [.root: rootKeys, .denyList: onlineKeys, .configuration: onlineKeys])
    }

    /// How many of the role's keys signed the document; one key counts once.
    func validSignatures(on document: SignedDocument, for role: DocumentRole) -> Int {
        guard let roleKeys = roles[role] else { return 0 }
        let statement = document.statement
        var signers: Set<DocumentKeyID> = []
        for signature in document.signatures
        where roleKeys.keys.contains(signature.key) && !signers.contains(signature.key) {
            guard let bytes = publicKeys[signature.key],
                let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes),
                key.isValidSignature(signature.bytes, for: statement)
            else { continue }
            signers.insert(signature.key)
        }
        return signers.count
    }

    /// - Throws: ``DocumentRefusal/tooFewSignatures(valid:threshold:)``; a role without keys
    ///   can never be signed for.
    func requireSignatures(
        on document: SignedDocument, for role: DocumentRole
    ) throws(DocumentRefusal) {
        let threshold = roles[role]?.threshold ?? 1
        let valid = validSignatures(on: document, for: role)
        guard valid >= threshold else {
            throw .tooFewSignatures(valid: valid, threshold: threshold)
        }
    }
}

extension TrustRoot {
    /// - Throws: ``DocumentRefusal/unusablePayload(_:)``.
    package init(payload: [UInt8]) throws(DocumentRefusal) {
        guard let root = Self.parse(payload) else { throw .unusablePayload("trust root") }
        self = root
    }

    private static func parse(_ payload: [UInt8]) -> TrustRoot? {
        var reader = ByteReader(payload)
        guard reader.read(UInt8.self) == format, let keyCount = reader.read(UInt8.self),
            keyCount <= keyLimit
        else { return nil }
        var keys: [[UInt8]] = []
        for _ in 0..<keyCount {
            guard let key = reader.read(32) else { return nil }
            if let last = keys.last, !last.lexicographicallyPrecedes(key) { return nil }
            keys.append(key)
        }
        guard let roleCount = reader.read(UInt8.self) else { return nil }
        var roles: [DocumentRole: RoleKeys] = [:]
        var lastRole: UInt8 = 0
        for _ in 0..<roleCount {
            guard let number = reader.read(UInt8.self), number > lastRole,
                let threshold = reader.read(UInt8.self),
                let identifiers = readKeys(from: &reader, among: keys),
                let roleKeys = RoleKeys(keys: identifiers, threshold: Int(threshold))
            else { return nil }
            lastRole = number
            // A role that only newer software knows needs no keys here.
            if let role = DocumentRole(rawValue: number) { roles[role] = roleKeys }
        }
        guard reader.isAtEnd else { return nil }
        return TrustRoot(publicKeys: keys, roles: roles)
    }

    private static func readKeys(
        from reader: inout ByteReader, among keys: [[UInt8]]
    ) -> Set<DocumentKeyID>? {
        guard let count = reader.read(UInt8.self) else { return nil }
        var identifiers: Set<DocumentKeyID> = []
        var last = -1
        for _ in 0..<count {
            guard let index = reader.read(UInt8.self).map(Int.init), index > last,
                index < keys.count,
                let key = try? Curve25519.Signing.PublicKey(rawRepresentation: keys[index])
            else { return nil }
            last = index
            identifiers.insert(DocumentKeyID(ofPublicKey: key))
        }
        return identifiers
    }

    package func payload() -> [UInt8] {
        let keys = publicKeys.sorted { $0.value.lexicographicallyPrecedes($1.value) }
        var writer = ByteWriter()
        writer.write(Self.format)
        writer.write(UInt8(keys.count))
        for key in keys { writer.write(key.value) }
        writer.write(UInt8(roles.count))
        for (role, roleKeys) in roles.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            writer.write(role.rawValue)
            writer.write(UInt8(roleKeys.threshold))
            let indexes = keys.indices.filter { roleKeys.keys.contains(keys[$0].key) }
            writer.write(UInt8(indexes.count))
            for index in indexes { writer.write(UInt8(index)) }
        }
        return writer.bytes
    }
}

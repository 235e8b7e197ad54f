import Crypto
import SignedDocuments
import Testing
import TransitModel

/// A publisher in memory: keys, a trust root, and documents to order.
struct Publisher {
    static let scheme: SchemeID = "demo"
    static let issued = Timestamp(secondsSince1970: 1_790_000_000)
    static let expires = issued.advanced(by: .seconds(3_600))
    static let duringLife = issued.advanced(by: .seconds(60))
    static let afterExpiry = expires

    var rootSigners: [DocumentSigner]
    var onlineSigners: [DocumentSigner]
    var threshold = 1

    init(rootKeys: Int = 1, onlineKeys: Int = 1, threshold: Int = 1) {
        rootSigners = (0..<rootKeys).map { _ in DocumentSigner(key: .init()) }
        onlineSigners = (0..<onlineKeys).map { _ in DocumentSigner(key: .init()) }
        self.threshold = threshold
    }

    func trustRoot() throws -> TrustRoot {
        let rootKeys = try #require(
            TrustRoot.RoleKeys(keys: Set(rootSigners.map(\.keyID)), threshold: threshold))
        let onlineKeys = try #require(
            TrustRoot.RoleKeys(keys: Set(onlineSigners.map(\.keyID)), threshold: threshold))
        return try #require(
            TrustRoot(
                publicKeys: (rootSigners + onlineSigners).map(\.publicKey),
                roles: [.root: rootKeys, .denyList: onlineKeys, .configuration: onlineKeys]))
    }

    func root(version: UInt64 = 1, signedBy signers: [DocumentSigner]? = nil) throws -> [UInt8] {
        try document(
            .root, version: version, payload: trustRoot().payload(),
            signedBy: signers ?? rootSigners)
    }

    func denyList(version: UInt64, signedBy signers: [DocumentSigner]? = nil) throws -> [UInt8] {
        try document(
            .denyList, version: version, payload: Array("list \(version)".utf8),
            signedBy: signers ?? onlineSigners)
    }

    func document(
        _ role: DocumentRole, scheme: SchemeID = scheme, version: UInt64, payload: [UInt8],
        signedBy signers: [DocumentSigner]
    ) throws -> [UInt8] {
        let header = DocumentHeader(
            role: role, scheme: scheme, version: version, issuedAt: Self.issued,
            expiresAt: Self.expires)
        return try DocumentSigner.sign(header, payload: payload, with: signers).serialized()
    }

    func trusted() throws -> TrustedDocuments {
        try TrustedDocuments(root: root(), scheme: Self.scheme)
    }
}

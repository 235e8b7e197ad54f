import Crypto
import DenyListBuilder
import Foundation
import Logging
import PostgresClient
import ServiceLifecycle
import SignedDocuments
import Store
import TransitModel

/// Builds, signs and publishes what devices trust: the deny list and the configuration.
///
/// It looks at the start, whenever `kvytok_documents` or a new feed is notified, and every few minutes, and
/// publishes a new version when the content differs or half of the document's life is over.
/// Versions strictly rise, whichever process publishes.
package struct DocumentPublisher: Service {
    package struct Lifetimes: Sendable {
        package var denyList: Duration = .seconds(7 * 86_400)
        package var configuration: Duration = .seconds(30 * 86_400)

        package init() {}

        func of(_ role: DocumentRole) -> Duration {
            role == .denyList ? denyList : configuration
        }
    }

    private let scheme: SchemeID
    private let keys: GatewayKeys
    private let database: PostgresClient
    private let shelf: DocumentShelf
    private let configuration: @Sendable () async throws -> SchemeConfiguration
    private let lifetimes: Lifetimes
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger

    /// - Parameter configuration: What the scheme tells its devices now; asked at every look.
    package init(
        scheme: SchemeID, keys: GatewayKeys, database: PostgresClient, shelf: DocumentShelf,
        configuration: @escaping @Sendable () async throws -> SchemeConfiguration,
        lifetimes: Lifetimes = Lifetimes(),
        clock: @escaping @Sendable () -> Timestamp = GatewayClock.now,
        logger: Logger = Logger(label: "kvytok.documents")
    ) {
        self.scheme = scheme
        self.keys = keys
        self.database = database
        self.shelf = shelf
        self.configuration = configuration
        self.lifetimes = lifetimes
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in database.listen(to: [Channel.documents, Channel.feeds]) {
                        await publishOrReport()
                    }
                }
                group.addTask {
                    while (try? await Task.sleep(for: .seconds(300))) != nil {
                        await publishOrReport()
                    }
                }
            }
        }
    }

    private func publishOrReport() async {
        do {
            try await publish()
        } catch {
            logger.error("Documents were not published: \(error)")
        }
    }

    /// Publishes what has changed and brings the shelf up to date.
    package func publish() async throws {
        let now = clock()
        let configuration = try await configuration().payload()
        let published = try await database.withTransaction { connection in
            try DocumentStore.lock(on: connection)
            let denied = try DocumentStore.listDeniedKeys(on: connection)
            return [
                (DocumentRole.root, try publishRoot(on: connection)),
                (
                    .denyList,
                    try publish(
                        .denyList, content: Self.canonical(denied), at: now, on: connection
                    ) { version in
                        try DenyListBuilder.build(version: version, keys: denied)
                    }
                ),
                (
                    .configuration,
                    try publish(
                        .configuration, content: configuration, at: now, on: connection
                    ) { _ in configuration }
                ),
            ]
        }
        for (role, document) in published { shelf.place(document, as: role) }
    }

    private func publishRoot(
        on connection: isolated PostgresConnection
    ) throws -> DocumentStore.Published {
        let header = keys.trustRootHeader
        let name = DocumentRole.root.name
        if let newest = try DocumentStore.findNewest(role: name, on: connection),
            newest.version >= header.version
        {
            return newest
        }
        let document = DocumentStore.Published(
            version: header.version, bytes: keys.trustRoot,
            contentHash: Array(SHA256.hash(data: keys.trustRoot)), issuedAt: header.issuedAt,
            expiresAt: header.expiresAt)
        try DocumentStore.insert(document, role: name, on: connection)
        return document
    }

    private func publish(
        _ role: DocumentRole, content: [UInt8], at now: Timestamp,
        on connection: isolated PostgresConnection,
        payload: (_ version: UInt64) throws -> [UInt8]
    ) throws -> DocumentStore.Published {
        let contentHash = Array(SHA256.hash(data: content))
        let newest = try DocumentStore.findNewest(role: role.name, on: connection)
        if let newest, newest.contentHash == contentHash,
            now.elapsed(since: newest.issuedAt) < lifetimes.of(role) / 2,
            isSignedByUs(newest)
        {
            return newest
        }
        let version = (newest?.version ?? 0) + 1
        let header = DocumentHeader(
            role: role, scheme: scheme, version: version, issuedAt: now,
            expiresAt: now.advanced(by: lifetimes.of(role)))
        let document = DocumentStore.Published(
            version: version,
            bytes: try keys.documentSigner.sign(header, payload: try payload(version)),
            contentHash: contentHash, issuedAt: now, expiresAt: header.expiresAt)
        try DocumentStore.insert(document, role: role.name, on: connection)
        logger.info("Published \(role.name) \(version)")
        return document
    }

    /// A key that was replaced must sign anew although nothing else changed.
    private func isSignedByUs(_ document: DocumentStore.Published) -> Bool {
        let signed = try? SignedDocument(parsing: document.bytes)
        return signed?.signatures.contains { $0.key == keys.documentSigner.keyID } ?? false
    }

    /// The keys in their one order, so that equal lists have equal hashes.
    private static func canonical(_ keys: [MediaKey]) -> [UInt8] {
        keys.sorted().flatMap { key in
            [UInt8(key.generation.number >> 8), UInt8(key.generation.number & 0xFF)] + key.bytes
        }
    }
}

import DenyList
import DeviceGateway
import Foundation
import LocalStack
import PostgresClient
import SignedDocuments
import Store
import Synchronization
import Testing
import TransitModel

@Suite("Document publisher")
struct DocumentPublisherTests {
    private final class Town: Sendable {
        private struct State {
            var now = TestOffice.noon
            var window: UInt32 = 300
        }

        private let state = Mutex(State())

        var now: Timestamp {
            get { state.withLock { $0.now } }
            set { state.withLock { $0.now = newValue } }
        }

        var window: UInt32 {
            get { state.withLock { $0.window } }
            set { state.withLock { $0.window = newValue } }
        }

        func configuration() throws -> SchemeConfiguration {
            try #require(
                SchemeConfiguration(
                    scheme: TestOffice.scheme, timeZoneName: "Europe/Kyiv",
                    passbackWindowSeconds: window, defaultRiderCategory: "adult",
                    currency: .uah, displayedFares: ["adult": 1_500], issuerKeys: [:]))
        }
    }

    private let town = Town()
    private let shelf = DocumentShelf()
    private let database: PostgresClient
    private let publisher: DocumentPublisher

    init() async throws {
        database = PostgresClient(try await TestOffice.makeDatabase())
        let keys = try GatewayKeys.loadOrCreate(
            in: try ScratchFolder("keys").url, scheme: TestOffice.scheme, hosts: [],
            at: TestOffice.noon)
        publisher = DocumentPublisher(
            scheme: TestOffice.scheme, keys: keys, database: database, shelf: shelf,
            configuration: { [town] in try town.configuration() }, clock: { [town] in town.now })
    }

    private func version(_ role: DocumentRole) -> UInt64? { shelf.find(role, after: 0)?.version }

    private func media(_ filler: UInt8) throws -> MediaToken {
        try #require(MediaToken(bytes: Array(repeating: filler, count: 16)))
    }

    private func key(_ filler: UInt8) throws -> MediaKey {
        try #require(
            MediaKey(bytes: Array(repeating: filler, count: 16), generation: KeyGeneration(2)))
    }

    private func deny(_ filler: UInt8) async throws {
        let (token, key) = (try media(filler), try key(filler))
        try await database.withTransaction { connection in
            try connection.execute(
                """
                insert into vault.media (media_token, media_kind, generation, media_key)
                values (\(token), 1, 2, \(key.bytes))
                """)
            try DocumentStore.deny(token, reason: "lost", at: TestOffice.noon, on: connection)
        }
    }

    @Test("Nothing new gives no new version; a change of content does, and only there")
    func versions() async throws {
        try await publisher.publish()
        #expect(version(.denyList) == 1)
        #expect(version(.configuration) == 1)
        try await publisher.publish()
        #expect(version(.denyList) == 1)
        try await deny(5)
        try await publisher.publish()
        #expect(version(.denyList) == 2)
        #expect(version(.configuration) == 1)
        town.window = 600
        try await publisher.publish()
        #expect(version(.configuration) == 2)
        #expect(version(.denyList) == 2)
    }

    @Test("A denied medium is on the list by the key that devices compute, an allowed one not")
    func content() async throws {
        func list() async throws -> DenyList {
            try await publisher.publish()
            let document = try #require(shelf.find(.denyList, after: 0))
            return try DenyList(bytes: try SignedDocument(parsing: document.bytes).payload)
        }
        try await deny(5)
        try await deny(6)
        #expect(try await list().contains(try key(5)))
        #expect(try await list().contains(try key(7)) == false)
        let token = try media(5)
        try await database.withTransaction { try DocumentStore.allow(token, on: $0) }
        #expect(try await list().contains(try key(5)) == false)
        #expect(try await list().contains(try key(6)))
    }

    @Test("Half of its life later a document is issued again")
    func renewal() async throws {
        try await publisher.publish()
        town.now = TestOffice.noon.advanced(by: .seconds(3 * 86_400))
        try await publisher.publish()
        #expect(version(.denyList) == 1)
        town.now = TestOffice.noon.advanced(by: .seconds(4 * 86_400))
        try await publisher.publish()
        #expect(version(.denyList) == 2)
        #expect(version(.configuration) == 1)
    }

    @Test("Publishers that work at the same moment agree on one version")
    func atOnce() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 { group.addTask { [publisher] in try await publisher.publish() } }
            try await group.waitForAll()
        }
        let versions = try await database.query(
            "select version from signed_document where role = 'deny-list'"
        ).map { try $0.decode("version", as: Int64.self) }
        #expect(versions == [1])
    }
}

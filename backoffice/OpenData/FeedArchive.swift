import Feeds
import PostgresClient
import Store
import TransitModel

/// The zip file of the feed in force, as it was imported.
package protocol FeedArchive: Sendable {
    func fetchArchive(of feed: TariffID, sha256: [UInt8]) async throws -> [UInt8]
}

/// Archives in the database; the one asked for last stays in memory.
package actor StoredFeedArchive: FeedArchive {
    private let database: PostgresClient
    private var held: (sha256: [UInt8], bytes: [UInt8])?

    package init(_ database: PostgresClient) {
        self.database = database
    }

    package func fetchArchive(of feed: TariffID, sha256: [UInt8]) async throws -> [UInt8] {
        if let held, held.sha256 == sha256 { return held.bytes }
        let bytes = try await database.withConnection { connection in
            try FeedStore.fetchArchive(of: feed, sha256: sha256, on: connection)
        }
        held = (sha256, bytes)
        return bytes
    }
}

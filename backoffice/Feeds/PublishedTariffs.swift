import Fares
import PostgresClient
import Store
import TransitModel

/// The feeds in the database, compiled, and from when each is in force.
///
/// A version is read and compiled once; afterwards asking costs one small query.
package actor PublishedTariffs {
    package struct Period: Sendable {
        package let effectiveFrom: Timestamp
        package let feed: LoadedFeed
    }

    private struct Key: Hashable {
        let feed: TariffID
        let sha256: [UInt8]
    }

    private let database: PostgresClient
    private var compiled: [Key: LoadedFeed] = [:]

    package init(_ database: PostgresClient) {
        self.database = database
    }

    /// All periods by their beginning; empty before the first import.
    package func listPeriods() async throws -> [Period] {
        let periods = try await database.withConnection { connection in
            try FeedStore.listPeriods(on: connection)
        }
        var result: [Period] = []
        for period in periods {
            let key = Key(feed: period.feed, sha256: period.sha256)
            let feed: LoadedFeed
            if let known = compiled[key] {
                feed = known
            } else {
                feed = try await load(period)
                compiled[key] = feed
            }
            result.append(Period(effectiveFrom: period.effectiveFrom, feed: feed))
        }
        return result
    }

    private func load(_ period: FeedStore.Period) async throws -> LoadedFeed {
        let archive = try await database.withConnection { connection in
            try FeedStore.fetchArchive(of: period.feed, sha256: period.sha256, on: connection)
        }
        return try await FeedWork.run {
            let files = try FeedFiles(archive: archive, name: period.feed.rawValue)
            return try LoadedFeed(files, tariff: period.feed)
        }
    }
}

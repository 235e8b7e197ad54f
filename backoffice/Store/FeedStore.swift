import PostgresClient
import TransitModel

/// Published feeds and from when each is in force.
package enum FeedStore {
    /// One feed as it was imported.
    package struct Version: Hashable, Sendable {
        /// The feed that it is a version of; also the tariff's identifier.
        package let feed: TariffID
        /// Of all its files, by name and content.
        package let sha256: [UInt8]
        package let tariffVersion: String
        /// What the publisher calls it (`feed_info.feed_version`).
        package let publishedVersion: String?
        package let importedAt: Timestamp

        package init(
            feed: TariffID, sha256: [UInt8], tariffVersion: String, publishedVersion: String?,
            importedAt: Timestamp
        ) {
            self.feed = feed
            self.sha256 = sha256
            self.tariffVersion = tariffVersion
            self.publishedVersion = publishedVersion
            self.importedAt = importedAt
        }
    }

    /// From when a version is in force; it lasts until the next period begins.
    package struct Period: Hashable, Sendable {
        package let feed: TariffID
        package let effectiveFrom: Timestamp
        package let sha256: [UInt8]

        package init(feed: TariffID, effectiveFrom: Timestamp, sha256: [UInt8]) {
            self.feed = feed
            self.effectiveFrom = effectiveFrom
            self.sha256 = sha256
        }
    }

    /// Lets one importer at a time work until its transaction ends.
    package static func lock(on connection: isolated PostgresConnection) throws {
        try connection.run(script: "select pg_advisory_xact_lock(hashtext('kvytok feed_version'))")
    }

    /// - Returns: Whether the version is new.
    @discardableResult
    package static func insert(
        _ version: Version, archive: [UInt8], on connection: isolated PostgresConnection
    ) throws -> Bool {
        try connection.execute(
            """
            insert into feed_version
                (feed_id, sha256, tariff_version, published_version, archive, imported_at)
            values (\(version.feed), \(version.sha256), \(version.tariffVersion),
                \(version.publishedVersion), \(archive), \(version.importedAt))
            on conflict (feed_id, sha256) do nothing
            """) == 1
    }

    /// - Throws: A unique violation when another version begins at the same instant.
    package static func insert(
        _ period: Period, decidedAt: Timestamp, on connection: isolated PostgresConnection
    ) throws {
        try connection.execute(
            """
            insert into feed_period (feed_id, effective_from, sha256, decided_at)
            values (\(period.feed), \(period.effectiveFrom), \(period.sha256), \(decidedAt))
            """)
    }

    /// All periods by their beginning.
    package static func listPeriods(
        on connection: isolated PostgresConnection
    ) throws -> [Period] {
        try connection.query(
            """
            select feed_id, effective_from, sha256 from feed_period
            order by effective_from, feed_id
            """
        ).map { row in
            Period(
                feed: try row.decode("feed_id"), effectiveFrom: try row.decode("effective_from"),
                sha256: try row.decode("sha256"))
        }
    }

    /// The bytes of a version, a zip file, and when it was imported.
    package static func fetchVersion(
        of feed: TariffID, sha256: [UInt8], on connection: isolated PostgresConnection
    ) throws -> (archive: [UInt8], importedAt: Timestamp) {
        guard
            let row = try connection.query(
                """
                select archive, imported_at from feed_version
                where feed_id = \(feed) and sha256 = \(sha256)
                """
            ).first
        else { throw StoreFailure.unreadable(table: "feed_version") }
        return (try row.decode("archive"), try row.decode("imported_at"))
    }

    /// The bytes of a version, a zip file.
    package static func fetchArchive(
        of feed: TariffID, sha256: [UInt8], on connection: isolated PostgresConnection
    ) throws -> [UInt8] {
        try fetchVersion(of: feed, sha256: sha256, on: connection).archive
    }
}

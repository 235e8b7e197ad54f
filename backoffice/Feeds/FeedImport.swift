import Fares
import PostgresClient
import Store
import Timetable
import TransitModel

/// Why a sound feed was not put in force.
package enum FeedImportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The installation already prices by another feed.
    case otherFeed(TariffID)
    /// Another version begins at the same instant; what was in force stays in force.
    case instantTaken

    package var description: String {
        switch self {
        case .otherFeed(let feed):
            "this installation prices by the feed \"\(feed)\"; several feeds are not priced yet"
        case .instantTaken: "another version of the feed begins at that instant"
        }
    }
}

/// Puts a feed into the database and in force.
package struct FeedImport: Sendable {
    /// What came of it.
    package struct Outcome: Hashable, Sendable {
        package let feed: TariffID
        package let tariffVersion: String
        package let effectiveFrom: Timestamp
        /// `false` when the same feed was in force at that instant already.
        package let isNews: Bool
        /// What the feed lacks, and was imported without.
        package let gaps: [FeedGap]
    }

    private let database: PostgresClient

    package init(_ database: PostgresClient) {
        self.database = database
    }

    /// Checks a feed whole, timetable and fares, and then stores it. Importing it again changes
    /// nothing; a feed that is refused changes nothing either.
    ///
    /// - Parameters:
    ///   - feed: Which feed it is a version of; `nil` stands for the one that the installation
    ///     has, or for `firstFeed` when it has none.
    ///   - effectiveFrom: `nil` stands for the first day of a tariff that is to come, else for
    ///     `now`, and for a first feed for its first day, so that taps made before the import
    ///     have a price.
    package func run(
        _ files: FeedFiles, feed: TariffID?, firstFeed: TariffID, effectiveFrom: Timestamp?,
        now: Timestamp
    ) async throws -> Outcome {
        // Reading, compiling and packing take a while: not while others wait for the lock.
        let known = try await database.withConnection { connection in
            try FeedStore.listPeriods(on: connection).first?.feed
        }
        let id = feed ?? known ?? firstFeed
        let (loaded, gaps, archive) = try await FeedWork.run {
            let loaded = try LoadedFeed(files, tariff: id)
            let schedule = try Schedule(files: files.contents)
            let today = loaded.zone.local(now, as: ServiceDate.self).date
            let gaps = schedule.gaps + schedule.calendarGap(on: today) + loaded.fareGaps
            return (loaded, gaps, try files.archive())
        }
        return try await database.withTransaction { connection in
            try FeedStore.lock(on: connection)
            let periods = try FeedStore.listPeriods(on: connection)
            if let other = periods.first(where: { $0.feed != id }) {
                throw FeedImportError.otherFeed(other.feed)
            }
            let coming = loaded.tariffStart.flatMap { $0 > now ? $0 : nil }
            let start =
                effectiveFrom ?? coming ?? (periods.isEmpty ? loaded.firstInstant : nil) ?? now
            let period = FeedStore.Period(feed: id, effectiveFrom: start, sha256: files.sha256)
            let inForce = periods.last { $0.effectiveFrom <= start }
            let outcome = Outcome(
                feed: id, tariffVersion: loaded.tariffVersion, effectiveFrom: start,
                isNews: inForce?.sha256 != period.sha256, gaps: gaps)
            guard outcome.isNews else { return outcome }
            guard inForce?.effectiveFrom != start else { throw FeedImportError.instantTaken }
            try FeedStore.insert(
                FeedStore.Version(
                    feed: id, sha256: period.sha256, tariffVersion: loaded.tariffVersion,
                    publishedVersion: loaded.tables.feedInfo?.version, importedAt: now),
                archive: archive, on: connection)
            try FeedStore.insert(period, decidedAt: now, on: connection)
            try connection.notify(Channel.feeds)
            return outcome
        }
    }
}

extension Schedule {
    /// A calendar that is over is no mistake of the feed, and no use either.
    fileprivate func calendarGap(on today: ServiceDate) -> [FeedGap] {
        guard let last = calendar.dates?.upperBound, last < today else { return [] }
        return [.calendarOver(lastDate: last)]
    }
}

extension LoadedFeed {
    /// Midnight at which the feed's first day begins, if it says when that is.
    var firstInstant: Timestamp? {
        tables.feedInfo?.startDate.map { zone.instant(ofDay: $0.daysSince1970, second: 0) }
    }

    /// When the tariff's first fare day begins, if it says when that is.
    var tariffStart: Timestamp? {
        guard let tariff = tariffExtension?.tariff, let day = tariff.effectiveFrom else {
            return nil
        }
        return zone.instant(ofDay: day.daysSince1970, second: tariff.fareDayStart)
    }
}

extension ZoneOffsets {
    /// When a clock on the wall shows a time of a day.
    fileprivate func instant(ofDay day: Int, second: Int) -> Timestamp {
        let local = Int64(day) * 86_400 + Int64(second)
        let guess = offsetSeconds(at: Timestamp(secondsSince1970: local))
        let offset = offsetSeconds(at: Timestamp(secondsSince1970: local - Int64(guess)))
        return Timestamp(secondsSince1970: local - Int64(offset))
    }
}

import Fares
import Feeds
import Foundation
import LocalStack
import PostgresClient
import Store
import Testing
import Timetable
import TransitModel

@Suite("Importing a feed")
struct FeedImportTests {
    private static let now = Timestamp(secondsSince1970: 1_795_000_000)

    private func database() async throws -> PostgresClient {
        let url = try await TestDatabase.make(like: "migrated") { url in
            let client = PostgresClient(url)
            try await Migrator().migrate(client)
            await client.close()
        }
        return PostgresClient(url, connectionLimit: 4)
    }

    private func demoTown() throws -> FeedFiles {
        try FeedFiles(path: Checkout.path("simulations/feeds/demo-town"))
    }

    /// The demonstration town with another single fare.
    private func demoTown(single: String) throws -> FeedFiles {
        let folder = try ScratchFolder("feed")
        for (file, bytes) in try demoTown().contents {
            var text = String(decoding: bytes, as: UTF8.self)
            if file == "fare_products.txt" {
                text = text.replacing("15.00", with: single)
            }
            try Data(text.utf8).write(to: folder.url.appending(path: file))
        }
        return try FeedFiles(path: folder.path)
    }

    private func run(
        _ files: FeedFiles, on database: PostgresClient, feed: TariffID? = nil,
        from effectiveFrom: Timestamp? = nil, now: Timestamp = now
    ) async throws -> FeedImport.Outcome {
        try await FeedImport(database).run(
            files, feed: feed, firstFeed: "demo-town", effectiveFrom: effectiveFrom, now: now)
    }

    @Test("The first feed is in force from its first day, and again changes nothing")
    func first() async throws {
        let database = try await database()
        let published = PublishedTariffs(database)
        #expect(try await published.listPeriods().isEmpty)

        let outcome = try await run(demoTown(), on: database)
        #expect(outcome.isNews)
        #expect(outcome.feed == "demo-town")
        #expect(outcome.effectiveFrom.rfc3339 == "2025-12-31T22:00:00Z")
        #expect(try await !run(demoTown(), on: database).isNews)

        let periods = try await published.listPeriods()
        #expect(periods.map(\.effectiveFrom) == [outcome.effectiveFrom])
        #expect(periods.first?.feed.tariffVersion == outcome.tariffVersion)
        #expect(try periods.first?.feed.tariff.version == outcome.tariffVersion)
        #expect(periods.first?.feed.tables.trips.count == 455)
        await database.close()
    }

    @Test("A tariff in a folder of its own takes effect on its first fare day, not before")
    func comingTariff() async throws {
        let database = try await database()
        _ = try await run(demoTown(), on: database)
        let folder = try ScratchFolder("tariff")
        for (file, rows) in [
            "tariff": "tariff_id,tariff_version,effective_from,fare_day_start\n"
                + "yavirsk,2027-1,20270101,04:00:00",
            "fare_products": "fare_product_id,amount,currency\nsingle,18.00,UAH",
            "fare_leg_rules": "network_id,fare_product_id\nurban,single",
            "fare_caps": "cap_id,window,amount,currency\nday,day,50.00,UAH",
        ] {
            try Data(rows.utf8).write(to: folder.url.appending(path: "\(file).txt"))
        }
        let coming = try demoTown().under(tariffAt: folder.path)
        let outcome = try await run(coming, on: database)
        #expect(outcome.isNews && outcome.effectiveFrom.rfc3339 == "2027-01-01T02:00:00Z")
        #expect(outcome.tariffVersion.hasPrefix("2027-1/"))
        #expect(try await !run(coming, on: database).isNews)
        let periods = try await PublishedTariffs(database).listPeriods()
        #expect(periods.count == 2)
        #expect(try periods.map { try $0.feed.tariff.fareDayStart } == [0, 14_400])
        #expect(throws: FeedFileError.self) {
            try demoTown().under(tariffAt: folder.path + "/nowhere")
        }
        try Data("x".utf8).write(to: folder.url.appending(path: "stops.txt"))
        #expect(throws: FeedFileError.self) { try demoTown().under(tariffAt: folder.path) }
        await database.close()
    }

    @Test("A new version is in force from now on; the earlier one stays for earlier rides")
    func second() async throws {
        let database = try await database()
        try await _ = run(demoTown(), on: database)
        let outcome = try await run(demoTown(single: "18.00"), on: database)
        #expect(outcome.effectiveFrom == Self.now)
        let published = PublishedTariffs(database)
        let versions = try await published.listPeriods().map(\.feed.tariffVersion)
        #expect(versions.count == 2 && versions[0] != versions[1])

        let back = try await run(
            demoTown(), on: database, from: Self.now.advanced(by: .seconds(60)))
        #expect(back.isNews)
        #expect(try await published.listPeriods().map(\.feed.tariffVersion).last == versions[0])
        await database.close()
    }

    @Test("Two versions cannot begin at one instant, and a second feed is refused")
    func conflicts() async throws {
        let database = try await database()
        try await _ = run(demoTown(), on: database, from: Self.now)
        await #expect(throws: FeedImportError.instantTaken) {
            try await run(demoTown(single: "18.00"), on: database, from: Self.now)
        }
        await #expect(throws: FeedImportError.otherFeed("demo-town")) {
            try await run(demoTown(), on: database, feed: "other")
        }
        await database.close()
    }

    @Test("A feed with a mistake leaves what is in force as it was")
    func mistake() async throws {
        let database = try await database()
        try await _ = run(demoTown(), on: database)
        await #expect(throws: FeedError.self) {
            try await run(demoTown(single: "18,00"), on: database)
        }
        let published = PublishedTariffs(database)
        #expect(try await published.listPeriods().count == 1)
        await database.close()
    }
}

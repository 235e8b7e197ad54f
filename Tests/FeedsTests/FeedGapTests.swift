import Fares
import Feeds
import Foundation
import LocalStack
import PostgresClient
import Store
import Testing
import Timetable
import TransitModel

@Suite("Feeds that lack something")
struct FeedGapTests {
    private static let now = Timestamp(secondsSince1970: 1_795_000_000)
    private static let feeds = Checkout.path("../shared/data/gtfs")
    private static let recordings = Checkout.path("../shared/data/avl")
    private static let isPresent = FileManager.default.fileExists(atPath: feeds)

    private func database() async throws -> PostgresClient {
        let url = try await TestDatabase.make(like: "migrated") { url in
            let client = PostgresClient(url)
            try await Migrator().migrate(client)
            await client.close()
        }
        return PostgresClient(url, connectionLimit: 4)
    }

    private func run(
        _ files: FeedFiles, on database: PostgresClient
    ) async throws -> FeedImport.Outcome {
        try await FeedImport(database).run(
            files, feed: nil, firstFeed: "town", effectiveFrom: Self.now, now: Self.now)
    }

    /// The demonstration town without some files, or with others.
    private func demoTown(_ changes: [String: String?]) throws -> FeedFiles {
        let folder = try ScratchFolder("feed")
        let original = try FeedFiles(path: Checkout.path("simulations/feeds/demo-town"))
        for (file, bytes) in original.contents where changes[file] == nil {
            try Data(bytes).write(to: folder.url.appending(path: file))
        }
        for case (let file, let text?) in changes {
            try Data(text.utf8).write(to: folder.url.appending(path: file))
        }
        return try FeedFiles(path: folder.path)
    }

    @Test("The demonstration town lacks no fares and no timetable")
    func demoTown() async throws {
        let database = try await database()
        let codes = try await run(demoTown([:]), on: database).gaps.map(\.code)
        #expect(!codes.contains("no_fares") && !codes.contains("no_timetable"))
        #expect(!codes.contains("no_calendar"))
        await database.close()
    }

    @Test(
        "Without shapes, calendar or fares it is imported, and says so",
        arguments: [
            (["shapes.txt"], "no_shapes"), (["calendar.txt", "calendar_dates.txt"], "no_calendar"),
            (["fare_leg_rules.txt", "fare_transfer_rules.txt"], "no_fares"),
        ])
    func missing(files: [String], code: String) async throws {
        let database = try await database()
        let changes = Dictionary(uniqueKeysWithValues: files.map { ($0, String?.none) })
        let outcome = try await run(demoTown(changes), on: database)
        #expect(outcome.isNews)
        #expect(outcome.gaps.map(\.code).contains(code))
        let published = try await PublishedTariffs(database).listPeriods()
        #expect(published.count == 1)
        #expect((try? published.first?.feed.tariff) == nil ? code == "no_fares" : true)
        await database.close()
    }

    @Test(
        "What is wrong is refused by file, line and field, and nothing of it is kept",
        arguments: [
            ("stop_times.txt", "stop_times.txt:2: trip_id: \"t\" is not in trips.trip_id"),
            ("shapes.txt", "shapes.txt:2: shape_pt_lat: \"north\" is not a latitude in degrees"),
            ("calendar.txt", "calendar.txt:2: monday: a value is required"),
            (
                "fare_transfer_rules.txt",
                "fare_transfer_rules.txt:1: fare_transfer_type: the header lacks this field"
            ),
        ])
    func wrong(file: String, message: String) async throws {
        let texts = [
            "stop_times.txt":
                "trip_id,stop_sequence,stop_id,arrival_time,departure_time\nt,1,x,1:00:00,1:00:00\n",
            "shapes.txt": "shape_id,shape_pt_sequence,shape_pt_lat,shape_pt_lon\ns,1,north,30\n",
            "calendar.txt":
                "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,"
                + "end_date\nd,,1,1,1,1,1,1,20260101,20261231\n",
            "fare_transfer_rules.txt": "from_leg_group_id\nx\n",
        ]
        let database = try await database()
        let error = await #expect(throws: FeedError.self) {
            try await run(demoTown([file: texts[file]]), on: database)
        }
        #expect(error?.description == message)
        for table in ["feed_version", "feed_period"] {
            let rows = try await database.query("select 1 as one from \(unescaped: table)")
            #expect(rows.isEmpty)
        }
        await database.close()
    }

    @Test(
        "Feeds as agencies publish them are imported",
        .enabled(if: isPresent, "../shared/data/gtfs is absent"),
        arguments: [
            (
                "cairns_gtfs", 1_339,
                ["trips_without_block", "calls_far_from_shape", "calendar_over", "no_fares"]
            ),
            ("transcollines-qc-ca-fares", 58, ["calendar_over"]),
            ("zakroczym_pl_faresv2", 48, ["trips_without_block", "calls_far_from_shape"]),
        ])
    func real(name: String, trips: Int, gaps: [String]) async throws {
        let database = try await database()
        let outcome = try await run(
            FeedFiles(path: "\(Self.feeds)/\(name).zip"), on: database)
        #expect(outcome.gaps.map(\.code) == gaps)
        let book = ScheduleBook(database, clock: { Self.now })
        try await book.refresh()
        let schedule = try #require(book.snapshot?.current.schedule)
        #expect(schedule.trips.count == trips)
        // Every trip runs along its line, forwards.
        for trip in schedule.trips.indices {
            let calls = schedule.calls(of: trip)
            #expect(calls.count >= 2 && schedule.trips[trip].shape != nil)
            #expect(
                zip(calls, calls.dropFirst()).allSatisfy {
                    $0.departure <= $1.arrival && $0.distanceMetres <= $1.distanceMetres
                })
        }
        await database.close()
    }

    @Test(
        "A large feed is read in well under a second",
        .enabled(
            if: FileManager.default.fileExists(atPath: recordings),
            "../shared/data/avl is absent"))
    func large() throws {
        let files = try FeedFiles(path: "\(Self.recordings)/wmata_2026-02-16_gtfs.zip")
        var schedule: Schedule?
        let elapsed = try ContinuousClock().measure {
            schedule = try Schedule(files: files.contents)
        }
        #expect(schedule?.trips.count == 4_167)
        // 232,187 stop times take 0.12 s on a quiet machine; tests run on busy ones.
        #expect(elapsed < .seconds(5))
    }
}

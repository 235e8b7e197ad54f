import Feeds
import Foundation
import LocalStack
import PostgresClient
import Store
import Synchronization
import Testing
import Timetable
import TransitModel

/// A clock that a test moves.
final class HeldClock: Sendable {
    private let instant: Mutex<Timestamp>

    init(_ instant: Timestamp) {
        self.instant = Mutex(instant)
    }

    var now: Timestamp { instant.withLock { $0 } }
    func move(by span: Duration) { instant.withLock { $0 = $0.advanced(by: span) } }
}

/// What a book reported.
final class Reports: Sendable {
    private let events = Mutex<[String]>([])

    var all: [String] { events.withLock { $0 } }

    @Sendable
    func note(_ event: ScheduleBook.Event) {
        let text =
            switch event {
            case .loaded(let snapshot): "loaded \(snapshot.current.schedule.trips.count)"
            case .refused(_, let reason): "refused \(reason)"
            case .unreachable: "unreachable"
            }
        events.withLock { $0.append(text) }
    }
}

@Suite("The timetable in force")
struct ScheduleBookTests {
    static let start = Timestamp(secondsSince1970: 1_795_000_000)

    private func database() async throws -> PostgresClient {
        let url = try await TestDatabase.make(like: "migrated") { url in
            let client = PostgresClient(url)
            try await Migrator().migrate(client)
            await client.close()
        }
        return PostgresClient(url, connectionLimit: 4)
    }

    /// A town whose tram runs so many trips, with a prefix on their names.
    static func town(trips: Int, prefix: String = "t") throws -> FeedFiles {
        var tripText = "trip_id,route_id,service_id,shape_id,block_id\n"
        var times = "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n"
        for trip in 0..<trips {
            let hour = 6 + trip % 16
            tripText += "\(prefix)\(trip),r,d,s,b\(trip)\n"
            times += "\(prefix)\(trip),1,A,\(hour):00:00,\(hour):00:00\n"
            times += "\(prefix)\(trip),2,B,\(hour):10:00,\(hour):10:00\n"
        }
        let folder = try ScratchFolder("feed")
        for (file, text) in [
            "agency.txt": "agency_name,agency_url,agency_timezone\nT,https://t.ua,Europe/Kyiv\n",
            "routes.txt": "route_id,route_short_name,route_type\nr,7,0\n",
            "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,A,50.4,30.5\nB,B,50.42,30.5\n",
            "shapes.txt": """
            shape_id,shape_pt_sequence,shape_pt_lat,shape_pt_lon
            s,1,50.40,30.5
            s,2,50.42,30.5
            """,
            "calendar.txt": """
            service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date
            d,1,1,1,1,1,1,1,20260101,20271231
            """,
            "trips.txt": tripText, "stop_times.txt": times,
        ] {
            try Data(text.utf8).write(to: folder.url.appending(path: file))
        }
        return try FeedFiles(path: folder.path)
    }

    private func publish(
        _ files: FeedFiles, to database: PostgresClient, from: Timestamp
    ) async throws {
        _ = try await FeedImport(database).run(
            files, feed: nil, firstFeed: "town", effectiveFrom: from, now: from)
    }

    @Test("Nothing, then the first feed, then the next one whole")
    func follows() async throws {
        let database = try await database()
        let clock = HeldClock(Self.start)
        let book = ScheduleBook(database, clock: { clock.now })
        try await book.refresh()
        #expect(book.snapshot == nil)

        try await publish(Self.town(trips: 3), to: database, from: Self.start)
        try await book.refresh()
        let first = try #require(book.snapshot)
        #expect(first.current.schedule.trips.count == 3)
        #expect(first.current.zone.name == "Europe/Kyiv")
        #expect(first.previous == nil)

        let later = Self.start.advanced(by: .seconds(3_600))
        try await publish(Self.town(trips: 5), to: database, from: later)
        try await book.refresh()
        #expect(book.snapshot?.current.schedule.trips.count == 3, "It begins in an hour")
        clock.move(by: .seconds(3_600))
        try await book.refresh()
        #expect(book.snapshot?.current.schedule.trips.count == 5)
        #expect(book.snapshot?.previous?.sha256 == first.current.sha256)
        await database.close()
    }

    @Test("A vehicle on a trip of the feed before keeps its trip, for a day")
    func runningVehicles() async throws {
        let database = try await database()
        let clock = HeldClock(Self.start)
        let book = ScheduleBook(database, clock: { clock.now })
        try await publish(
            Self.town(trips: 4, prefix: "old"), to: database,
            from: Self.start.advanced(by: .seconds(-86_400)))
        try await book.refresh()
        try await publish(Self.town(trips: 4, prefix: "new"), to: database, from: Self.start)
        try await book.refresh()

        let snapshot = try #require(book.snapshot)
        let old = try #require(snapshot.findTrip("old2"))
        let new = try #require(snapshot.findTrip("new2"))
        #expect(old.loaded.sha256 == snapshot.previous?.sha256)
        #expect(new.loaded.sha256 == snapshot.current.sha256)
        let trip = old.loaded.schedule.trips[old.trip]
        #expect(old.loaded.schedule.routes[trip.route].name == "7")
        #expect(trip.shape != nil && old.loaded.schedule.calls(of: old.trip).count == 2)
        #expect(snapshot.findRoute("r")?.loaded.sha256 == snapshot.current.sha256)
        #expect(snapshot.findTrip("never") == nil)

        // The same after a start of the back office.
        let restarted = ScheduleBook(database, clock: { clock.now })
        try await restarted.refresh()
        #expect(restarted.snapshot?.findTrip("old2") != nil)

        clock.move(by: ScheduleBook.overlap)
        try await book.refresh()
        #expect(book.snapshot?.findTrip("old2") == nil)
        #expect(book.snapshot?.findTrip("new2") != nil)
        await database.close()
    }

    @Test("A published feed that cannot be read leaves the old in force, also after a start")
    func broken() async throws {
        let database = try await database()
        let reports = Reports()
        let clock = HeldClock(Self.start)
        let book = ScheduleBook(database, clock: { clock.now })
        let broken = [UInt8](repeating: 9, count: 32)
        try await publish(Self.town(trips: 3), to: database, from: Self.start)
        try await book.refresh(report: reports.note)
        try await database.withTransaction { connection in
            try FeedStore.insert(
                FeedStore.Version(
                    feed: "town", sha256: broken, tariffVersion: "x", publishedVersion: nil,
                    importedAt: Self.start),
                archive: Array("no zip file at all".utf8), on: connection)
            try FeedStore.insert(
                FeedStore.Period(
                    feed: "town", effectiveFrom: Self.start.advanced(by: .seconds(60)),
                    sha256: broken),
                decidedAt: Self.start, on: connection)
        }
        clock.move(by: .seconds(60))
        try await book.refresh(report: reports.note)
        try await book.refresh(report: reports.note)
        #expect(book.snapshot?.current.schedule.trips.count == 3)
        #expect(reports.all.count == 2, "It is tried once: \(reports.all)")
        #expect(reports.all.last?.hasPrefix("refused town:") == true)

        let restarted = ScheduleBook(database, clock: { clock.now })
        try await restarted.refresh()
        #expect(restarted.snapshot?.current.schedule.trips.count == 3)
        await database.close()
    }

    @Test("Who follows hears of every change at once, by the database's bell")
    func bell() async throws {
        let database = try await database()
        let book = ScheduleBook(database, clock: { Self.start.advanced(by: .seconds(60)) })
        try await withThrowingTaskGroup { group in
            group.addTask { await book.run { _ in } }
            var snapshots = book.snapshots().makeAsyncIterator()
            try await publish(Self.town(trips: 2), to: database, from: Self.start)
            let first = try #require(await snapshots.next())
            #expect(first.current.schedule.trips.count == 2)
            try await publish(
                Self.town(trips: 6), to: database, from: Self.start.advanced(by: .seconds(1)))
            let second = try #require(await snapshots.next())
            #expect(second.current.schedule.trips.count == 6)
            var late = book.snapshots().makeAsyncIterator()
            #expect(await late.next()?.version == second.version)
            group.cancelAll()
        }
        await database.close()
    }

    @Test("Readers see whole snapshots while feeds change under them")
    func whole() async throws {
        let database = try await database()
        let clock = HeldClock(Self.start)
        let book = ScheduleBook(database, clock: { clock.now })
        try await withThrowingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    if let snapshot = book.snapshot {
                        let schedule = snapshot.current.schedule
                        for trip in schedule.trips.indices {
                            #expect(schedule.calls(of: trip).count == 2)
                        }
                    }
                    await Task.yield()
                }
            }
            for version in 1...5 {
                try await publish(Self.town(trips: version * 40), to: database, from: clock.now)
                try await book.refresh()
                clock.move(by: .seconds(1))
                #expect(book.snapshot?.current.schedule.trips.count == version * 40)
            }
            group.cancelAll()
        }
        await database.close()
    }
}

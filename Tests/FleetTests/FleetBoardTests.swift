import Fleet
import LocalStack
import Logging
import PostgresClient
import Store
import Synchronization
import Testing
import TransitModel

@Suite("Fleet board")
struct FleetBoardTests {
    private static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let pace = FleetBoard.Pace(
        rest: .milliseconds(50), beat: .milliseconds(300), thorough: .seconds(30))

    private static func board(
        _ database: PostgresClient, _ clock: StandingClock = StandingClock()
    ) -> FleetBoard {
        FleetBoard(
            database: database, pace: pace, logger: silence, clock: { clock.now },
            timetable: { LetterTimetable() })
    }

    private static func write(_ batch: FleetBatch, to database: PostgresClient) async throws {
        try await database.withTransaction { connection in
            try FleetStore.write(batch, on: connection)
        }
    }

    @Test("What a gateway of another process wrote is there at the start and follows at once")
    func anotherProcess() async throws {
        let database = try await Sample.database()
        try await Self.write(
            FleetBatch(
                states: [Sample.received("a"), Sample.received("b")],
                health: [Sample.health("b", journalIsSound: false)]), to: database)
        let board = Self.board(database)
        let snapshot = try await board.snapshot()
        #expect(snapshot.vehicles.map(\.id) == ["a", "b"])
        #expect(snapshot.vehicles.map(\.needsAttention) == [false, true])
        try await whileRunning({ try await board.run() }) {
            let watch = try #require(await board.watch())
            var changes = watch.makeAsyncIterator()
            #expect(await changes.next()?.vehicles.map(\.id) == ["a", "b"])
            try await Self.write(
                FleetBatch(states: [Sample.received("b", second: 1)]), to: database)
            while let change = await changes.next() {
                #expect(!change.isWhole)
                if change.vehicles.isEmpty { continue }
                #expect(
                    change.vehicles.map(\.location) == [Sample.received("b", second: 1).location])
                break
            }
        }
        await database.close()
    }

    @Test("A reader that sleeps loses nothing")
    func slowReader() async throws {
        let database = try await Sample.database()
        let board = Self.board(database)
        try await whileRunning({ try await board.run() }) {
            let watch = try #require(await board.watch())
            var changes = watch.makeAsyncIterator()
            #expect(await changes.next()?.vehicles.isEmpty == true)
            let names = (1...9).map { VehicleID("v\($0)") }
            for name in names {
                try await Self.write(FleetBatch(states: [Sample.received(name)]), to: database)
            }
            try await eventually("the board knows all") {
                try await board.snapshot().vehicles.count == names.count
            }
            var seen: Set<VehicleID> = []
            while seen.count < names.count, let change = await changes.next() {
                seen.formUnion(change.vehicles.map(\.id))
            }
            #expect(seen == Set(names))
        }
        await database.close()
    }

    @Test("The database is not asked while nobody looks, and once however many do")
    func economy() async throws {
        let looks = Mutex(0)
        let (signals, bell) = AsyncStream<Void>.makeStream()
        let clock = StandingClock()
        let board = FleetBoard(
            pace: FleetBoard.Pace(rest: .milliseconds(1), beat: .seconds(60)),
            logger: Self.silence, clock: { clock.now }, timetable: { nil },
            signals: { signals },
            load: { _ in
                looks.withLock { $0 += 1 }
                return FleetReading(states: [], updatedAt: nil, health: nil)
            })
        try await whileRunning({ try await board.run() }) {
            for _ in 0..<50 { bell.yield() }
            let watches = try await withThrowingTaskGroup(of: FleetWatch?.self) { group in
                for _ in 0..<100 { group.addTask { await board.watch() } }
                var watches: [FleetWatch] = []
                for try await watch in group { if let watch { watches.append(watch) } }
                return watches
            }
            #expect(watches.count == 100)
            for watch in watches {
                var changes = watch.makeAsyncIterator()
                #expect(await changes.next()?.isWhole == true)
            }
            #expect(looks.withLock { $0 } < 110)
        }
        // A snapshot costs a look only when the last one has aged.
        let before = looks.withLock { $0 }
        clock.advance(by: .seconds(2))
        for _ in 0..<20 { _ = try await board.snapshot() }
        #expect(looks.withLock { $0 } == before + 1)
    }

    @Test("A database that is away leaves what is known, and needs no restart")
    func databaseAway() async throws {
        let isAway = Mutex(false)
        let clock = StandingClock()
        let board = FleetBoard(
            pace: Self.pace, logger: Self.silence, clock: { clock.now },
            timetable: { LetterTimetable() }, signals: { AsyncStream { _ in } },
            load: { _ in
                if isAway.withLock({ $0 }) { throw CancellationError() }
                return FleetReading(
                    states: [Sample.received("a")], updatedAt: Sample.noon, health: [])
            })
        #expect(try await board.snapshot().vehicles.count == 1)
        isAway.withLock { $0 = true }
        clock.advance(by: .seconds(5))
        await #expect(throws: CancellationError.self) { try await board.snapshot() }
        isAway.withLock { $0 = false }
        #expect(try await board.find("a")?.status == .onRoute)
    }
}

import Console
import Logging
import ServiceLifecycle
import Store
import Synchronization
import Testing
import TransitModel

@Suite("The board of the day")
struct TodayBoardTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func state(taps: Int) -> TodayState {
        var readings = FakeReadings()
        readings.day = TodayReading(
            date: ServiceDate(daysSince1970: 20_779), acceptedTaps: Int64(taps), refusals: [],
            charges: 0, revenue: .zero(.uah), unpricedTaps: 0, latestCharges: [])
        return TodayState(
            day: readings.day,
            books: BooksCheck(
                books: readings.books(), checkedAt: Timestamp(secondsSince1970: 0)))
    }

    @Test("A watcher gets the state at once, then after each signal, until the program ends")
    func publishes() async throws {
        let loads = Mutex(0)
        let (signals, source) = AsyncStream<Void>.makeStream()
        let board = TodayBoard(
            pace: .init(rest: .zero, beat: .seconds(3_600)), logger: Self.logger,
            signals: { signals },
            load: {
                Self.state(
                    taps: loads.withLock {
                        $0 += 1; return $0
                    })
            })
        try await withThrowingTaskGroup { group in
            group.addTask { try await board.run() }
            let watched = try #require(await board.watch())
            var states = watched.makeAsyncIterator()
            #expect(await states.next()?.day.acceptedTaps == 1)
            source.yield()
            #expect(await states.next()?.day.acceptedTaps == 2)
            source.finish()
            while await states.next() != nil {}
            #expect(await board.watch() == nil)
            try await group.waitForAll()
        }
    }

    @Test("A failed reading is passed over; the next one is shown")
    func survivesFailure() async throws {
        struct Away: Error {}
        let loads = Mutex(0)
        let (signals, source) = AsyncStream<Void>.makeStream()
        let board = TodayBoard(
            pace: .init(rest: .zero, beat: .milliseconds(1)), logger: Self.logger,
            signals: { signals },
            load: {
                let count = loads.withLock {
                    $0 += 1; return $0
                }
                guard count > 3 else { throw Away() }
                return Self.state(taps: count)
            })
        try await withThrowingTaskGroup { group in
            group.addTask { try await board.run() }
            let watched = try #require(await board.watch())
            var states = watched.makeAsyncIterator()
            let first = try #require(await states.next())
            #expect(first.day.acceptedTaps >= 4)
            source.finish()
            try await group.waitForAll()
        }
    }

    @Test("Books are compared again only after a rest")
    func booksRest() async throws {
        struct Counting: BookReadings {
            let count: Counter
            func books() async throws -> Books {
                await count.add()
                return FakeReadings().standing
            }
        }
        actor Counter {
            var value = 0
            func add() { value += 1 }
        }
        let (clock, counter) = (TestClock(), Counter())
        let watch = BooksWatch(
            readings: Counting(count: counter), shortestRest: .seconds(5), clock: { clock.now })
        _ = try await watch.check()
        _ = try await watch.check()
        #expect(await counter.value == 1)
        clock.advance(by: .seconds(5))
        #expect(try await watch.check().checkedAt == clock.now)
        #expect(await counter.value == 2)
    }
}

import LiveReadings
import Logging
import Synchronization
import Testing

@Suite("Live readings")
struct LiveReadingsTests {
    private struct Away: Error {}

    /// Counts how often it was read; some of the first readings may fail.
    private final class Source: Sendable {
        private let count = Mutex(0)
        private let failures: Int

        init(failures: Int = 0) {
            self.failures = failures
        }

        var readings: Int { count.withLock { $0 } }

        func read() throws -> Int {
            let number = count.withLock { count -> Int in
                count += 1
                return count
            }
            if number <= failures { throw Away() }
            return number
        }
    }

    private static func make(
        _ source: Source, beat: Duration = .seconds(3_600), watcherLimit: Int = 256
    ) -> (live: LiveReadings<Int>, signals: AsyncStream<Void>.Continuation) {
        let (signals, bell) = AsyncStream<Void>.makeStream()
        let live = LiveReadings(
            "numbers", pace: LivePace(rest: .zero, beat: beat), watcherLimit: watcherLimit,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            signals: { signals }, load: { try source.read() })
        return (live, bell)
    }

    @Test("A watcher gets a reading at once, then one after each signal, until the program ends")
    func publishes() async throws {
        let (live, signals) = Self.make(Source())
        try await withThrowingTaskGroup { group in
            group.addTask { try await live.run() }
            var readings = try #require(await live.watch()).makeAsyncIterator()
            #expect(await readings.next() == 1)
            signals.yield()
            #expect(await readings.next() == 2)
            signals.finish()
            while await readings.next() != nil {}
            #expect(await live.watch() == nil)
            try await group.waitForAll()
        }
    }

    @Test("A failed reading is passed over; the next one is shown")
    func survivesFailure() async throws {
        let (live, signals) = Self.make(Source(failures: 3), beat: .milliseconds(1))
        try await withThrowingTaskGroup { group in
            group.addTask { try await live.run() }
            var readings = try #require(await live.watch()).makeAsyncIterator()
            #expect(try #require(await readings.next()) >= 4)
            signals.finish()
            try await group.waitForAll()
        }
    }

    @Test("However many watch, one reading serves them all; more than the limit are turned away")
    func sharesReadings() async throws {
        let source = Source()
        let (live, signals) = Self.make(source, watcherLimit: 3)
        var watchers: [AsyncStream<Int>] = []
        for _ in 1...3 { watchers.append(try #require(await live.watch())) }
        #expect(await live.watch() == nil)
        try await withThrowingTaskGroup { group in
            group.addTask { try await live.run() }
            for watcher in watchers {
                var readings = watcher.makeAsyncIterator()
                #expect(await readings.next() == 1)
            }
            #expect(source.readings == 1)
            signals.finish()
            try await group.waitForAll()
        }
    }

    @Test("While nobody watches, nothing is read")
    func restsAlone() async throws {
        let source = Source()
        let (alone, signals) = Self.make(source, beat: .milliseconds(1))
        let (watched, otherSignals) = Self.make(Source(), beat: .milliseconds(1))
        try await withThrowingTaskGroup { group in
            group.addTask { try await alone.run() }
            group.addTask { try await watched.run() }
            // Another that beats alike tells the time.
            var readings = try #require(await watched.watch()).makeAsyncIterator()
            for _ in 1...30 { _ = await readings.next() }
            #expect(source.readings == 0)
            signals.finish()
            otherSignals.finish()
            try await group.waitForAll()
        }
    }
}

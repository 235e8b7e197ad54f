import LiveReadings
import Logging
import PostgresClient
import ServiceLifecycle
import Store
import TransitModel

/// What the page of the day shows.
package struct TodayState: Hashable, Sendable {
    package let day: TodayReading
    package let books: BooksCheck

    package init(day: TodayReading, books: BooksCheck) {
        self.day = day
        self.books = books
    }
}

/// Keeps the figures of the day current for everyone who looks at them; the beat finds midnight.
package struct TodayBoard: Service {
    /// Channels whose news change the page.
    package static let channels = ["kvytok_charges", "kvytok_taps"]
    package static let latestLimit = 12

    private let load: @Sendable () async throws -> TodayState
    private let live: LiveReadings<TodayState>

    /// - Parameters:
    ///   - signals: A stream that yields whenever something may have changed.
    ///   - load: Reads the day afresh.
    package init(
        pace: LivePace = LivePace(rest: .milliseconds(250), beat: .seconds(10)), logger: Logger,
        signals: @escaping @Sendable () -> AsyncStream<Void>,
        load: @escaping @Sendable () async throws -> TodayState
    ) {
        self.load = load
        live = LiveReadings("today", pace: pace, logger: logger, signals: signals, load: load)
    }

    /// A board over the database: it listens for what rating and gateway announce.
    package init(
        database: PostgresClient, settings: ConsoleSettings, logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        let store = TodayStore(database)
        let books = BooksWatch(readings: LedgerStore(database), clock: clock)
        self.init(
            logger: logger,
            signals: {
                AsyncStream(database.listen(to: TodayBoard.channels))
            },
            load: {
                let day = settings.calendar.day(at: clock())
                async let check = books.check()
                let reading = try await store.readDay(
                    day, currency: settings.currency, latestLimit: TodayBoard.latestLimit)
                return TodayState(day: reading, books: try await check)
            })
    }

    /// Watches until the stream is dropped; the first state comes at once.
    ///
    /// - Returns: `nil` when too many watch, or when the program is about to end.
    package func watch() async -> AsyncStream<TodayState>? { await live.watch() }

    /// The state as it is now, for a page that is drawn whole.
    package func read() async throws -> TodayState { try await load() }

    package func run() async throws { try await live.run() }
}

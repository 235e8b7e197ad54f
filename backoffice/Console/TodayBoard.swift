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

/// Keeps the figures of the day current for everyone who looks at them.
///
/// However many browsers watch, the database is asked once per change, at most a few times a
/// second, and not at all while nobody watches. Notifications say when to look; a slow beat finds
/// what they missed, also midnight.
package actor TodayBoard: Service {
    package struct Pace: Sendable {
        /// The shortest time between two looks.
        package var rest: Duration
        /// The longest.
        package var beat: Duration

        package init(rest: Duration = .milliseconds(250), beat: Duration = .seconds(10)) {
            self.rest = rest
            self.beat = beat
        }
    }

    /// Channels whose news change the page.
    package static let channels = ["kvytok_charges", "kvytok_taps"]
    package static let latestLimit = 12
    private static let watcherLimit = 256

    private let load: @Sendable () async throws -> TodayState
    private let signals: @Sendable () -> AsyncStream<Void>
    private let pace: Pace
    private let logger: Logger
    private let hints: AsyncStream<Void>
    private let hintSource: AsyncStream<Void>.Continuation
    private var watchers: [Int: AsyncStream<TodayState>.Continuation] = [:]
    private var watcherCount = 0
    private var isOver = false

    /// - Parameters:
    ///   - load: Reads the day afresh.
    ///   - signals: A stream that yields whenever something may have changed.
    package init(
        pace: Pace = Pace(), logger: Logger,
        signals: @escaping @Sendable () -> AsyncStream<Void>,
        load: @escaping @Sendable () async throws -> TodayState
    ) {
        self.pace = pace
        self.logger = logger
        self.signals = signals
        self.load = load
        (hints, hintSource) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Watches until the stream is dropped. The first reading comes at once: the page may have been
    /// drawn a moment before. A slow watcher misses readings, never the newest one; equal readings
    /// in a row prove that the line still stands.
    ///
    /// - Returns: `nil` when too many watch, or when the program is about to end.
    package func watch() -> AsyncStream<TodayState>? {
        guard !isOver, watchers.count < Self.watcherLimit else { return nil }
        let (stream, source) = AsyncStream<TodayState>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        let number = watcherCount
        watcherCount += 1
        watchers[number] = source
        source.onTermination = { _ in
            Task { [weak self] in await self?.forget(number) }
        }
        hintSource.yield()
        return stream
    }

    /// The state as it is now, for a page that is drawn whole.
    package nonisolated func read() async throws -> TodayState { try await load() }

    package func run() async throws {
        await withTaskGroup { group in
            group.addTask { await self.relaySignals() }
            group.addTask { await self.keepBeat() }
            group.addTask { await self.publishOnHints() }
            await group.next()
            group.cancelAll()
        }
    }

    private func relaySignals() async {
        for await _ in signals().cancelOnGracefulShutdown() {
            hintSource.yield()
        }
        finish()
    }

    private func keepBeat() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: pace.beat) } catch { return }
            hintSource.yield()
        }
    }

    private func publishOnHints() async {
        for await _ in hints {
            guard !watchers.isEmpty else { continue }
            do {
                publish(try await load())
            } catch {
                // The page keeps its last figures; the next hint or beat tries again.
                logger.warning("today's figures cannot be read", metadata: ["cause": "\(error)"])
            }
            do { try await Task.sleep(for: pace.rest) } catch { return }
        }
    }

    private func publish(_ reading: TodayState) {
        for watcher in watchers.values { watcher.yield(reading) }
    }

    private func forget(_ number: Int) {
        watchers[number] = nil
    }

    /// Open streams would hold up the server's graceful end.
    private func finish() {
        isOver = true
        for watcher in watchers.values { watcher.finish() }
        watchers = [:]
        hintSource.finish()
    }
}

extension TodayBoard {
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
}

extension AsyncStream<Void> {
    /// Yields once for one or more signals.
    fileprivate init(_ signals: AsyncStream<PostgresSignal>) {
        self.init(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let relay = Task {
                for await _ in signals { continuation.yield() }
                continuation.finish()
            }
            continuation.onTermination = { _ in relay.cancel() }
        }
    }
}

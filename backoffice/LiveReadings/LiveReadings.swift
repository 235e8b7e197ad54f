import Logging
import PostgresClient
import ServiceLifecycle

/// What the database says now, for everyone who watches it.
///
/// However many watch, it is read once per change, not more often than the pace allows, and not
/// at all while nobody watches. Notifications say when to look; a slow beat finds what they
/// missed. It ends with its program, and its watchers' streams with it: open streams would hold
/// up a server's graceful end.
package actor LiveReadings<Reading: Sendable>: Service {
    private let name: String
    private let pace: LivePace
    private let watcherLimit: Int
    private let signals: @Sendable () -> AsyncStream<Void>
    private let load: @Sendable () async throws -> Reading
    private let logger: Logger
    private let hints: AsyncStream<Void>
    private let hintSource: AsyncStream<Void>.Continuation
    private var watchers: [Int: AsyncStream<Reading>.Continuation] = [:]
    private var watcherCount = 0
    private var isOver = false

    /// - Parameters:
    ///   - name: What is read, for the log.
    ///   - watcherLimit: More than so many are turned away.
    ///   - signals: A stream that yields whenever something may have changed.
    ///   - load: Reads afresh.
    package init(
        _ name: String, pace: LivePace, watcherLimit: Int = 256, logger: Logger,
        signals: @escaping @Sendable () -> AsyncStream<Void>,
        load: @escaping @Sendable () async throws -> Reading
    ) {
        self.name = name
        self.pace = pace
        self.watcherLimit = watcherLimit
        self.logger = logger
        self.signals = signals
        self.load = load
        (hints, hintSource) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Watches until the stream is dropped. The first reading comes at once: a page may have been
    /// drawn a moment before. A slow watcher misses readings, never the newest one; equal readings
    /// in a row prove that the line still stands.
    ///
    /// - Returns: `nil` when too many watch, or when the program is about to end.
    package func watch() -> AsyncStream<Reading>? {
        guard !isOver, watchers.count < watcherLimit else { return nil }
        let (stream, source) = AsyncStream<Reading>.makeStream(
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
                let reading = try await load()
                for watcher in watchers.values { watcher.yield(reading) }
            } catch {
                // Pages keep what they show; the next hint or beat tries again.
                logger.warning(
                    "A reading failed", metadata: ["reading": "\(name)", "cause": "\(error)"])
            }
            do { try await Task.sleep(for: pace.rest) } catch { return }
        }
    }

    private func forget(_ number: Int) {
        watchers[number] = nil
    }

    private func finish() {
        isOver = true
        for watcher in watchers.values { watcher.finish() }
        watchers = [:]
        hintSource.finish()
    }
}

/// How often readings are taken.
package struct LivePace: Sendable {
    /// The shortest time between two.
    package var rest: Duration
    /// The longest, while someone watches.
    package var beat: Duration

    package init(rest: Duration, beat: Duration) {
        self.rest = rest
        self.beat = beat
    }
}

extension AsyncStream<Void> {
    /// Yields once for one or more signals of the database.
    package init(_ signals: AsyncStream<PostgresSignal>) {
        self.init(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let relay = Task {
                for await _ in signals { continuation.yield() }
                continuation.finish()
            }
            continuation.onTermination = { _ in relay.cancel() }
        }
    }
}

import Logging
import PostgresClient
import ServiceLifecycle
import Store
import TransitModel

/// What one look at the database brings.
package struct FleetReading: Sendable {
    package let states: [ReceivedLocation]
    /// The latest instant, by the database's clock, at which one of them was written.
    package let updatedAt: Timestamp?
    /// Every device's, or `nil` when it was not asked for.
    package let health: [ReceivedHealth]?

    package init(
        states: [ReceivedLocation], updatedAt: Timestamp?, health: [ReceivedHealth]?
    ) {
        self.states = states
        self.updatedAt = updatedAt
        self.health = health
    }
}

/// Keeps the fleet current for everyone who looks at it.
///
/// However many look, the database is asked at most once a second, for what changed, and not at
/// all while nobody looks. Gateways may run in other processes: their notifications say when to
/// look, the tables say what happened, and a slow beat finds what notifications missed, also who
/// fell silent.
package actor FleetBoard: Service {
    package struct Pace: Sendable {
        /// The shortest time between two looks.
        package var rest: Duration
        /// The longest, while someone watches.
        package var beat: Duration
        /// How often everything is read and not only what changed.
        package var thorough: Duration

        package init(
            rest: Duration = .milliseconds(900), beat: Duration = .seconds(5),
            thorough: Duration = .seconds(30)
        ) {
            self.rest = rest
            self.beat = beat
            self.thorough = thorough
        }
    }

    private static let watcherLimit = 256
    /// Transactions overlap: a row may become visible this long after the instant it carries.
    private static let overlap: Duration = .milliseconds(500)

    private let load: @Sendable (_ updatedAfter: Timestamp?) async throws -> FleetReading
    private let timetable: @Sendable () async -> (any FleetTimetable)?
    private let signals: @Sendable () -> AsyncStream<Void>
    private let pace: Pace
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger
    private let hints: AsyncStream<Void>
    private let hintSource: AsyncStream<Void>.Continuation
    private var state = FleetState()
    private var streets: Streets?
    private var readAt: Timestamp?
    private var thoroughlyReadAt: Timestamp?
    private var updatedAt: Timestamp?
    private var reading: Task<Void, any Error>?
    private var watchers: [Int: AsyncStream<Void>.Continuation] = [:]
    private var watcherCount = 0
    private var isOver = false

    /// - Parameters:
    ///   - timetable: The timetable in force now; asked at every look.
    ///   - signals: A stream that yields whenever something may have changed.
    ///   - load: Reads what was written after an instant, or everything with its health.
    package init(
        pace: Pace = Pace(), logger: Logger, clock: @escaping @Sendable () -> Timestamp,
        timetable: @escaping @Sendable () async -> (any FleetTimetable)?,
        signals: @escaping @Sendable () -> AsyncStream<Void>,
        load: @escaping @Sendable (_ updatedAfter: Timestamp?) async throws -> FleetReading
    ) {
        self.pace = pace
        self.logger = logger
        self.clock = clock
        self.timetable = timetable
        self.signals = signals
        self.load = load
        (hints, hintSource) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: Looking

    /// The fleet as it is now.
    package func snapshot() async throws -> FleetSnapshot {
        try await refreshIfStale()
        return FleetSnapshot(
            at: clock(), revision: state.revision, vehicles: state.vehicles, streets: streets)
    }

    /// One vehicle as it is now; `nil` when nothing was heard of it for long.
    package func find(_ vehicle: VehicleID) async throws -> FleetVehicle? {
        try await refreshIfStale()
        return state[vehicle]
    }

    /// Watches until the value is dropped: the whole fleet first, then what changed, and now and
    /// then nothing, as a proof that the line still stands.
    ///
    /// - Returns: `nil` when too many watch, or when the program is about to end.
    package func watch() -> FleetWatch? {
        guard !isOver, watchers.count < Self.watcherLimit else { return nil }
        let (ticks, source) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = watcherCount
        watcherCount += 1
        watchers[number] = source
        source.onTermination = { _ in
            Task { [weak self] in await self?.forget(number) }
        }
        hintSource.yield()
        return FleetWatch(board: self, ticks: ticks)
    }

    func changes(since revision: Int) -> FleetChange {
        state.changes(since: revision, at: clock())
    }

    // MARK: Running

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
                try await refresh()
                for watcher in watchers.values { watcher.yield() }
            } catch {
                // The map keeps what it shows; the next hint or beat tries again.
                logger.warning("the fleet cannot be read", metadata: ["cause": "\(error)"])
            }
            do { try await Task.sleep(for: pace.rest) } catch { return }
        }
    }

    // MARK: Reading

    private func refreshIfStale() async throws {
        if let readAt, clock().elapsed(since: readAt) < pace.rest, clock() >= readAt { return }
        try await refresh()
    }

    /// Whoever comes while a look is under way waits for that one.
    private func refresh() async throws {
        if let reading { return try await reading.value }
        let task = Task { try await self.read() }
        reading = task
        defer { reading = nil }
        try await task.value
    }

    private func read() async throws {
        let now = clock()
        let isThorough =
            thoroughlyReadAt.map { now.elapsed(since: $0) >= pace.thorough || now < $0 } ?? true
        let after = isThorough ? nil : updatedAt?.advanced(by: .zero - Self.overlap)
        let found = try await load(after)
        let timetable = await timetable()
        state.apply(found.states, health: found.health, timetable: timetable, at: clock())
        streets = timetable?.streets
        if let latest = found.updatedAt { updatedAt = max(updatedAt ?? latest, latest) }
        if after == nil { thoroughlyReadAt = now }
        readAt = now
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

extension FleetBoard {
    /// A board over the database: it listens for what gateways announce.
    package init(
        database: PostgresClient, pace: Pace = Pace(), logger: Logger,
        clock: @escaping @Sendable () -> Timestamp,
        timetable: @escaping @Sendable () async -> (any FleetTimetable)?
    ) {
        self.init(
            pace: pace, logger: logger, clock: clock, timetable: timetable,
            signals: { AsyncStream(database.listen(to: [Channel.fleet])) },
            load: { instant in
                try await database.withConnection { connection in
                    let (states, updatedAt) = try FleetStore.listStates(
                        updatedAfter: instant, on: connection)
                    return FleetReading(
                        states: states, updatedAt: updatedAt,
                        health: instant == nil
                            ? try FleetStore.listHealth(on: connection) : nil)
                }
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

import LiveReadings
import Logging
import PostgresClient
import ServiceLifecycle
import Store
import TransitModel

/// Keeps the fleet current for everyone who looks at it.
///
/// The database is asked at most once a second, for what changed. Gateways may run in other
/// processes: their notifications say when to look, the tables say what happened, and the beat
/// finds what notifications missed, also who fell silent.
package struct FleetBoard: Service {
    package struct Pace: Sendable {
        package var live: LivePace
        /// How often everything is read and not only what changed.
        package var thorough: Duration

        package init(
            rest: Duration = .milliseconds(900), beat: Duration = .seconds(5),
            thorough: Duration = .seconds(30)
        ) {
            live = LivePace(rest: rest, beat: beat)
            self.thorough = thorough
        }
    }

    private let desk: FleetDesk
    private let live: LiveReadings<Void>

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
        let desk = FleetDesk(pace: pace, clock: clock, timetable: timetable, load: load)
        self.desk = desk
        live = LiveReadings("fleet", pace: pace.live, logger: logger, signals: signals) {
            try await desk.refresh()
        }
    }

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

    package func run() async throws { try await live.run() }

    /// The fleet as it is now.
    package func snapshot() async throws -> FleetSnapshot { try await desk.snapshot() }

    /// One vehicle as it is now; `nil` when nothing was heard of it for long.
    package func find(_ vehicle: VehicleID) async throws -> FleetVehicle? {
        try await desk.find(vehicle)
    }

    /// Watches until the value is dropped: the whole fleet first, then what changed, and now and
    /// then nothing, as a proof that the line still stands.
    ///
    /// - Returns: `nil` when too many watch, or when the program is about to end.
    package func watch() async -> FleetWatch? {
        await live.watch().map { FleetWatch(desk: desk, ticks: $0) }
    }
}

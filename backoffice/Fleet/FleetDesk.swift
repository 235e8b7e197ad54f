import LiveReadings
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

/// The fleet as last read, and the reading of what changed since.
actor FleetDesk {
    /// Transactions overlap: a row may become visible this long after the instant it carries.
    private static let overlap: Duration = .milliseconds(500)

    private let load: @Sendable (_ updatedAfter: Timestamp?) async throws -> FleetReading
    private let timetable: @Sendable () async -> (any FleetTimetable)?
    private let pace: FleetBoard.Pace
    private let clock: @Sendable () -> Timestamp
    private var state = FleetState()
    private var streets: Streets?
    private var readAt: Timestamp?
    private var thoroughlyReadAt: Timestamp?
    private var updatedAt: Timestamp?
    private var reading: Task<Void, any Error>?

    init(
        pace: FleetBoard.Pace, clock: @escaping @Sendable () -> Timestamp,
        timetable: @escaping @Sendable () async -> (any FleetTimetable)?,
        load: @escaping @Sendable (_ updatedAfter: Timestamp?) async throws -> FleetReading
    ) {
        self.pace = pace
        self.clock = clock
        self.timetable = timetable
        self.load = load
    }

    func snapshot() async throws -> FleetSnapshot {
        try await refreshIfStale()
        return FleetSnapshot(
            at: clock(), revision: state.revision, vehicles: state.vehicles, streets: streets)
    }

    func find(_ vehicle: VehicleID) async throws -> FleetVehicle? {
        try await refreshIfStale()
        return state[vehicle]
    }

    /// What changed after a revision, as far as it was read.
    func changes(since revision: Int) -> FleetChange {
        state.changes(since: revision, at: clock())
    }

    /// Whoever comes while a look is under way waits for that one.
    func refresh() async throws {
        if let reading { return try await reading.value }
        let task = Task { try await self.read() }
        reading = task
        defer { reading = nil }
        try await task.value
    }

    private func refreshIfStale() async throws {
        if let readAt, clock().elapsed(since: readAt) < pace.live.rest, clock() >= readAt { return }
        try await refresh()
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
}

import ArgumentParser
import City
import CityLife
import Foundation
import LocalStack
import PostgresClient
import SmallTown
import Synchronization
import Timetable
import TransitModel

/// What a whole city's traffic costs the back office.
struct CityBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "city",
        abstract: "The back office's share of a core while a city lives.",
        discussion: """
            Each vehicle has its own identity, connection and journal, says every second where it \
            is, and lets riders tap. The back office does everything that it does: it takes \
            positions and taps in, rates, posts, publishes and serves the console, on a durable \
            PostgreSQL. Its processor time is what the kernel counts for its process.
            """)

    @Option(help: "How many vehicles there are.")
    var vehicles = 250

    @Option(help: "How many taps all their riders make in a second.")
    var taps = 50

    @Option(help: "For how many seconds it is measured.")
    var seconds = 120

    @Option(help: "Which city lives.")
    var seed: UInt64 = 7

    func run() async throws {
        progress("making a city")
        let hour = try RushHour(of: DemoCity.make(seed: seed))
        progress("starting a back office")
        let server = try PrivatePostgres(
            folder: try ScratchFolder("bench").path, durability: .durable)
        try await server.start()
        try await server.ensureDatabase("bench")
        try await Town.live(database: server.url(database: "bench"), clock: hour.clock) { town in
            try await hour.importFeed(into: town)
            try await measure(hour, town, server)
        }
        await server.stop()
    }

    private func measure(_ hour: RushHour, _ town: Town, _ server: PrivatePostgres) async throws {
        let line = LineTally()
        let crowd = SteadyCrowd(tapsPerSecond: taps)
        let counter = try TicketCounter(
            keys: town.installation.folders.keys, cardKeys: town.installation.folders.cardKeys,
            clock: { .now })
        guard let gateway = URL(string: town.gateway) else {
            throw ValidationError("\(town.gateway) is no address")
        }
        let enrolment = FleetEnrolment(
            folder: town.folder.path + "/fleet", server: gateway,
            authority: town.installation.folders.authority,
            makeCodes: { try await town.installation.makeCodes(for: $0.map(\.rawValue)) })
        let columns = try Column.split(vehicles, over: hour)
        try await whileRunning {
            await withDiscardingTaskGroup { group in
                for column in columns {
                    group.addTask {
                        await column.run(enrolment, line, boardings: crowd, counter: counter)
                    }
                }
            }
        } _: {
            progress("enrolling \(vehicles) vehicles")
            try await eventually(
                "the fleet to connect", within: .seconds(180), every: .milliseconds(200)
            ) { line.connected == vehicles }
            progress("watching them for \(seconds) s")
            crowd.begin()
            // The first taps of a run meet cold caches; a city's day has none of these.
            try await Task.sleep(for: .seconds(5))
            try await watch(town, server, connected: line)
        }
    }

    private func watch(
        _ town: Town, _ server: PrivatePostgres, connected line: LineTally
    ) async throws {
        guard let office = await town.office.run?.processIdentifier,
            let postgres = await server.processIdentifier
        else { throw ValidationError("the back office is not running") }
        let database = PostgresClient(town.installation.database, connectionLimit: 1)
        let clock = ContinuousClock()
        func sample() async throws -> Sample {
            try await Sample(
                at: clock.now, office: office, postgres: postgres, database: database)
        }
        let start = try await sample()
        try await Task.sleep(for: .seconds(seconds))
        let end = try await sample()
        let latencies = try await chargeLatencies(database, newest: end.taps - start.taps)
        await database.close()
        let span = (end.at - start.at) / .seconds(1)
        try report(
            "city_back_office",
            [
                "cores": (end.officeSeconds - start.officeSeconds) / span, "limit_cores": 0.5,
                "postgres_cores": (end.postgresSeconds - start.postgresSeconds) / span,
                "vehicles": Double(line.connected),
                "positions_per_second": Double(end.positions - start.positions) / span,
                "taps_per_second": Double(end.taps - start.taps) / span,
                "tap_to_charge_seconds_p50": percentile(50, of: latencies),
                "tap_to_charge_seconds_p95": percentile(95, of: latencies),
                "resident_megabytes": residentMegabytes(of: office) ?? .nan,
            ])
    }

    private func chargeLatencies(
        _ database: PostgresClient, newest count: Int
    ) async throws -> [Double] {
        try await database.query(
            """
            select extract(epoch from charge.charged_at - tap.tapped_at)::float8 as seconds
            from rider_tap as tap
            join charge_tap using (rider_id, device_id, epoch_id, sequence)
            join charge using (rider_id, charge_id, revision)
            where revision = 1 order by charge.charged_at desc limit \(count)
            """
        ).map { try $0.decode("seconds") }
    }
}

/// What had been done by an instant.
private struct Sample: Sendable {
    let at: ContinuousClock.Instant
    let officeSeconds: Double
    let postgresSeconds: Double
    let positions: Int
    let taps: Int

    init(
        at instant: ContinuousClock.Instant, office: Int32, postgres: Int32,
        database: PostgresClient
    ) async throws {
        at = instant
        guard let own = processorSeconds(of: office),
            let family = processorSeconds(ofFamily: postgres)
        else { throw ValidationError("the back office ended while it was watched") }
        officeSeconds = own
        postgresSeconds = family
        let row = try await database.query(
            """
            select (select count(*) from vehicle_location) as positions,
                (select count(*) from tap_log) as taps
            """
        ).first
        positions = try row?.decode("positions") ?? 0
        taps = try row?.decode("taps") ?? 0
    }
}

/// Vehicles of one roster.
private struct Column: Sendable {
    private static let minutesBehind = 7

    let stage: CityStage
    let vehicles: [VehicleID]

    /// A city has some twenty vehicles fewer than the promise speaks of: the rest, by made-up
    /// names, follow in a second column, some minutes behind.
    static func split(_ count: Int, over hour: RushHour) throws -> [Column] {
        let first = Column(hour, minutesBehind: 0, fleet: hour.city.vehicles, limit: count)
        let second = Column(
            hour, minutesBehind: minutesBehind, fleet: [], limit: count - first.vehicles.count)
        guard first.vehicles.count + second.vehicles.count == count else {
            throw ValidationError(
                "this city has \(first.vehicles.count) vehicles; at most twice as many can be had")
        }
        return [first, second]
    }

    private init(_ hour: RushHour, minutesBehind: Int, fleet: [CityVehicle], limit: Int) {
        let clock = TimetableClock(
            wall: hour.clock.wall,
            timetable: hour.clock.timetable.advanced(by: .seconds(-60 * minutesBehind)))
        stage = CityStage(
            schedule: hour.schedule, zone: hour.zone, clock: clock, seed: hour.city.seed,
            fleet: fleet)
        stage.prepare(for: .now)
        vehicles = Array(stage.vehicles(at: .now).prefix(limit))
    }

    /// Enrols the vehicles and lets them live until the task is cancelled.
    func run(
        _ enrolment: FleetEnrolment, _ line: LineTally, boardings: any Boardings,
        counter: TicketCounter
    ) async {
        let (ready, inbox) = AsyncStream.makeStream(of: VehicleID.self)
        let fleet = LightFleet(
            stage: stage, boardings: boardings, counter: counter, clock: { .now })
        await withDiscardingTaskGroup { group in
            group.addTask {
                do {
                    try await enrolment.enrol(vehicles) { inbox.yield($0) }
                } catch {
                    if !Task.isCancelled { progress("enrolment: \(error)") }
                }
                inbox.finish()
            }
            await fleet.run(
                ready, open: { try await enrolment.open($0, line: line) },
                onTrouble: { vehicle, error in progress("\(vehicle): \(error)") })
        }
    }
}

/// As many people as it takes for so many taps a second, whoever's doors open.
private final class SteadyCrowd: Boardings {
    /// Before somebody comes again, transfers and passback have long run out for most.
    private static let people = 20_000

    private let tapsPerSecond: Int
    private let held = Mutex<(since: ContinuousClock.Instant?, boarded: Int)>((nil, 0))

    init(tapsPerSecond: Int) {
        self.tapsPerSecond = tapsPerSecond
    }

    func begin() { held.withLock { $0.since = .now } }

    func prepare(for dates: [ServiceDate]) async {}

    func cards(at visit: FleetMotion.Visit, on date: ServiceDate) -> [TicketCounter.Card] {
        held.withLock { held in
            guard let since = held.since, !visit.isLastOfTrip else { return [] }
            let due = Int(since.duration(to: .now) / .seconds(1) * Double(tapsPerSecond))
            // A vehicle takes only so many; whoever is left boards the next one, anywhere.
            let count = min(max(0, due - held.boarded), LightFleet.Settings().boardingLimit)
            defer { held.boarded += count }
            return (held.boarded..<(held.boarded + count)).map {
                TicketCounter.Card(number: UInt32($0 % Self.people + 1), category: nil)
            }
        }
    }
}

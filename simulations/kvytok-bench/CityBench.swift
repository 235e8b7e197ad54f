import ArgumentParser
import City
import CityLife
import Foundation
import LocalStack
import PostgresClient
import SmallTown
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
            crowd.begin()
            try await withOpenPages(of: town) {
                // Riders of the first stops spread their taps over as long as doors stay open.
                progress("letting the first doors close")
                try await Task.sleep(for: .seconds(30))
                progress("watching for \(seconds) s")
                try await watch(town, server, connected: line)
            }
        }
    }

    /// Staff look at the map and at Today meanwhile, where there is a browser.
    private func withOpenPages(
        of town: Town, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        guard BrowserScript.isReady else {
            progress("no page is open meanwhile, which \(BrowserScript.advice)")
            return try await body()
        }
        try await BrowserScript(
            "Tests/Browser/standing_pages.py", at: town.console, password: Town.demoPassword,
            arguments: [Town.demoUser]
        ).run { _ in try await body() }
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
        // The figure is what processes use in this span: it is measured by letting it pass.
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

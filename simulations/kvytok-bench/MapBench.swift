import ArgumentParser
import City
import CityLife
import Foundation
import LocalStack
import PostgresClient
import SmallTown
import Timetable
import TransitModel

/// Frames a second of the fleet's map in a browser while many vehicles report once a second.
struct MapBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map",
        abstract: "Frames a second of the map with a thousand vehicles.",
        discussion: """
            A back office shows the invented city; its vehicles, each several times over, are \
            written where gateways write them. Headless Chromium draws without a graphics card, \
            on the same processor as everything else.
            """)

    @Option(help: "How many vehicles there are; a few of them rest, the others report each second.")
    var vehicles = 1_100

    @Option(help: "Which city is shown.")
    var seed: UInt64 = 7

    func run() async throws {
        guard BrowserScript.isReady else {
            progress("not measured: the map, which \(BrowserScript.advice)")
            return
        }
        progress("making a city")
        let hour = try RushHour(of: DemoCity.make(seed: seed))
        let traffic = MapTraffic(hour, vehicles: vehicles)
        progress("starting a back office")
        try await Town.live(roles: ["console"], clock: hour.clock) { town in
            try await hour.importFeed(into: town)
            let database = PostgresClient(town.installation.database, connectionLimit: 1)
            try await traffic.write(to: database)
            progress("watching \(vehicles) vehicles")
            try await whileRunning {
                try await repeatedly(every: .seconds(1)) {
                    try await traffic.write(to: database)
                }
            } _: {
                try await BrowserScript(
                    "Tests/Browser/fleet_map.py", at: town.console, password: Town.demoPassword,
                    arguments: [Town.demoUser]
                ).run { line in try Self.tell(line) }
            }
            await database.close()
        }
    }

    private static func tell(_ line: String) throws {
        let figures = try JSONDecoder().decode([String: Double].self, from: Data(line.utf8))
        func figure(_ name: String) -> Double { figures[name] ?? .nan }
        try report(
            "map_frames",
            [
                "vehicles": figure("vehicles"),
                "frames_per_second": figure("frames_per_second"), "limit_frames_per_second": 30,
                "frame_ms_p95": figure("frame_p95_ms"), "draw_ms": figure("draw_ms"),
            ])
    }
}

/// The city's vehicles in the rush hour, each as often as the number asks for, some minutes
/// apart.
private struct MapTraffic: Sendable {
    private static let minutesApart = 7

    private let motion: FleetMotion
    private let vehicles: Int
    private let clock: TimetableClock

    init(_ hour: RushHour, vehicles: Int) {
        self.vehicles = vehicles
        clock = hour.clock
        motion = FleetMotion(schedule: hour.schedule, date: hour.date, seed: hour.city.seed)
    }

    /// What gateways write in one second.
    func write(to database: PostgresClient) async throws {
        let elapsed = Timestamp.now.elapsed(since: clock.wall) / .seconds(1)
        let moments = (0..<vehicles).compactMap { number -> (String, FleetMotion.Moment)? in
            let (copy, block) = number.quotientAndRemainder(dividingBy: motion.blocks.count)
            let at = Double(RushHour.second - copy * Self.minutesApart * 60) + elapsed
            return motion.moment(of: block, at: at).map { ("\(1_001 + number)", $0) }
        }
        let trips = motion.schedule.trips
        try await database.execute(
            """
            insert into vehicle_state (vehicle_id, device_id, recorded_at, received_at, latitude,
                longitude, heading, speed, trip_id, source, updated_at)
            select vehicle, 'v-' || vehicle, now(), now(), latitude, longitude, heading, speed,
                trip, 'simulated', clock_timestamp()
            from unnest(\(PostgresArray(moments.map(\.0)))::text[],
                \(PostgresArray(moments.map(\.1.point.latitude)))::double precision[],
                \(PostgresArray(moments.map(\.1.point.longitude)))::double precision[],
                \(PostgresArray(moments.map(\.1.bearing)))::double precision[],
                \(PostgresArray(moments.map(\.1.speedMetresPerSecond)))::double precision[],
                \(PostgresArray(moments.map { $0.1.trip.map { trips[$0].id } }))::text[])
                as moment (vehicle, latitude, longitude, heading, speed, trip)
            on conflict (vehicle_id) do update set
                recorded_at = excluded.recorded_at, received_at = excluded.received_at,
                latitude = excluded.latitude, longitude = excluded.longitude,
                heading = excluded.heading, speed = excluded.speed, trip_id = excluded.trip_id,
                updated_at = excluded.updated_at
            """)
        _ = try await database.query("select pg_notify('kvytok_fleet', '')::text as sent")
    }
}

import City
import CityLife
import DeviceGateway
import DeviceProtocol
import Foundation
import LocalStack
import Logging
import PostgresClient
import SignedDocuments
import Store
import Testing
import Timetable
import TransitModel
import Uplink

/// Light validators against the real gateway, over mutual TLS, on a real database.
@Suite("Light validators", .timeLimit(.minutes(5)))
struct LightFleetTests {
    @Test("A fleet enrols at once, drives, taps once each, and goes on after a restart")
    func wholeFleet() async throws {
        let town = try await LightTown()
        try await town.withGateway { server in
            let enrolment = town.enrolment(server)
            let vehicles = town.stage.vehicles(at: town.start)
            try #require(vehicles.count == LightTown.vehicleCount)
            let (enrolled, inbox) = AsyncStream.makeStream(of: VehicleID.self)
            try await enrolment.enrol(vehicles) { inbox.yield($0) }
            inbox.finish()
            var ready: Set<VehicleID> = []
            for await vehicle in enrolled { ready.insert(vehicle) }
            #expect(ready == Set(vehicles) && vehicles.allSatisfy(enrolment.isEnrolled))

            let line = LineTally()
            for run in 1...2 {
                let before = try await town.records().count
                try await town.drive(vehicles, enrolment, line) {
                    try await eventually("everybody's taps, run \(run)") {
                        let records = try await town.records()
                        let fresh = records.dropFirst(before)
                        return fresh.count >= 12
                            && Set(fresh.map(\.tap.service.vehicle)) == Set(vehicles)
                    }
                }
            }
            #expect(line.connected == vehicles.count)

            let records = try await town.records()
            #expect(Set(records.map(\.id)).count == records.count, "a tap stands there twice")
            #expect(records.allSatisfy { $0.tap.verdict.isAccepted && $0.tap.position != nil })
            #expect(records.allSatisfy { $0.tap.service.trip != nil && $0.tap.service.stop != nil })
            #expect(Set(records.map(\.epoch)).count == 2 * vehicles.count)
            #expect(try await town.placedVehicles() == Set(vehicles.map(\.rawValue)))
        }
    }
}

/// A line of a few buses, its keys, and a back office that comes and goes.
private struct LightTown: Sendable {
    static let vehicleCount = 6
    static let scheme: SchemeID = "light-town"

    let stage: CityStage
    let start = Timestamp(
        millisecondsSince1970: Int64(Date.now.timeIntervalSince1970 * 1_000))
    private let database: PostgresClient
    private let folder: ScratchFolder
    private let installation: Installation

    init() async throws {
        database = PostgresClient(
            try await TestDatabase.make(like: "migrated") { url in
                let client = PostgresClient(url)
                try await Migrator().migrate(client)
                await client.close()
            })
        folder = try ScratchFolder("light")
        installation = Installation(
            root: folder.path, scheme: Self.scheme.rawValue, database: "", share: Checkout.root)
        try await installation.makeKeys()
        let schedule = try Schedule(files: Self.feed())
        let date = try #require(ServiceDate("2026-03-02"))
        // Sixty times as fast: a stop every second or so, and nobody waits.
        let clock = TimetableClock(
            wall: start, timetable: ZoneOffsets.utc.instant(ofSecond: 7 * 3_600, on: date),
            rate: TimetableClock.rateLimit)
        stage = CityStage(schedule: schedule, zone: .utc, clock: clock, seed: 5)
        stage.prepare(for: start)
    }

    /// Six buses that leave together and drive for hours, a stop every two minutes.
    private static func feed() -> [String: [UInt8]] {
        var stops = "stop_id,stop_name,stop_lat,stop_lon\n"
        for number in 0..<200 { stops += "s\(number),S,\(50 + Double(number) * 0.005),30.5\n" }
        var trips = "route_id,service_id,trip_id,block_id\n"
        var times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        for bus in 0..<vehicleCount {
            trips += "1,daily,t\(bus),b\(bus)\n"
            for stop in 0..<200 {
                let minute = 2 * stop + bus % 2
                let time = "\(7 + minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00"
                times += "t\(bus),\(time),\(time),s\(stop),\(stop)\n"
            }
        }
        return [
            "agency.txt": "agency_name,agency_url,agency_timezone\nA,https://a.example,Etc/UTC\n",
            "stops.txt": stops, "trips.txt": trips, "stop_times.txt": times,
            "routes.txt": "route_id,route_short_name,route_type\n1,1,3\n",
            "calendar.txt":
                "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\ndaily,1,1,1,1,1,1,1,20260101,20261231\n",
        ].mapValues { Array($0.utf8) }
    }

    // MARK: - The back office

    func withGateway(_ body: @escaping @Sendable (_ server: URL) async throws -> Void) async throws
    {
        let (ports, ready) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "test.gateway")
        logger.logLevel = .critical
        let configuration = try configuration()
        let gateway = try DeviceGateway(
            DeviceGateway.Settings(
                scheme: Self.scheme, port: 0, stateFolder: folder.url.appending(path: "office")),
            database: database, configuration: { configuration }, logger: logger,
            onReady: { ready.yield($0) })
        try await whileRunning({ try await gateway.run() }) {
            let port = try #require(await ports.first { _ in true })
            try await body(try #require(URL(string: "https://127.0.0.1:\(port)")))
        }
    }

    private struct PublicIssuer: Decodable {
        let issuer_key: UInt32
        let public_key: String
    }

    private func configuration() throws -> SchemeConfiguration {
        let json = try Data(contentsOf: URL(filePath: installation.folders.issuerPublic))
        var keys: [IssuerKeyID: [UInt8]] = [:]
        for issuer in try JSONDecoder().decode([PublicIssuer].self, from: json) {
            keys[IssuerKeyID(issuer.issuer_key)] = [UInt8](hex: issuer.public_key)
        }
        return try #require(
            SchemeConfiguration(
                scheme: Self.scheme, timeZoneName: "Etc/UTC", passbackWindowSeconds: 300,
                defaultRiderCategory: "adult", currency: .uah, displayedFares: ["adult": 1_500],
                issuerKeys: keys))
    }

    func records() async throws -> [TapRecord] {
        try await database.query("select record from tap_log order by received_at")
            .map { try TapRecord(serialized: $0.decode("record")) }
    }

    func placedVehicles() async throws -> Set<String> {
        Set(
            try await database.query("select vehicle_id from vehicle_state")
                .map { try $0.decode("vehicle_id") })
    }

    // MARK: - The fleet

    func enrolment(_ server: URL) -> FleetEnrolment {
        FleetEnrolment(
            folder: folder.path("fleet"), server: server,
            authority: folder.path("office/authority.crt"),
            makeCodes: { vehicles in
                try await EnrolmentDesk.makeCodes(
                    for: vehicles.map { (DeviceID("\($0)-validator"), $0) }, database: database,
                    at: start
                ).map(\.code.text)
            })
    }

    /// Runs the fleet while `body` runs.
    func drive(
        _ vehicles: [VehicleID], _ enrolment: FleetEnrolment, _ line: LineTally,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let counter = try TicketCounter(
            keys: installation.folders.keys, cardKeys: installation.folders.cardKeys,
            clock: { start })
        let fleet = LightFleet(
            stage: stage, boardings: EverybodyOnce(), counter: counter,
            settings: .init(positionInterval: .milliseconds(250)),
            clock: {
                Timestamp(millisecondsSince1970: Int64(Date.now.timeIntervalSince1970 * 1_000))
            })
        let (ready, inbox) = AsyncStream.makeStream(of: VehicleID.self)
        for vehicle in vehicles { inbox.yield(vehicle) }
        inbox.finish()
        try await whileRunning(
            {
                await fleet.run(
                    ready, open: { try await enrolment.open($0, line: line) },
                    onTrouble: { vehicle, error in Issue.record("\(vehicle): \(error)") })
            }, body)
    }
}

/// One rider at each stop of each trip.
private struct EverybodyOnce: Boardings {
    func prepare(for dates: [ServiceDate]) async {}

    func cards(at visit: FleetMotion.Visit, on date: ServiceDate) -> [TicketCounter.Card] {
        [TicketCounter.Card(number: UInt32(visit.trip * 1_000 + visit.call + 1))]
    }
}

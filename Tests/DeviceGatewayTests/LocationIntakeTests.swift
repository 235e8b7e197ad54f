import DeviceProtocol
import LocalStack
import Logging
import PostgresClient
import Store
import Synchronization
import Testing
import TransitModel

@testable import DeviceGateway

@Suite("Location intake")
struct LocationIntakeTests {
    private let now = TestOffice.noon

    @Test("Reports become history, states and health; the newest wins")
    func writes() async throws {
        let office = try await TestOffice()
        let intake = Self.intake(office)
        intake.take(Self.report(seconds: 0...4), from: Self.tram, at: now.advanced(by: .seconds(4)))
        intake.take(Self.report(seconds: 3...6), from: Self.tram, at: now.advanced(by: .seconds(6)))
        await intake.flush()
        #expect(try await office.count("vehicle_location") == 7)
        let (states, health) = try await Self.read(office)
        #expect(states.map(\.vehicle) == ["tram-101"])
        #expect(states.first?.location == Self.location(6))
        #expect(health.map(\.health) == [Self.health])
        #expect(intake.tally.accepted == 7)
        #expect(intake.tally.written == 7)
        #expect(intake.tally.setAside["not_newer"] == 2)
        await office.database.close()
    }

    @Test("A state gives way to a newer one only, whichever gateway writes last")
    func twoGateways() async throws {
        let office = try await TestOffice()
        let (first, second) = (Self.intake(office), Self.intake(office))
        first.take(Self.report(seconds: 9...9), from: Self.tram, at: now.advanced(by: .seconds(9)))
        await first.flush()
        second.take(Self.report(seconds: 5...5), from: Self.tram, at: now.advanced(by: .seconds(9)))
        await second.flush()
        #expect(try await office.count("vehicle_location") == 2)
        #expect(try await Self.read(office).states.first?.location == Self.location(9))
        await office.database.close()
    }

    @Test("While the database is away memory is bounded, and the newest gets through after it")
    func databaseAway() async throws {
        let written = Mutex<[FleetBatch]>([])
        let isAway = Mutex(true)
        let intake = LocationIntake(logger: Self.silence) { batch in
            if isAway.withLock({ $0 }) { throw CancellationError() }
            written.withLock { $0.append(batch) }
        }
        for second in 0..<700 {
            let instant = now.advanced(by: .seconds(second))
            for number in 0..<50 {
                let bus = DeviceStore.Device(
                    id: DeviceID("d-\(number)"), vehicle: VehicleID("v-\(number)"),
                    status: .enrolled)
                intake.take(Self.report(seconds: second...second), from: bus, at: instant)
            }
            if second % 100 == 0 { await intake.flush() }
        }
        isAway.withLock { $0 = false }
        await intake.flush()
        let batch = try #require(written.withLock { $0.first })
        #expect(batch.history.count <= 30_000)
        #expect(batch.history.count > 26_000)
        #expect(batch.states.count == 50)
        #expect(batch.states.allSatisfy { $0.location == Self.location(699) })
        #expect(batch.health.count == 50)
        let tally = intake.tally
        #expect(tally.accepted == 35_000)
        #expect(tally.written + tally.lost == 35_000)
    }

    @Test("Rows that the database will not have cost their vehicle's part alone")
    func poison() async throws {
        let office = try await TestOffice()
        let intake = Self.intake(office)
        let cursed = DeviceStore.Device(id: "d-2", vehicle: "a\u{0}b", status: .enrolled)
        intake.take(Self.report(seconds: 0...1), from: Self.tram, at: now)
        intake.take(Self.report(seconds: 0...0), from: cursed, at: now)
        await intake.flush()
        #expect(try await office.count("vehicle_location") == 2)
        #expect(intake.tally.lost == 1)
        #expect(intake.tally.failedWrites == 1)
        await office.database.close()
    }

    @Test("Health is written when it changes and now and then")
    func healthPace() async throws {
        let written = Mutex<[FleetBatch]>([])
        let intake = LocationIntake(logger: Self.silence) { batch in
            written.withLock { $0.append(batch) }
        }
        var health = Self.health
        for second in 0..<40 {
            health.oldestWaiting = .seconds(second)
            if second == 20 { health.waitingTaps = 90 }
            intake.take(
                PositionReport(locations: [], health: health), from: Self.tram,
                at: now.advanced(by: .seconds(second)))
            await intake.flush()
        }
        let times = written.withLock { $0 }.flatMap(\.health).map {
            $0.reportedAt.elapsed(since: now).components.seconds
        }
        #expect(times == [0, 15, 20, 35])
    }

    // MARK: Samples

    private static let tram = DeviceStore.Device(
        id: "validator-7", vehicle: "tram-101", status: .enrolled)
    private static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let health = DeviceHealth(
        waitingTaps: 2, oldestWaiting: .seconds(3), readers: 1, soundReaders: 1,
        documents: DocumentVersions(denyListBase: 3, denyListOverlay: 1, configuration: 2),
        softwareVersion: "1.2")

    private static func location(_ second: Int) -> VehicleLocation {
        VehicleLocation(
            recordedAt: TestOffice.noon.advanced(by: .seconds(second)),
            point: GeoPoint(latitude: 50.45, longitude: 30.52)
                .moved(eastMetres: Double(second) * 8, northMetres: 0),
            bearing: 90, speedMetresPerSecond: second % 2 == 0 ? 8 : nil, trip: "t-1",
            route: "12", stop: second % 3 == 0 ? "s" : nil,
            stopStatus: second % 3 == 0 ? .stoppedAt : nil)
    }

    private static func report(seconds: ClosedRange<Int>) -> PositionReport {
        PositionReport(locations: seconds.map(location), health: health)
    }

    private static func intake(_ office: TestOffice) -> LocationIntake {
        LocationIntake(database: office.database, logger: silence)
    }

    private static func read(
        _ office: TestOffice
    ) async throws -> (states: [ReceivedLocation], health: [ReceivedHealth]) {
        try await office.database.withConnection { connection in
            (
                try FleetStore.listStates(on: connection).states,
                try FleetStore.listHealth(on: connection)
            )
        }
    }
}

import DeviceGateway
import DeviceProtocol
import LocalStack
import PostgresClient
import Store
import Synchronization
import Testing
import TransitModel

/// `POST /device/v1/positions` as devices meet it.
@Suite("Positions over mutual TLS")
struct PositionRoutesTests {
    private static func report(_ count: Int = 1) -> [UInt8] {
        let now = GatewayClock.now()
        return PositionReport(
            locations: (0..<count).map { number in
                VehicleLocation(
                    recordedAt: now.advanced(by: .seconds(number - count)),
                    point: GeoPoint(latitude: 50.45, longitude: 30.52), trip: "t-1")
            }, health: nil
        ).serialized()
    }

    @Test("The certificate says whose position it is; news of it reaches listeners")
    func written() async throws {
        try await withGateway { gateway in
            let client = try gateway.client(try await gateway.enrol("validator-7"))
            var signals = gateway.database.listen(to: [Channel.fleet]).makeAsyncIterator()
            #expect(await signals.next() == .listening)
            let answer = try await client.post("positions", Self.report(3))
            #expect(answer.status == 204)
            #expect(answer.body.isEmpty)
            #expect(await signals.next() == .notified(channel: Channel.fleet, payload: ""))
            let states = try await gateway.database.withConnection { connection in
                try FleetStore.listStates(on: connection).states
            }
            #expect(states.map(\.vehicle) == ["tram-101"])
            #expect(try await gateway.count("vehicle_location") == 3)
            #expect(gateway.gateway.positions.tally.written == 3)
            try await client.close()
        }
    }

    @Test("Strangers, the revoked, the garbled and the oversized are turned away")
    func refused() async throws {
        try await withGateway { gateway in
            let stranger = try gateway.client()
            #expect(try await stranger.post("positions", Self.report()).status == 401)
            try await stranger.close()
            let client = try gateway.client(try await gateway.enrol("validator-7"))
            let malformed = try await client.post("positions", [0xFF])
            #expect(malformed.status == 400)
            #expect(malformed.code == "not_protobuf")
            let huge = [UInt8](repeating: 0, count: PositionReport.byteLimit + 1)
            #expect(try await client.post("positions", huge).status == 413)
            try await client.close()
            let other = try gateway.client(try await gateway.enrol("validator-8"))
            try await gateway.revoke("validator-8")
            let revoked = try await other.post("positions", Self.report())
            #expect(revoked.status == 403)
            #expect(revoked.code == "device_revoked")
            try await other.close()
        }
    }

    @Test("A device that floods is told to wait; its taps are not held up by it")
    func flood() async throws {
        try await withGateway { gateway in
            let client = try gateway.client(try await gateway.enrol("validator-7"))
            var statuses: [Int] = []
            for _ in 0..<200 where statuses.last != 429 {
                statuses.append(try await client.post("positions", Self.report()).status)
            }
            #expect(statuses.last == 429)
            #expect(gateway.gateway.positions.tally.throttled == 1)
            #expect(try await client.get("time").status == 200)
            try await client.close()
        }
    }

    @Test("A remembered device is let in while the database is away, and not for ever")
    func roster() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        let tram = DeviceStore.Device(
            id: device.name.device, vehicle: "tram-101", status: .enrolled)
        let gone = PostgresClient("postgresql:///?host=/nowhere/at/all")
        let isAway = Flag()
        let roster = DeviceRoster { _ in
            if isAway.isRaised { _ = try await gone.query("select 1") }
            return tram
        }
        let peer = device.credential
        #expect(try await roster.enrolledDevice(peer, at: TestOffice.noon) == tram)
        isAway.raise()
        for seconds in [5, 60, 3_599] {
            let later = TestOffice.noon.advanced(by: .seconds(seconds))
            #expect(try await roster.enrolledDevice(peer, at: later) == tram)
        }
        await #expect(throws: PostgresFailure.self) {
            try await roster.enrolledDevice(
                peer, at: TestOffice.noon.advanced(by: .seconds(3_601)))
        }
        await office.database.close()
    }
}

private final class Flag: Sendable {
    private let state = Mutex(false)
    var isRaised: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
}

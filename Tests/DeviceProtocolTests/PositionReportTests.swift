import DeviceProtocol
import Testing
import TransitModel

@Suite("Position report")
struct PositionReportTests {
    @Test("What was sent is received again, whatever it was", arguments: UInt64(1)...40)
    func encodeThenDecode(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let report = Self.report(using: &random)
        let received = try PositionReport(serialized: report.serialized())
        #expect(received == report)
        #expect(received.flaws.isEmpty)
    }

    @Test("Garbled bytes are refused or read; nothing traps", arguments: UInt64(1)...200)
    func garbled(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes = Self.report(using: &random).serialized()
        for _ in 0..<Int.random(in: 1...12, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[index] = .random(in: .min ... .max, using: &random)
            case 1: bytes.remove(at: index)
            default: bytes.insert(.random(in: .min ... .max, using: &random), at: index)
            }
        }
        guard let report = try? PositionReport(serialized: bytes) else { return }
        #expect(report.locations.count + report.flaws.count <= PositionReport.locationLimit)
        for location in report.locations {
            #expect((-90...90).contains(location.point.latitude))
            #expect((-180...180).contains(location.point.longitude))
            #expect((0..<360).contains(location.bearing ?? 0))
        }
    }

    @Test("Every prefix of a report is refused or read")
    func truncated() {
        var random = SeededGenerator(seed: 7)
        let bytes = Self.report(using: &random).serialized()
        for length in 0..<bytes.count {
            _ = try? PositionReport(serialized: Array(bytes.prefix(length)))
        }
    }

    @Test("A location on no globe costs itself; its neighbours arrive")
    func flaw() throws {
        let sound = Self.location(at: 1)
        var lost = Self.location(at: 2)
        lost.point = GeoPoint(latitude: .nan, longitude: 30)
        var cursed = Self.location(at: 3)
        cursed.trip = TripID("a\u{0}b")
        let report = try PositionReport(
            serialized: PositionReport(locations: [lost, sound, cursed], health: nil)
                .serialized())
        #expect(report.locations == [sound])
        #expect(
            report.flaws == [.invalid(field: "position"), .invalid(field: "trip_id")])
    }

    @Test("Limits: bytes, locations, readers")
    func limits() throws {
        let many = PositionReport(
            locations: (1...75).map { Self.location(at: $0) }, health: nil)
        #expect(many.locations.count == 60)
        #expect(many.locations.last?.recordedAt == Self.location(at: 75).recordedAt)
        let twice = many.serialized() + many.serialized()
        #expect(throws: WireFailure.tooManyRecords(120)) {
            try PositionReport(serialized: twice)
        }
        #expect(throws: WireFailure.invalid(field: "length")) {
            try PositionReport(serialized: Array(repeating: 0, count: 65_537))
        }
        var health = Self.health
        health.soundReaders = 3
        let boastful = PositionReport(locations: [], health: health).serialized()
        #expect(throws: WireFailure.invalid(field: "sound_readers")) {
            try PositionReport(serialized: boastful)
        }
    }

    /// Written by Google's protoc from the message in text form.
    @Test("The first version's bytes are read for ever")
    func known() throws {
        let bytes = try #require(
            [UInt8](
                hex: "0a2a08a8f1d0ebca3310c0bc90e1031880ee87a30220890728c8063204742d30"
                    + "313a013142027339480150011216080310a8461802200132060804100118023a"
                    + "03312e30"))
        var location = Self.location(at: 1)
        location.bearing = 90.5
        location.speedMetresPerSecond = 8.4
        location.stop = "s9"
        location.stopStatus = .incomingAt
        #expect(
            try PositionReport(serialized: bytes)
                == PositionReport(locations: [location], health: Self.health))
    }

    @Test("Fields of a later version are passed over; numbers from it are named")
    func later() throws {
        let unknownField: [UInt8] = [0xA2, 0x06, 0x03, 1, 2, 3]
        #expect(
            try PositionReport(serialized: unknownField)
                == PositionReport(locations: [], health: nil))
        // A location whose source is 9.
        let strange: [UInt8] = [0x0A, 0x04, 0x08, 0x01, 0x50, 0x09]
        #expect(
            try PositionReport(serialized: strange).flaws
                == [.unknown(field: "source", value: 9)])
    }

    // MARK: Samples

    static let health = DeviceHealth(
        waitingTaps: 3, oldestWaiting: .seconds(9), readers: 2, soundReaders: 1,
        documents: DocumentVersions(denyListBase: 4, denyListOverlay: 1, configuration: 2),
        softwareVersion: "1.0")

    static func location(at second: Int) -> VehicleLocation {
        VehicleLocation(
            recordedAt: Timestamp(secondsSince1970: 1_772_436_600 + Int64(second)),
            point: GeoPoint(latitude: 50.45, longitude: 30.52), trip: "t-01", route: "1")
    }

    static func report(using random: inout SeededGenerator) -> PositionReport {
        func maybe<Value>(_ value: Value) -> Value? {
            Bool.random(using: &random) ? value : nil
        }
        let locations = (0..<Int.random(in: 0...8, using: &random)).map { _ in
            VehicleLocation(
                recordedAt: Timestamp(
                    millisecondsSince1970: .random(in: 1 ... .max, using: &random)),
                point: GeoPoint(
                    latitude: Double(Int.random(in: -900...900, using: &random)) / 10,
                    longitude: Double(Int.random(in: -1_800...1_800, using: &random)) / 10),
                bearing: maybe(Double(Int.random(in: 0..<3_600, using: &random)) / 10),
                speedMetresPerSecond: maybe(
                    Double(Int.random(in: 0...20_000, using: &random)) / 100),
                trip: maybe("рейс 7"), route: maybe("7"), stop: maybe("S 7"),
                stopStatus: maybe(
                    VehicleLocation.StopStatus.allCases.randomElement(using: &random)
                        ?? .stoppedAt),
                source: Bool.random(using: &random) ? .gnss : .simulated)
        }
        return PositionReport(locations: locations, health: maybe(health))
    }
}

import Feeds
import Foundation
import LocalStack
import SwiftProtobuf
import Testing
import Timetable
import TransitModel

@testable import OpenData

@Suite("Vehicle positions in GTFS-Realtime")
struct VehiclePositionsTests {
    private func town(_ vehicles: OpenVehicle...) throws -> OpenDataTown {
        OpenDataTown(vehicles, snapshot: ScheduleSnapshot(current: try OpenDataTown.schedule()))
    }

    @Test("A tram at its second stop, whole")
    func whole() async throws {
        // 1,112 m is the second stop.
        let message = try await town(OpenDataTown.vehicle("101", atMetres: 1_112)).message()
        #expect(message.header.gtfsRealtimeVersion == "2.0")
        #expect(message.header.incrementality == .fullDataset)
        #expect(message.header.timestamp == 1_772_431_500)
        #expect(message.header.feedVersion == "v7")
        let entity = try #require(message.entity.first)
        #expect(entity.id == "101")
        let vehicle = entity.vehicle
        #expect(vehicle.vehicle.id == "101")
        #expect(vehicle.timestamp == 1_772_431_498)
        #expect((vehicle.position.latitude - 50.41).magnitude < 0.000_01)
        #expect(vehicle.position.longitude == 30.5)
        #expect(vehicle.position.bearing == 0 && vehicle.position.hasBearing)
        #expect(vehicle.position.speed == 7.5)
        #expect(vehicle.trip.tripID == "t1")
        #expect(vehicle.trip.startDate == "20260302")
        #expect(!vehicle.trip.hasStartTime)
        #expect(vehicle.trip.routeID == "r")
        #expect(vehicle.trip.directionID == 1)
        #expect(vehicle.currentStatus == .stoppedAt)
        #expect(vehicle.currentStopSequence == 5)
        #expect(vehicle.stopID == "B")
    }

    @Test(
        "Between stops the next one counts, and it is near or far",
        arguments: [
            (400.0, TransitRealtime_VehiclePosition.VehicleStopStatus.inTransitTo, "B"),
            (1_040, .incomingAt, "B"), (1_500, .inTransitTo, "C"), (2_150, .incomingAt, "C"),
        ])
    func status(
        metres: Double, status: TransitRealtime_VehiclePosition.VehicleStopStatus, stop: String
    ) async throws {
        let message = try await town(OpenDataTown.vehicle("101", atMetres: metres)).message()
        let vehicle = try #require(message.entity.first?.vehicle)
        #expect(vehicle.currentStatus == status)
        #expect(vehicle.stopID == stop)
    }

    @Test("A trip without exact times is named by its template and start (E006, E013)")
    func repetition() async throws {
        let message = try await town(
            OpenDataTown.vehicle("101", atMetres: 800, trip: "f1@08:00:00")
        ).message()
        let trip = try #require(message.entity.first?.vehicle.trip)
        #expect(trip.tripID == "f1" && trip.routeID == "n")
        #expect(trip.startTime == "08:00:00" && trip.startDate == "20260302")
        #expect(trip.scheduleRelationship == .unscheduled)
    }

    @Test("Nothing is named that the published feed does not have (E003, E004, E029)")
    func unknown() async throws {
        let message = try await town(
            OpenDataTown.vehicle("101", atMetres: 400, trip: "gone"),
            OpenDataTown.vehicle("102", atMetres: 400, trip: "gone", route: "r"),
            OpenDataTown.vehicle("103", atMetres: 400, trip: nil, route: "gone"),
            OpenDataTown.vehicle("104", atMetres: 400, eastMetres: 900)
        ).message()
        let trips = message.entity.map(\.vehicle.trip)
        #expect(trips.map(\.tripID) == ["", "", "", ""])
        #expect(trips.map(\.routeID) == ["", "r", "", "r"])
        #expect(message.entity.allSatisfy { $0.vehicle.hasPosition })
    }

    @Test("A vehicle that still runs by the feed before keeps its position")
    func previousFeed() async throws {
        let renamed = OpenDataTown.files.mapValues { $0.replacing("t1", with: "t1-new") }
        let town = OpenDataTown(
            [OpenDataTown.vehicle("101", atMetres: 400)],
            snapshot: ScheduleSnapshot(
                current: try OpenDataTown.schedule(renamed, sha256: 2),
                previous: try OpenDataTown.schedule()))
        let vehicle = try #require(try await town.message().entity.first?.vehicle)
        #expect(!vehicle.hasTrip && vehicle.hasPosition)
    }

    @Test("Without any feed there are still positions")
    func withoutFeed() async throws {
        let town = OpenDataTown([OpenDataTown.vehicle("101", atMetres: 400)], snapshot: nil)
        let message = try await town.message()
        #expect(message.entity.count == 1)
        #expect(!message.header.hasFeedVersion)
    }

    @Test("Old positions and those off the earth are left out; a fast clock is held back (E012)")
    func ages() async throws {
        var lost = OpenDataTown.vehicle("103", atMetres: 0)
        lost = OpenVehicle(
            id: lost.id,
            location: VehicleLocation(
                recordedAt: lost.location.recordedAt,
                point: GeoPoint(latitude: .nan, longitude: 30)))
        let message = try await town(
            OpenDataTown.vehicle("101", atMetres: 400, secondsAgo: 91),
            OpenDataTown.vehicle("102", atMetres: 400, secondsAgo: -30), lost
        ).message()
        #expect(message.entity.map(\.id) == ["102"])
        #expect(message.entity.first?.vehicle.timestamp == message.header.timestamp)
    }

    @Test("The bytes carry the standard's field numbers")
    func bytes() async throws {
        let message = try await town(OpenDataTown.vehicle("101", atMetres: 1_112)).message()
        let bytes: [UInt8] = try message.serializedBytes()
        let top = try WireReader.fields(bytes)
        let header = try WireReader.fields(try #require(top[1]?.first?.bytes))
        #expect(header[1]?.first?.bytes == Array("2.0".utf8))
        #expect(header[2]?.first?.number == 0)
        #expect(header[3]?.first?.number == 1_772_431_500)
        #expect(header[4]?.first?.bytes == Array("v7".utf8))
        let entity = try WireReader.fields(try #require(top[2]?.first?.bytes))
        #expect(entity[1]?.first?.bytes == Array("101".utf8))
        let vehicle = try WireReader.fields(try #require(entity[4]?.first?.bytes))
        #expect(vehicle.keys.sorted() == [1, 2, 3, 4, 5, 7, 8])
        #expect(vehicle[3]?.first?.number == 5)
        #expect(vehicle[4]?.first?.number == 1)
        #expect(vehicle[5]?.first?.number == 1_772_431_498)
        #expect(vehicle[7]?.first?.bytes == Array("B".utf8))
        let trip = try WireReader.fields(try #require(vehicle[1]?.first?.bytes))
        #expect(trip.keys.sorted() == [1, 3, 5, 6])
        let position = try WireReader.fields(try #require(vehicle[2]?.first?.bytes))
        #expect(position.keys.sorted() == [1, 2, 3, 5])
        #expect(position[5]?.first?.number == UInt64(Float(7.5).bitPattern))
        let descriptor = try WireReader.fields(try #require(vehicle[8]?.first?.bytes))
        #expect(descriptor[1]?.first?.bytes == Array("101".utf8))
    }
}

/// Reads protobuf's wire format by the book, knowing nothing of our messages.
enum WireReader {
    struct Value {
        var number: UInt64 = 0
        var bytes: [UInt8] = []
    }

    struct Malformed: Error {}

    static func fields(_ bytes: [UInt8]) throws -> [Int: [Value]] {
        var rest = bytes[...]
        var fields: [Int: [Value]] = [:]
        while !rest.isEmpty {
            let tag = try varint(&rest)
            var value = Value()
            switch tag & 7 {
            case 0: value.number = try varint(&rest)
            case 1: value.number = try fixed(&rest, 8)
            case 2:
                let count = Int(try varint(&rest))
                guard rest.count >= count else { throw Malformed() }
                value.bytes = Array(rest.prefix(count))
                rest = rest.dropFirst(count)
            case 5: value.number = try fixed(&rest, 4)
            default: throw Malformed()
            }
            fields[Int(tag >> 3), default: []].append(value)
        }
        return fields
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw Malformed() }
            number |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return number }
        }
        throw Malformed()
    }

    private static func fixed(_ rest: inout ArraySlice<UInt8>, _ count: Int) throws -> UInt64 {
        guard rest.count >= count else { throw Malformed() }
        let bytes = rest.prefix(count)
        rest = rest.dropFirst(count)
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

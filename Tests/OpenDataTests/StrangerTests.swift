import Feeds
import Foundation
import LocalStack
import SwiftProtobuf
import Testing
import Timetable
import TransitModel

@testable import OpenData

/// Our messages in the hands of the standard's own bindings, judged by the validator's rules.
@Suite("Vehicle positions as strangers read them")
struct StrangerTests {
    private static let hasBindings =
        FileManager.default.fileExists(
            atPath: Checkout.path(".local/venv/bin/python"))
        && (try? FileManager.default.subpathsOfDirectory(atPath: Checkout.path(".local/venv/lib")))?
            .contains { $0.hasSuffix("google/transit/gtfs_realtime_pb2.py") } ?? false
    private static let recording = Checkout.path(
        "../shared/data/avl/wmata_2026-02-16_gtfs.zip")

    /// What the reader says of a message and its feed.
    private func judge(
        _ message: TransitRealtime_FeedMessage, _ files: FeedFiles
    ) async throws -> [String] {
        let folder = try ScratchFolder("stranger")
        let bytes: [UInt8] = try message.serializedBytes()
        try Data(bytes).write(to: folder.url.appending(path: "positions.pb"))
        try Data(files.archive()).write(to: folder.url.appending(path: "feed.zip"))
        return try await ChildCommand(
            Checkout.path(".local/venv/bin/python"),
            [
                Checkout.path("Tests/Readers/vehicle_positions.py"), folder.path("positions.pb"),
                folder.path("feed.zip"),
            ], environment: ["PYTHONDONTWRITEBYTECODE": "1"]
        ).run()
    }

    @Test(
        "A small town, with trips that repeat, that are unknown and that are left",
        .enabled(
            if: hasBindings, "needs gtfs-realtime-bindings in .local/venv: `scripts/install test`"))
    func town() async throws {
        let folder = try ScratchFolder("feed")
        for (file, text) in OpenDataTown.files {
            try Data(text.utf8).write(to: folder.url.appending(path: file))
        }
        let town = OpenDataTown(
            [
                OpenDataTown.vehicle("101", atMetres: 1_112),
                OpenDataTown.vehicle("102", atMetres: 500, trip: "f1@08:00:00"),
                OpenDataTown.vehicle("103", atMetres: 500, trip: "gone"),
                OpenDataTown.vehicle("104", atMetres: 500, eastMetres: 700),
                OpenDataTown.vehicle("105", atMetres: 500, secondsAgo: -20),
            ], snapshot: ScheduleSnapshot(current: try OpenDataTown.schedule()))
        let answer = try await judge(
            try await town.message(), FeedFiles(path: folder.path))
        #expect(answer == ["5 vehicles, 3 on trips, 0 offences"])
    }

    @Test(
        "A real feed with every vehicle of a morning on the road",
        .enabled(
            if: hasBindings && FileManager.default.fileExists(atPath: recording),
            "needs gtfs-realtime-bindings in .local/venv, and ../shared/data/avl"))
    func real() async throws {
        let files = try FeedFiles(path: Self.recording)
        let schedule = try Schedule(files: files.contents)
        let zone = try #require(ZoneOffsets(system: schedule.zoneName))
        let loaded = LoadedSchedule(
            feed: "wmata", sha256: files.sha256, effectiveFrom: OpenDataTown.now,
            importedAt: OpenDataTown.now, schedule: schedule, zone: zone)
        let date = try #require(ServiceDate("2026-02-16"))
        let second = 8 * 3_600
        let now = zone.instant(ofSecond: second, on: date)
        var random = SeededGenerator(seed: 3)
        let vehicles = schedule.trips(on: date)
            .filter { schedule.trips[$0].startsAt < second && schedule.trips[$0].endsAt > second }
            .compactMap { trip -> OpenVehicle? in
                guard let shape = schedule.trips[trip].shape else { return nil }
                let line = schedule.shapes[shape]
                let place = line.point(
                    atMetres: .random(in: 0...line.lengthMetres, using: &random))
                return OpenVehicle(
                    id: VehicleID("bus-\(trip)"),
                    location: VehicleLocation(
                        recordedAt: now.advanced(by: .seconds(-3)), point: place,
                        trip: schedule.trips[trip].id))
            }
        #expect(vehicles.count > 10)
        let message = VehiclePositions(
            snapshot: ScheduleSnapshot(current: loaded), timetableClock: .real
        ).message(vehicles, at: now)
        let answer = try await judge(message, files)
        #expect(
            answer == ["\(vehicles.count) vehicles, \(vehicles.count) on trips, 0 offences"])
    }
}

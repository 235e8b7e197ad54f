import DeviceProtocol
import Foundation
import LocalStack
import Synchronization
import TapJournal
import Testing
import TransitModel

@testable import Uplink

@Suite("Positions on their way")
struct PositionSenderTests {
    private static func location(_ number: Int) -> VehicleLocation {
        VehicleLocation(
            recordedAt: Timestamp.systemNow().advanced(by: .milliseconds(number)),
            point: GeoPoint(latitude: 50, longitude: 30 + Double(number) / 10_000),
            trip: "trip-1", route: "route-1", source: .gnss)
    }

    @Test("The ring keeps the newest, whatever is given back")
    func ring() {
        let ring = PositionRing()
        let all = (0..<100).map(Self.location)
        for location in all { ring.add(location) }
        let taken = ring.take()
        #expect(taken == Array(all.suffix(PositionRing.limit)) && ring.count == 0)
        let newer = (100..<110).map(Self.location)
        for location in newer { ring.add(location) }
        ring.giveBack(taken)
        #expect(ring.take() == Array((taken + newer).suffix(PositionRing.limit)))
    }

    @Test("Positions reach the back office beside the taps, and after it was away the newest do")
    func gateway() async throws {
        let town = try await UplinkTown()
        let folder = try ScratchFolder("state").url
        let port = Int(try PortAllotment.allot())
        let device = try await town.withGateway(port: port) { _ in
            try await town.enrol("validator-7", port: port, into: folder)
        }
        let journal = try await TapJournal.open(folder: folder, device: device.device)
        let ring = PositionRing()
        let sender = PositionSender(
            ring: ring,
            settings: .init(
                interval: .milliseconds(50), healthInterval: .milliseconds(200),
                longestPause: .milliseconds(200)),
            health: {
                DeviceHealth(
                    readers: 2, soundReaders: 1,
                    documents: DocumentVersions(
                        denyListBase: 1, denyListOverlay: 0, configuration: 1),
                    softwareVersion: "test")
            })
        try await town.withUplink(
            device, port: port, journal, TestReceiver(), positions: sender
        ) {
            for number in 0..<(2 * PositionRing.limit) { ring.add(Self.location(number)) }
            _ = try await journal.append(try UplinkTown.tap(1))
            try await town.withGateway(port: port) { _ in
                try await eventually("the vehicle's place") {
                    try await town.count("vehicle_state") == 1
                }
                try await eventually("the device's health") {
                    try await town.count("device_health") == 1
                }
                try await eventually("the tap") { try await town.count("tap_log") == 1 }
                #expect(try await town.count("vehicle_location") <= Int64(PositionRing.limit))
            }
        }
    }
}

import DeviceProtocol
import Fleet
import Foundation
import LocalStack
import PostgresClient
import Store
import Synchronization
import TransitModel

enum Sample {
    static let noon = Timestamp(secondsSince1970: 1_772_445_600)
    static let square = GeoPoint(latitude: 50.45, longitude: 30.52)

    static func received(
        _ vehicle: VehicleID, second: Int = 0, trip: TripID? = "t-1"
    ) -> ReceivedLocation {
        let instant = noon.advanced(by: .seconds(second))
        return ReceivedLocation(
            vehicle: vehicle, device: DeviceID("d-\(vehicle)"),
            location: VehicleLocation(
                recordedAt: instant,
                point: square.moved(eastMetres: Double(second) * 10, northMetres: 0),
                bearing: 90, speedMetresPerSecond: 10, trip: trip),
            receivedAt: instant)
    }

    static func health(
        _ vehicle: VehicleID, journalIsSound: Bool = true, oldestWaiting: Duration? = nil,
        soundReaders: UInt8 = 1
    ) -> ReceivedHealth {
        ReceivedHealth(
            device: DeviceID("d-\(vehicle)"), vehicle: vehicle,
            health: DeviceHealth(
                waitingTaps: oldestWaiting == nil ? 0 : 3, oldestWaiting: oldestWaiting,
                readers: 1, soundReaders: soundReaders, journalIsSound: journalIsSound,
                documents: DocumentVersions(
                    denyListBase: 1, denyListOverlay: 0, configuration: 1),
                softwareVersion: "1"), reportedAt: noon)
    }

    static func database() async throws -> PostgresClient {
        PostgresClient(
            try await TestDatabase.make(like: "migrated") { url in
                let client = PostgresClient(url)
                try await Migrator().migrate(client)
                await client.close()
            })
    }
}

/// Knows trips by their first letter: `t` runs with a delay, `e` is at its end, `o` is off route.
struct LetterTimetable: FleetTimetable {
    var version = "first"
    var delay: Duration = .seconds(90)
    let streets = Streets(version: "first", lines: [], stops: [])

    func service(of location: VehicleLocation, previousMetres: Double?) -> VehicleService {
        let progress: VehicleService.Progress =
            switch location.trip?.rawValue.first {
            case "t", "e": .onRoute(delay: delay)
            case "o": .offRoute
            default: .noTrip
            }
        return VehicleService(
            route: VehicleService.Route(
                id: "1", name: "1", type: 0, colour: nil, textColour: nil),
            headsign: nil, nextStop: nil, progress: progress,
            distanceMetres: (previousMetres ?? 0) + 1,
            isAtTripEnd: location.trip?.rawValue.first == "e")
    }
}

/// A clock that stands until it is moved.
final class StandingClock: Sendable {
    private let instant = Mutex(Sample.noon)
    var now: Timestamp { instant.withLock { $0 } }
    func advance(by span: Duration) { instant.withLock { $0 = $0.advanced(by: span) } }
}

import Foundation
import TransitModel

/// How a validator is doing: what `kvytok-validator status` prints, and the running program
/// writes into its state folder. Holds nothing that names a rider or a medium.
package struct ValidatorStatus: Codable, Hashable, Sendable {
    package struct Reader: Codable, Hashable, Sendable {
        package var name: String
        package var answers: Bool
    }

    package struct Documents: Codable, Hashable, Sendable {
        package var root: UInt64?
        package var configuration: UInt64?
        package var denyList: UInt64?
        package var denyListEntries: Int?
    }

    /// What the vehicle is believed to run.
    package struct Service: Codable, Hashable, Sendable {
        package var routeId: String?
        package var tripId: String?
        package var stopId: String?
    }

    package struct RaisedAlarm: Codable, Hashable, Sendable {
        package var code: String
        package var detail: String
        package var raisedAt: String
    }

    /// From field entry to the display, in microseconds, over the last thousand taps.
    package struct TapTimes: Codable, Hashable, Sendable {
        package var count: Int
        package var shownP50: Int64?
        package var shownP95: Int64?
        package var ownP50: Int64?
        package var ownP95: Int64?
    }

    package var device: String
    package var vehicle: String
    package var scheme: String
    package var pid: Int32
    package var startedAt: String
    package var updatedAt: String
    package var display: String
    /// What riders see between taps: ready, starting, reader_fault or out_of_service.
    package var state: String
    package var clockQuality: String
    package var readers: [Reader]
    package var documents: Documents
    package var service: Service
    /// How far the position can be believed: disconnected, no_fix, fix, stale or implausible;
    /// absent without a receiver.
    package var position: String?
    /// Taps since the start, by verdict.
    package var taps: [String: Int]
    package var tapTimes: TapTimes
    /// The newest alarms, oldest first.
    package var alarms: [RaisedAlarm]
    package var alarmCount: Int

    package func json(pretty: Bool = false) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return Array(try encoder.encode(self))
    }

    package init(json: [UInt8]) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(json))
    }

    package init(
        device: DeviceID, vehicle: VehicleID, scheme: SchemeID, pid: Int32,
        startedAt: String
    ) {
        self.device = device.rawValue
        self.vehicle = vehicle.rawValue
        self.scheme = scheme.rawValue
        self.pid = pid
        self.startedAt = startedAt
        updatedAt = startedAt
        display = ""
        state = "starting"
        clockQuality = "unset"
        readers = []
        service = Service()
        documents = Documents()
        taps = [:]
        tapTimes = TapTimes(count: 0)
        alarms = []
        alarmCount = 0
    }
}

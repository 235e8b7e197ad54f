import Foundation
import TransitModel
import Uplink
import ValidatorApp

/// Gives each vehicle of a fleet its identity, once; it stays in the vehicle's folder.
package struct FleetEnrolment: Sendable {
    /// Where the vehicles' state folders lie.
    package let folder: String
    private let server: URL
    private let authority: String
    private let makeCodes: @Sendable ([VehicleID]) async throws -> [String]

    /// Most of an enrolment is waiting: for the gateway, and for this disk.
    private static let atOnce = 8

    /// - Parameters:
    ///   - authority: The certificate file of the scheme's authority.
    ///   - makeCodes: One-time codes in the order of the vehicles.
    package init(
        folder: String, server: URL, authority: String,
        makeCodes: @escaping @Sendable ([VehicleID]) async throws -> [String]
    ) {
        self.folder = folder
        self.server = server
        self.authority = authority
        self.makeCodes = makeCodes
    }

    package func isEnrolled(_ vehicle: VehicleID) -> Bool {
        FileManager.default.fileExists(atPath: state(of: vehicle).path + "/device.json")
    }

    /// - Parameter ready: Told of each vehicle as soon as it is enrolled.
    package func enrol(
        _ vehicles: [VehicleID], ready: @escaping @Sendable (VehicleID) -> Void
    ) async throws {
        guard !vehicles.isEmpty else { return }
        let codes = try await makeCodes(vehicles)
        let enrolment = Enrolment(
            server: server,
            trust: .authority(pem: try String(contentsOfFile: authority, encoding: .utf8)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, (vehicle, code)) in zip(vehicles, codes).enumerated() {
                if number >= Self.atOnce { try await group.next() }
                group.addTask {
                    _ = try await enrolment.enrol(code: code, into: state(of: vehicle).url)
                    ready(vehicle)
                }
            }
            try await group.waitForAll()
        }
    }

    /// The validator of an enrolled vehicle.
    package func open(_ vehicle: VehicleID, line: LineTally) async throws -> LightValidator {
        try await LightValidator.open(
            folder: state(of: vehicle), settings: .init(server: server), line: line)
    }

    private func state(of vehicle: VehicleID) -> StateFolder {
        StateFolder("\(folder)/\(vehicle.rawValue)")
    }
}

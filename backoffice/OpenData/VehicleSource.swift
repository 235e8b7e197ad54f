import Fleet
import TransitModel

/// One vehicle as the public may know it.
package struct OpenVehicle: Hashable, Sendable {
    package let id: VehicleID
    /// Its freshest location.
    package let location: VehicleLocation

    package init(id: VehicleID, location: VehicleLocation) {
        self.id = id
        self.location = location
    }
}

/// Tells where the vehicles are now.
package protocol VehicleSource: Sendable {
    func listVehicles() async throws -> [OpenVehicle]
}

extension FleetBoard: VehicleSource {
    package func listVehicles() async throws -> [OpenVehicle] {
        try await snapshot().vehicles.map { OpenVehicle(id: $0.id, location: $0.location) }
    }
}

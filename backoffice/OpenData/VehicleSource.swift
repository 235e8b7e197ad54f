import Fleet
import TransitModel

/// One vehicle as the public may know it.
package struct OpenVehicle: Hashable, Sendable {
    package let id: VehicleID
    /// Its freshest location.
    package let location: VehicleLocation
    /// How far along its trip it was last seen, where that is known.
    package let distanceMetres: Double?

    package init(id: VehicleID, location: VehicleLocation, distanceMetres: Double? = nil) {
        self.id = id
        self.location = location
        self.distanceMetres = distanceMetres
    }
}

/// Tells where the vehicles are now.
package protocol VehicleSource: Sendable {
    func listVehicles() async throws -> [OpenVehicle]
}

extension FleetBoard: VehicleSource {
    package func listVehicles() async throws -> [OpenVehicle] {
        try await snapshot().vehicles.map { vehicle in
            OpenVehicle(
                id: vehicle.id, location: vehicle.location,
                distanceMetres: vehicle.service.distanceMetres)
        }
    }
}

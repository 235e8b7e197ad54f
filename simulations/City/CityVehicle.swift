package import TransitModel

/// One vehicle of the fleet and what it drives.
package struct CityVehicle: Hashable, Sendable {
    package let id: VehicleID
    /// Painted on the vehicle: `101`.
    package let fleetNumber: String
    /// GTFS's basic route type: 0 tram, 3 bus, 11 trolleybus.
    package let routeType: Int
    package let agency: AgencyID
    package let depot: String
    /// Each door has a validator.
    package let doors: Int
    /// The `block_id` that it drives, by `service_id`; services on which it rests are absent.
    package let blocks: [String: String]
}

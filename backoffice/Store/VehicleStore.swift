import PostgresClient
import TransitModel

/// What happened lately on one vehicle.
package struct VehicleReading: Hashable, Sendable {
    /// One presentation of media; whose is not told.
    package struct LatestTap: Hashable, Sendable {
        package let tap: TapID
        package let tappedAt: Timestamp
        /// ``TapRefusal``'s number, `nil` for an accepted tap.
        package let refusal: UInt8?
        package let riders: Int

        package init(tap: TapID, tappedAt: Timestamp, refusal: UInt8?, riders: Int) {
            self.tap = tap
            self.tappedAt = tappedAt
            self.refusal = refusal
            self.riders = riders
        }
    }

    /// The newest first.
    package let latestTaps: [LatestTap]
    /// Of every device in the vehicle, by identifier.
    package let devices: [ReceivedHealth]

    package init(latestTaps: [LatestTap], devices: [ReceivedHealth]) {
        self.latestTaps = latestTaps
        self.devices = devices
    }
}

/// Reads what happened on one vehicle.
package struct VehicleStore: Sendable {
    private let database: PostgresClient

    package init(_ database: PostgresClient) {
        self.database = database
    }

    package func readVehicle(
        _ vehicle: VehicleID, latestLimit: Int
    ) async throws -> VehicleReading {
        try await database.withConnection { connection in
            let rows = try connection.query(
                """
                (select device_id, epoch_id, sequence, tapped_at, null::smallint as refusal, riders
                 from rider_tap where vehicle_id = \(vehicle)
                 order by tapped_at desc limit \(latestLimit))
                union all
                (select device_id, epoch_id, sequence, tapped_at, refusal, 1::smallint
                 from refused_tap where vehicle_id = \(vehicle)
                 order by tapped_at desc limit \(latestLimit))
                order by tapped_at desc, device_id, epoch_id, sequence desc limit \(latestLimit)
                """)
            return VehicleReading(
                latestTaps: try rows.map { row in
                    let refusal: Int16? = try row.decodeIfPresent("refusal")
                    return VehicleReading.LatestTap(
                        tap: try row.tapID(), tappedAt: try row.decode("tapped_at"),
                        refusal: refusal.map { UInt8(clamping: $0) },
                        riders: try row.decode("riders"))
                },
                devices: try FleetStore.listHealth(of: vehicle, on: connection))
        }
    }
}

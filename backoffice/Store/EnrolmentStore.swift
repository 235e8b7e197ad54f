import PostgresClient
import TransitModel

/// One-time codes that let a device enrol. Only their hashes are kept.
package enum EnrolmentStore {
    /// What a code stands for.
    package struct Grant: Hashable, Sendable {
        package let device: DeviceID
        package let vehicle: VehicleID
    }

    package static func insert(
        codeHash: [UInt8], device: DeviceID, vehicle: VehicleID, at now: Timestamp,
        expiresAt: Timestamp, on connection: isolated PostgresConnection
    ) throws {
        try connection.execute(
            """
            insert into enrolment_code (code_hash, device_id, vehicle_id, created_at, expires_at)
            values (\(codeHash), \(device), \(vehicle), \(now), \(expiresAt))
            """)
    }

    /// Uses a code up, in the caller's transaction: when what follows fails, it is unused again.
    ///
    /// - Returns: `nil` for a code that never was, is expired, or was used before; which of
    ///   these is nobody's business.
    package static func redeem(
        codeHash: [UInt8], at now: Timestamp, on connection: isolated PostgresConnection
    ) throws -> Grant? {
        try connection.query(
            """
            update enrolment_code set used_at = \(now)
            where code_hash = \(codeHash) and used_at is null and expires_at > \(now)
            returning device_id, vehicle_id
            """
        ).first.map { row in
            Grant(device: try row.decode("device_id"), vehicle: try row.decode("vehicle_id"))
        }
    }
}

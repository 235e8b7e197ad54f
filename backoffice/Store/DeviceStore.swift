import PostgresClient
import TransitModel

/// Devices and the certificates issued to them.
package enum DeviceStore {
    package enum Status: String, Sendable {
        case enrolled, revoked
    }

    package struct Device: Hashable, Sendable {
        package let id: DeviceID
        package let vehicle: VehicleID
        package let status: Status

        package init(id: DeviceID, vehicle: VehicleID, status: Status) {
            self.id = id
            self.vehicle = vehicle
            self.status = status
        }
    }

    package struct Certificate: Hashable, Sendable {
        package let serialNumber: [UInt8]
        /// SHA-256 of the DER bytes.
        package let fingerprint: [UInt8]
        package let notBefore: Timestamp
        package let notAfter: Timestamp

        package init(
            serialNumber: [UInt8], fingerprint: [UInt8], notBefore: Timestamp, notAfter: Timestamp
        ) {
            self.serialNumber = serialNumber
            self.fingerprint = fingerprint
            self.notBefore = notBefore
            self.notAfter = notAfter
        }
    }

    /// The device that holds a certificate, if this installation issued it.
    package static func findDevice(
        _ device: DeviceID, withCertificate fingerprint: [UInt8],
        on connection: isolated PostgresConnection
    ) throws -> Device? {
        try connection.query(
            """
            select d.device_id, d.vehicle_id, d.status from device d
            join device_certificate c on c.device_id = d.device_id
            where d.device_id = \(device) and c.fingerprint = \(fingerprint)
            """
        ).first.map(Device.init(row:))
    }

    package static func findDevice(
        _ device: DeviceID, on connection: isolated PostgresConnection
    ) throws -> Device? {
        try connection.query(
            """
            select device_id, vehicle_id, status from device where device_id = \(device)
            """
        ).first.map(Device.init(row:))
    }

    /// Registers a device, or moves it to another vehicle, and records its new certificate.
    ///
    /// - Throws: ``StoreFailure/deviceRevoked`` for a revoked device: it stays out until staff
    ///   take the revocation back.
    package static func enrol(
        _ device: DeviceID, in vehicle: VehicleID, certificate: Certificate, at now: Timestamp,
        on connection: isolated PostgresConnection
    ) throws {
        let touched = try connection.execute(
            """
            insert into device (device_id, vehicle_id, status, enrolled_at)
            values (\(device), \(vehicle), 'enrolled', \(now))
            on conflict (device_id) do update set vehicle_id = excluded.vehicle_id
            where device.status = 'enrolled'
            """)
        guard touched == 1 else { throw StoreFailure.deviceRevoked }
        try connection.execute(
            """
            insert into device_certificate
                (device_id, serial_number, fingerprint, not_before, not_after, issued_at)
            values (\(device), \(certificate.serialNumber), \(certificate.fingerprint),
                \(certificate.notBefore), \(certificate.notAfter), \(now))
            """)
    }

    /// - Returns: Whether the device was enrolled until now.
    @discardableResult
    package static func revoke(
        _ device: DeviceID, at now: Timestamp, on connection: isolated PostgresConnection
    ) throws -> Bool {
        try connection.execute(
            """
            update device set status = 'revoked', revoked_at = \(now)
            where device_id = \(device) and status = 'enrolled'
            """) == 1
    }
}

extension DeviceStore.Device {
    fileprivate init(row: PostgresRow) throws {
        guard let status = DeviceStore.Status(rawValue: try row.decode("status")) else {
            throw StoreFailure.unreadable(table: "device")
        }
        self.init(
            id: try row.decode("device_id"), vehicle: try row.decode("vehicle_id"),
            status: status)
    }
}

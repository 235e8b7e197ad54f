import PostgresClient
import Store
import Synchronization
import TransitModel

/// Remembers for a moment which device holds which certificate.
///
/// Every vehicle reports every second; asking the database each time would cost more than the
/// report. A revocation therefore takes effect on positions within ``Pace/fresh``; taps are
/// always checked afresh. While the database is away, who was known a while ago is let in.
package final class DeviceRoster: Sendable {
    package struct Pace: Sendable {
        package var fresh: Duration = .seconds(10)
        package var lastResort: Duration = .seconds(3_600)

        package init() {}
    }

    private struct Entry {
        let device: DeviceStore.Device
        let foundAt: Timestamp
    }

    private static let limit = 8_192

    private let pace: Pace
    private let find: @Sendable (DeviceCredential) async throws -> DeviceStore.Device?
    private let known = Mutex<[[UInt8]: Entry]>([:])

    package init(
        pace: Pace = Pace(),
        find: @escaping @Sendable (DeviceCredential) async throws -> DeviceStore.Device?
    ) {
        self.pace = pace
        self.find = find
    }

    convenience init(_ database: PostgresClient) {
        self.init { peer in
            try await database.withConnection { connection in
                try DeviceStore.findDevice(
                    peer.name.device, withCertificate: peer.fingerprint, on: connection)
            }
        }
    }

    /// - Throws: ``GatewayRefusal`` for a device that is not known here or is revoked.
    package func enrolledDevice(
        _ peer: DeviceCredential, at now: Timestamp
    ) async throws -> DeviceStore.Device {
        let entry = known.withLock { $0[peer.fingerprint] }
        let device: DeviceStore.Device
        if let entry, entry.foundAt.isWithin(pace.fresh, before: now) {
            device = entry.device
        } else {
            do {
                device = try await look(for: peer, at: now)
            } catch let failure as PostgresFailure {
                guard let entry, failure.isConnectionLost,
                    entry.foundAt.isWithin(pace.lastResort, before: now)
                else { throw failure }
                device = entry.device
            }
        }
        guard device.status == .enrolled else { throw GatewayRefusal.deviceRevoked }
        return device
    }

    private func look(
        for peer: DeviceCredential, at now: Timestamp
    ) async throws -> DeviceStore.Device {
        guard let device = try await find(peer) else { throw GatewayRefusal.unknownDevice }
        known.withLock { known in
            if known.count >= Self.limit { known.removeAll() }
            known[peer.fingerprint] = Entry(device: device, foundAt: now)
        }
        return device
    }
}

extension Timestamp {
    /// A clock that was set back makes nothing fresh for ever.
    fileprivate func isWithin(_ span: Duration, before now: Timestamp) -> Bool {
        self <= now && now < advanced(by: span)
    }
}

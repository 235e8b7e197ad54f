import Crypto
import DeviceProtocol
import PostgresClient
import Store
import TransitModel

/// Takes batches in: checks them, asks ``HeadRule`` under the lock of the heads, appends to
/// `tap_log`, and answers only when archive and database both hold what the answer promises.
package struct BatchIntake: Sendable {
    /// Deadlocks and serialization failures are the database's way of asking once more.
    private static let attemptLimit = 4

    private let database: PostgresClient
    private let archive: TapArchive
    private let clock: @Sendable () -> Timestamp

    package init(
        database: PostgresClient, archive: TapArchive,
        clock: @escaping @Sendable () -> Timestamp = GatewayClock.now
    ) {
        self.database = database
        self.archive = archive
        self.clock = clock
    }

    /// - Parameter bytes: The batch as it came.
    /// - Throws: ``WireFailure`` for bytes that are no batch: nothing of it is stored and the
    ///   device keeps it. ``GatewayRefusal`` for a device that is not known here. Failures of
    ///   the database or the archive: the device sends again.
    package func take(
        _ bytes: [UInt8], from peer: DeviceCredential
    ) async throws -> Acknowledgement {
        let batch = try TapBatch(serialized: bytes)
        let checked = CheckedBatch(batch, from: peer.name.device, key: peer.key)
        var attempt = 1
        while true {
            do {
                return try await database.withTransaction { connection in
                    try await settle(checked, bytes: bytes, from: peer, on: connection)
                }
            } catch let failure as PostgresFailure
                where failure.isWorthRepeating && attempt < Self.attemptLimit
            {
                attempt += 1
            }
        }
    }

    private func settle(
        _ checked: CheckedBatch, bytes: [UInt8], from peer: DeviceCredential,
        on connection: isolated PostgresConnection
    ) async throws -> Acknowledgement {
        let device = peer.name.device
        guard
            let known = try DeviceStore.findDevice(
                device, withCertificate: peer.fingerprint, on: connection)
        else { throw GatewayRefusal.unknownDevice }
        let now = clock()
        let lineage = try TapLogStore.lockLineage(
            of: checked, from: device, at: now, on: connection)
        let decision: HeadDecision =
            known.status == .revoked
            ? .quarantine(.deviceRevoked, epochs: [checked.batch.epoch])
            : HeadRule.decide(checked, lineage: lineage)
        let entry = ArchivedBatch(device: device, receivedAt: now, batch: bytes)

        switch decision {
        case .append(let first):
            // The disk of the archive and the database work at the same time; the commit waits
            // for both, so that nothing is ever in the log that is not in the archive.
            async let isArchived: Void = archive.append(entry)
            try TapLogStore.append(
                checked, from: first, device: device, at: now, on: connection)
            try connection.notify(Channel.taps)
            try await isArchived
        case .quarantine(let reason, let epochs):
            try await archive.append(entry)
            try TapLogStore.quarantine(
                checked, as: try Self.quarantineID(of: bytes), reason: reason, flagging: epochs,
                device: device, at: now, on: connection)
        case .acknowledgeAgain, .gap:
            break
        }
        return Self.acknowledgement(of: decision, checked: checked, own: lineage.own)
    }

    private static func acknowledgement(
        of decision: HeadDecision, checked: CheckedBatch, own: EpochHead?
    ) -> Acknowledgement {
        var head = (sequence: own?.sequence ?? 0, hash: own?.hash ?? checked.openingHash)
        var received = head.sequence
        let disposition: Acknowledgement.Disposition
        switch decision {
        case .append:
            if let last = checked.links.last { head = (last.sequence, last.hash) }
            received = head.sequence
            disposition = .appended
        case .acknowledgeAgain: disposition = .repeated
        case .gap: disposition = .gap
        case .quarantine(let reason, _):
            received = max(received, checked.batch.lastSequence)
            disposition = .quarantined(reason)
        }
        return Acknowledgement(
            epoch: checked.batch.epoch, headSequence: head.sequence, headHash: head.hash,
            prunableThrough: head.sequence, disposition: disposition, receivedThrough: received)
    }

    /// The same bytes have the same name, so that a repetition is stored once.
    private static func quarantineID(of bytes: [UInt8]) throws -> QuarantineID {
        guard let identifier = QuarantineID(bytes: Array(SHA256.hash(data: bytes)).prefix(16))
        else {
            preconditionFailure("A digest has more than 16 bytes")
        }
        return identifier
    }
}

/// Why the gateway does not talk to a peer.
package enum GatewayRefusal: Error, Hashable, Sendable {
    /// No client certificate, or one that names no device of this scheme.
    case noCertificate
    /// A certificate of this authority that this installation did not issue.
    case unknownDevice
    case deviceRevoked
    /// More positions than any device has to tell.
    case tooManyReports

    package var code: String {
        switch self {
        case .noCertificate: "certificate_required"
        case .unknownDevice: "device_unknown"
        case .deviceRevoked: "device_revoked"
        case .tooManyReports: "too_many_reports"
        }
    }
}

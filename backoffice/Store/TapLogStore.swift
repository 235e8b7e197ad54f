import DeviceProtocol
import PostgresClient
import TransitModel

/// Reads and moves the heads of a device's epochs and appends to `tap_log`.
///
/// Every call runs on a connection inside the caller's transaction, because head and records
/// belong together: see ``HeadRule``.
package enum TapLogStore {
    /// Locks the heads that bear on a batch, in one order for everybody, and reads them.
    ///
    /// An epoch that is not known yet gets a head of its own at zero first, so that its first
    /// two batches cannot both believe that they are the first. The heads are read by a statement
    /// after the one that locks: a statement sees what was committed before it began, and the
    /// lock may have waited.
    package static func lockLineage(
        of checked: CheckedBatch, from device: DeviceID, at now: Timestamp,
        on connection: isolated PostgresConnection
    ) throws -> EpochLineage {
        let (epoch, parent) = (checked.batch.epoch, checked.batch.opening.parent?.epoch)
        let locked = try connection.query(
            """
            select epoch_id from epoch_head
            where device_id = \(device) and (epoch_id in (\(epoch), \(parent))
                or parent_epoch_id in (\(epoch), \(parent)))
            order by epoch_id for update
            """)
        let isKnown = try locked.contains { try $0.decode("epoch_id", as: EpochID.self) == epoch }
        if !isKnown {
            try connection.execute(
                """
                insert into epoch_head (device_id, epoch_id, parent_epoch_id, parent_sequence,
                    opening, head_sequence, head_hash, state, updated_at)
                values (\(device), \(epoch), \(parent),
                    \(checked.batch.opening.parent.map { Int64($0.lastSequence) }),
                    \(checked.batch.openingBytes), 0, \(checked.openingHash.bytes), 'open',
                    \(now))
                on conflict (device_id, epoch_id) do nothing
                """)
            _ = try connection.query(
                """
                select epoch_id from epoch_head
                where device_id = \(device) and epoch_id = \(epoch) for update
                """)
        }
        return try readLineage(of: checked, from: device, on: connection)
    }

    private static func readLineage(
        of checked: CheckedBatch, from device: DeviceID,
        on connection: isolated PostgresConnection
    ) throws -> EpochLineage {
        let (epoch, parent) = (checked.batch.epoch, checked.batch.opening.parent?.epoch)
        let rows = try connection.query(
            """
            select opening, head_sequence, head_hash, state from epoch_head
            where device_id = \(device) and (epoch_id in (\(epoch), \(parent))
                or parent_epoch_id in (\(epoch), \(parent)))
            order by epoch_id
            """)
        var lineage = EpochLineage()
        for row in rows {
            let head = try EpochHead(row: row)
            // An epoch counts as a successor once it has grown; one that was quarantined at its
            // first batch must not close its parent.
            if head.epoch == epoch {
                lineage.own = head
            } else if head.epoch == parent {
                lineage.parent = head
            } else if head.sequence > 0, head.opening.parent?.epoch == epoch {
                lineage.children.append(head)
            } else if head.sequence > 0 {
                lineage.siblings.append(head)
            }
        }
        if let own = lineage.own, checked.batch.lastSequence < own.sequence {
            lineage.storedHash = try findHash(
                of: TapID(device: device, epoch: epoch, sequence: checked.batch.lastSequence),
                on: connection)
        }
        return lineage
    }

    private static func findHash(
        of tap: TapID, on connection: isolated PostgresConnection
    ) throws -> ChainHash? {
        let rows = try connection.query(
            """
            select record_hash from tap_log
            where device_id = \(tap.device) and epoch_id = \(tap.epoch)
                and sequence = \(Int64(tap.sequence))
            limit 1
            """)
        return try rows.first.flatMap { ChainHash(bytes: try $0.decode("record_hash")) }
    }

    /// Appends a batch's records from a sequence on, sets aside those that cannot be read, moves
    /// the head and closes the parent.
    ///
    /// - Precondition: ``HeadRule`` said so under this transaction's lock.
    package static func append(
        _ checked: CheckedBatch, from sequence: UInt64, device: DeviceID, at now: Timestamp,
        on connection: isolated PostgresConnection
    ) throws {
        let batch = checked.batch
        let fresh = checked.links.drop { $0.sequence < sequence }
        guard let head = fresh.last else { return }
        try connection.copy(
            into: "tap_log",
            columns: [
                "device_id", "epoch_id", "sequence", "record", "record_hash", "received_at",
            ]
        ) { writer in
            for link in fresh {
                try writer.row(
                    device, batch.epoch, Int64(link.sequence), link.bytes, link.hash.bytes, now)
            }
        }
        for link in fresh {
            guard case .failure(let failure) = link.record else { continue }
            try connection.execute(
                """
                insert into set_aside_tap (device_id, epoch_id, sequence, reason, set_aside_at)
                values (\(device), \(batch.epoch), \(Int64(link.sequence)), \(failure.code),
                    \(now))
                on conflict (device_id, epoch_id, sequence) do nothing
                """)
        }
        try connection.execute(
            """
            update epoch_head
            set head_sequence = \(Int64(head.sequence)), head_hash = \(head.hash.bytes),
                updated_at = \(now)
            where device_id = \(device) and epoch_id = \(batch.epoch)
            """)
        guard sequence == 1, let parent = batch.opening.parent else { return }
        try connection.execute(
            """
            update epoch_head set state = 'closed', updated_at = \(now)
            where device_id = \(device) and epoch_id = \(parent.epoch) and state = 'open'
            """)
    }

    /// Stores a batch apart from the log and flags the epochs concerned. The same batch again
    /// changes nothing.
    package static func quarantine(
        _ checked: CheckedBatch, as identifier: QuarantineID, reason: QuarantineReason,
        flagging epochs: [EpochID], device: DeviceID, at now: Timestamp,
        on connection: isolated PostgresConnection
    ) throws {
        try connection.execute(
            """
            insert into quarantined_batch
                (device_id, quarantine_id, epoch_id, reason, batch, received_at)
            values (\(device), \(identifier), \(checked.batch.epoch), \(reason.code),
                \(checked.batch.serialized()), \(now))
            on conflict (device_id, quarantine_id) do nothing
            """)
        try connection.execute(
            """
            update epoch_head
            set state = 'quarantined', quarantine_reason = \(reason.code), updated_at = \(now)
            where device_id = \(device) and epoch_id = any(\(PostgresArray(epochs)))
                and state <> 'quarantined'
            """)
    }
}

package enum QuarantineKind {}
/// Names a quarantined batch by its content.
package typealias QuarantineID = RandomIdentifier<QuarantineKind>

extension EpochHead {
    fileprivate init(row: PostgresRow) throws {
        let openingBytes: [UInt8] = try row.decode("opening")
        guard let hash = ChainHash(bytes: try row.decode("head_hash")),
            let state = State(rawValue: try row.decode("state"))
        else { throw StoreFailure.unreadable(table: "epoch_head") }
        self.init(
            opening: try EpochOpening(serialized: openingBytes),
            openingHash: ChainHash.of(openingBytes),
            sequence: UInt64(try row.decode("head_sequence", as: Int64.self)), hash: hash,
            state: state)
    }
}

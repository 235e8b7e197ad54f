import PostgresClient
import TransitModel

/// One row of `tap_log`.
package struct LoggedTap: Hashable, Sendable {
    package let sequence: UInt64
    package let record: [UInt8]
    package let receivedAt: Timestamp

    package init(sequence: UInt64, record: [UInt8], receivedAt: Timestamp) {
        self.sequence = sequence
        self.record = record
        self.receivedAt = receivedAt
    }
}

/// A record that nobody can use yet, kept with the reason until staff or newer software can.
package struct SetAsideRow: Hashable, Sendable {
    package let sequence: UInt64
    /// A stable code.
    package let reason: String

    package init(sequence: UInt64, reason: String) {
        self.sequence = sequence
        self.reason = reason
    }
}

/// An epoch whose log holds what no rider has yet.
package struct UnroutedEpoch: Hashable, Sendable {
    package let device: DeviceID
    package let epoch: EpochID
    package let routedSequence: UInt64
    package let headSequence: UInt64
}

/// The way from `tap_log` to riders: what is due, and how far it has come.
package enum RoutingStore {
    private static let isDue: SQL = "routed_sequence < head_sequence and state <> 'quarantined'"

    /// Epochs with something to route, the longest waiting first. Nothing is locked: ask
    /// ``lockEpoch(_:of:on:)`` before acting.
    package static func listUnroutedEpochs(
        limit: Int, on connection: isolated PostgresConnection
    ) throws -> [UnroutedEpoch] {
        try connection.query(
            """
            select device_id, epoch_id, routed_sequence, head_sequence from epoch_head
            where \(sql: isDue) order by updated_at limit \(limit)
            """
        ).map(epoch)
    }

    /// Locks an epoch's head until the transaction ends.
    ///
    /// - Returns: `nil` when somebody else holds it or nothing is left to route.
    package static func lockEpoch(
        _ epoch: EpochID, of device: DeviceID, on connection: isolated PostgresConnection
    ) throws -> UnroutedEpoch? {
        try connection.query(
            """
            select device_id, epoch_id, routed_sequence, head_sequence from epoch_head
            where device_id = \(device) and epoch_id = \(epoch) and \(sql: isDue)
            for update skip locked
            """
        ).first.map(self.epoch)
    }

    /// The records after what is routed, in order, at most `limit`.
    package static func readLog(
        _ epoch: UnroutedEpoch, limit: Int, on connection: isolated PostgresConnection
    ) throws -> [LoggedTap] {
        try connection.query(
            """
            select sequence, record, received_at from tap_log
            where device_id = \(epoch.device) and epoch_id = \(epoch.epoch)
                and sequence > \(epoch.routedSequence) and sequence <= \(epoch.headSequence)
            order by sequence limit \(limit)
            """
        ).map { row in
            LoggedTap(
                sequence: try row.decode("sequence"), record: try row.decode("record"),
                receivedAt: try row.decode("received_at"))
        }
    }

    package static func setAside(
        _ taps: [SetAsideRow], of epoch: UnroutedEpoch, on connection: isolated PostgresConnection
    ) throws {
        guard !taps.isEmpty else { return }
        try connection.execute(
            """
            insert into set_aside_tap (device_id, epoch_id, sequence, reason, set_aside_at)
            select \(epoch.device)::text, \(epoch.epoch), sequence, reason, now()
            from unnest(\(PostgresArray(taps.map(\.sequence))),
                \(PostgresArray(taps.map(\.reason)))::text[]) as tap (sequence, reason)
            on conflict (device_id, epoch_id, sequence) do nothing
            """)
    }

    /// Records how far the epoch is routed. The caller holds its lock.
    package static func advance(
        _ epoch: UnroutedEpoch, to sequence: UInt64, on connection: isolated PostgresConnection
    ) throws {
        try connection.execute(
            """
            update epoch_head set routed_sequence = \(sequence)
            where device_id = \(epoch.device) and epoch_id = \(epoch.epoch)
            """)
    }

    private static func epoch(_ row: PostgresRow) throws -> UnroutedEpoch {
        UnroutedEpoch(
            device: try row.decode("device_id"), epoch: try row.decode("epoch_id"),
            routedSequence: try row.decode("routed_sequence"),
            headSequence: try row.decode("head_sequence"))
    }
}

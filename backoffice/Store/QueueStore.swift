import PostgresClient

/// How much waits between the steps, for monitoring.
package struct QueueDepths: Hashable, Sendable {
    /// Taps that ever arrived, by the epochs' heads.
    package let ingestedTaps: Int64
    package let unroutedTaps: Int64
    package let quarantinedEpochs: Int64
    package let setAsideTaps: Int64
    package let unpricedTaps: Int64
    package let waitingRiders: Int64
    /// Riders that failed too often and wait for staff.
    package let restingRiders: Int64
    package let unbatchedEntries: Int64
}

package enum QueueStore {
    package static func read(on connection: isolated PostgresConnection) throws -> QueueDepths {
        let limit = RiderWorkStore.attemptLimit
        let row = try connection.query(
            """
            select heads.*, work.*,
                (select count(*) from set_aside_tap) as set_aside,
                (select count(*) from unpriced_tap) as unpriced,
                (select count(*) from rider_entry where ledger_batch_id is null) as unbatched
            from (
                select coalesce(sum(head_sequence), 0) as ingested,
                    coalesce(sum(head_sequence - routed_sequence)
                        filter (where state <> 'quarantined'), 0) as unrouted,
                    count(*) filter (where state = 'quarantined') as quarantined
                from epoch_head
            ) as heads, (
                select count(*) filter (where attempts < \(limit)) as waiting,
                    count(*) filter (where attempts >= \(limit)) as resting
                from rider_work
            ) as work
            """
        ).first
        guard let row else { throw StoreFailure.unreadable(table: "epoch_head") }
        return QueueDepths(
            ingestedTaps: try row.decode("ingested"), unroutedTaps: try row.decode("unrouted"),
            quarantinedEpochs: try row.decode("quarantined"),
            setAsideTaps: try row.decode("set_aside"), unpricedTaps: try row.decode("unpriced"),
            waitingRiders: try row.decode("waiting"), restingRiders: try row.decode("resting"),
            unbatchedEntries: try row.decode("unbatched"))
    }
}

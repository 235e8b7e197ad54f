import PostgresClient
import TransitModel

/// Follows single taps through the back office.
///
/// Riders' tables are kept by rider, so a tap's row is found by the instant of its receipt, which
/// is indexed and the same in the log and in the history.
package struct TapTraceStore: Sendable {
    private let database: PostgresClient

    package init(_ database: PostgresClient) {
        self.database = database
    }

    /// How far a tap has come.
    ///
    /// - Returns: `nil` until it has been received.
    package func findTrace(of tap: TapID) async throws -> TapTrace? {
        try await database.query(
            """
            with logged as (
                select received_at from tap_log
                where device_id = \(tap.device) and epoch_id = \(tap.epoch)
                    and sequence = \(tap.sequence)
                order by received_at limit 1
            ), ridden as (
                select t.rider_id, t.device_id, t.epoch_id, t.sequence, t.routed_at
                from logged join rider_tap t using (received_at)
                where t.device_id = \(tap.device) and t.epoch_id = \(tap.epoch)
                    and t.sequence = \(tap.sequence)
            ), refused as (
                select r.routed_at from logged join refused_tap r using (received_at)
                where r.device_id = \(tap.device) and r.epoch_id = \(tap.epoch)
                    and r.sequence = \(tap.sequence)
            ), charged as (
                select rider_id, charge_id, revision, part.amount_minor, charge.currency,
                    charge.charged_at
                from ridden
                join charge_tap part using (rider_id, device_id, epoch_id, sequence)
                join charge using (rider_id, charge_id, revision)
                order by charge.charged_at, revision limit 1
            )
            select logged.received_at, coalesce(ridden.routed_at, refused.routed_at) as routed_at,
                refused.routed_at is not null as is_refused, charged.rider_id, charged.charge_id,
                charged.amount_minor, charged.currency, charged.charged_at,
                entry.entry_id is not null as has_entry, journal_entry.posted_at, unpriced.cause
            from logged left join ridden on true left join refused on true
                left join charged on true
                left join rider_entry entry on entry.rider_id = charged.rider_id
                    and entry.charge_id = charged.charge_id and entry.revision = charged.revision
                left join journal_entry on journal_entry_id = entry.ledger_batch_id
                left join unpriced_tap unpriced on unpriced.rider_id = ridden.rider_id
                    and unpriced.device_id = ridden.device_id
                    and unpriced.epoch_id = ridden.epoch_id
                    and unpriced.sequence = ridden.sequence
            """
        ).first.map { row in try TapTrace(row: row, of: tap) }
    }

    /// What became of taps that validators say they took.
    package func judge(_ taps: [TapID]) async throws -> TapOutcome {
        let row = try await database.query(
            """
            with asked as (
                select distinct * from unnest(
                    \(PostgresArray(taps.map(\.device)))::text[],
                    \(PostgresArray(taps.map(\.epoch))), \(PostgresArray(taps.map(\.sequence)))
                ) as tap (device_id, epoch_id, sequence)
            ), logged as (
                select device_id, epoch_id, sequence, count(*) as copies,
                    min(received_at) as received_at
                from asked join tap_log using (device_id, epoch_id, sequence) group by 1, 2, 3
            ), ridden as (
                select rider_id, device_id, epoch_id, sequence from logged
                join rider_tap using (device_id, epoch_id, sequence, received_at)
            ), fate as (
                select device_id, epoch_id, sequence, count(*) as fates from (
                    select device_id, epoch_id, sequence from ridden
                        join charge_tap using (rider_id, device_id, epoch_id, sequence)
                        join charge using (rider_id, charge_id, revision)
                        where superseded_at is null
                    union all
                    select device_id, epoch_id, sequence from ridden
                        join unpriced_tap using (rider_id, device_id, epoch_id, sequence)
                    union all
                    select device_id, epoch_id, sequence from logged
                        join refused_tap using (device_id, epoch_id, sequence)
                    union all
                    select device_id, epoch_id, sequence from logged
                        join set_aside_tap using (device_id, epoch_id, sequence)
                ) as outcome group by 1, 2, 3
            )
            select (select count(*) from asked) as asked, count(*) as received,
                count(*) filter (where copies > 1 or fates > 1) as doubled,
                count(fates) as settled, max(received_at) as last_received_at
            from logged left join fate using (device_id, epoch_id, sequence)
            """
        ).first
        guard let row else { throw StoreFailure.unreadable(table: "tap_log") }
        return TapOutcome(
            taps: try row.decode("asked"), received: try row.decode("received"),
            doubled: try row.decode("doubled"), settled: try row.decode("settled"),
            lastReceivedAt: try row.decodeIfPresent("last_received_at"))
    }

    /// The medium behind a tap.
    ///
    /// - Returns: `nil` until the tap has reached a rider, and for a rider with several media:
    ///   which of them was tapped is no longer known then.
    package func findMedia(of tap: TapID) async throws -> MediaToken? {
        let media: [MediaToken] = try await database.query(
            """
            select media_token from tap_log
                join rider_tap using (device_id, epoch_id, sequence, received_at)
                join media_rider using (rider_id)
            where device_id = \(tap.device) and epoch_id = \(tap.epoch)
                and sequence = \(tap.sequence)
            limit 2
            """
        ).map { try $0.decode("media_token") }
        return media.count == 1 ? media.first : nil
    }
}

/// One tap's instants in the back office. Each is the database's or the gateway's own record.
package struct TapTrace: Hashable, Sendable {
    package struct Charge: Hashable, Sendable {
        package let rider: RiderAccountID
        package let charge: ChargeID
        /// This tap's part of it.
        package let amount: Money
        package let chargedAt: Timestamp
        /// Whether the rider's account moved; a free transfer moves nothing.
        package let hasEntry: Bool
        /// When the general ledger took it; absent until the next batch.
        package let postedAt: Timestamp?

        package init(
            rider: RiderAccountID, charge: ChargeID, amount: Money, chargedAt: Timestamp,
            hasEntry: Bool, postedAt: Timestamp?
        ) {
            self.rider = rider
            self.charge = charge
            self.amount = amount
            self.chargedAt = chargedAt
            self.hasEntry = hasEntry
            self.postedAt = postedAt
        }
    }

    package let tap: TapID
    package let receivedAt: Timestamp
    /// When it reached its rider's history or the list of refusals.
    package let routedAt: Timestamp?
    package let isRefused: Bool
    /// The charge that this tap first became part of.
    package let charge: Charge?
    /// Why it has no price.
    package let unpricedCause: String?

    package init(
        tap: TapID, receivedAt: Timestamp, routedAt: Timestamp?, isRefused: Bool = false,
        charge: Charge? = nil, unpricedCause: String? = nil
    ) {
        self.tap = tap
        self.receivedAt = receivedAt
        self.routedAt = routedAt
        self.isRefused = isRefused
        self.charge = charge
        self.unpricedCause = unpricedCause
    }

    /// Nothing more will happen to it by itself.
    package var isOver: Bool {
        if isRefused || unpricedCause != nil { return true }
        guard let charge else { return false }
        return !charge.hasEntry || charge.postedAt != nil
    }
}

/// What became of a number of taps.
package struct TapOutcome: Hashable, Sendable {
    package let taps: Int
    package let received: Int
    /// In the log twice, or under two charges.
    package let doubled: Int
    /// Charged, refused, or set aside with a reason.
    package let settled: Int
    package let lastReceivedAt: Timestamp?

    package init(
        taps: Int, received: Int, doubled: Int, settled: Int, lastReceivedAt: Timestamp?
    ) {
        self.taps = taps
        self.received = received
        self.doubled = doubled
        self.settled = settled
        self.lastReceivedAt = lastReceivedAt
    }

    package var missing: Int { taps - received }
    package var isSettled: Bool { settled == taps }
}

extension TapTrace {
    fileprivate init(row: PostgresRow, of tap: TapID) throws {
        var charge: Charge?
        if let id: ChargeID = try row.decodeIfPresent("charge_id") {
            charge = Charge(
                rider: try row.decode("rider_id"), charge: id,
                amount: try row.money("amount_minor"), chargedAt: try row.decode("charged_at"),
                hasEntry: try row.decode("has_entry"),
                postedAt: try row.decodeIfPresent("posted_at"))
        }
        self.init(
            tap: tap, receivedAt: try row.decode("received_at"),
            routedAt: try row.decodeIfPresent("routed_at"),
            isRefused: try row.decode("is_refused"), charge: charge,
            unpricedCause: try row.decodeIfPresent("cause"))
    }
}

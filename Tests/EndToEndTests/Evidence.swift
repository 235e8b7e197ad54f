import DeviceProtocol
import PostgresClient
import Store
import TransitModel

/// What the back office holds, read straight from its tables.
struct Evidence: Sendable {
    let database: PostgresClient

    /// Every record of the log, in the order of each epoch. Twice the same place is a tap taken
    /// twice.
    func loggedTaps() async throws -> [TapRecord] {
        try await database.query(
            "select record from tap_log order by device_id, epoch_id, sequence"
        ).map { try TapRecord(serialized: $0.decode("record")) }
    }

    func count(_ statement: SQL) async throws -> Int {
        try await database.query(statement).first?.decode("count") ?? 0
    }

    func ratedTapCount() async throws -> Int {
        try await count("select count(*) as count from rider_tap")
    }

    /// Taps that stand under a charge in force.
    func chargedTapCount() async throws -> Int {
        try await count(
            """
            select count(*) as count from charge_tap join charge using (rider_id, charge_id, revision)
            where superseded_at is null
            """)
    }

    /// Routes and number of taps that nobody could price.
    func unpricedTaps() async throws -> [String: Int] {
        let rows = try await database.query(
            """
            select coalesce(route_id, '') as route_id, count(*) as count
            from unpriced_tap join rider_tap using (rider_id, device_id, epoch_id, sequence)
            group by 1
            """)
        return try Dictionary(
            uniqueKeysWithValues: rows.map {
                (try $0.decode("route_id", as: String.self), try $0.decode("count", as: Int.self))
            })
    }

    /// Taps that stand under no charge in force although they have a price.
    func unchargedTapCount() async throws -> Int {
        try await count(
            """
            select count(*) as count from rider_tap as tap
            where not exists (
                select from unpriced_tap as unpriced
                where (unpriced.rider_id, unpriced.device_id, unpriced.epoch_id, unpriced.sequence)
                    = (tap.rider_id, tap.device_id, tap.epoch_id, tap.sequence)
            ) and not exists (
                select from charge_tap join charge using (rider_id, charge_id, revision)
                where charge.superseded_at is null
                    and (charge_tap.rider_id, charge_tap.device_id, charge_tap.epoch_id,
                        charge_tap.sequence)
                    = (tap.rider_id, tap.device_id, tap.epoch_id, tap.sequence)
            )
            """)
    }

    /// Nothing is on its way any more.
    func isQuiet() async throws -> Bool {
        let unrouted = try await count(
            "select count(*) as count from epoch_head where routed_sequence < head_sequence")
        let work = try await count("select count(*) as count from rider_work")
        let unbatched = try await count(
            "select count(*) as count from rider_entry where ledger_batch_id is null")
        return (unrouted, work, unbatched) == (0, 0, 0)
    }

    /// What each rider pays, in kopiykas, and how many riders pay that.
    func totals() async throws -> [Int: Int] {
        let rows = try await database.query(
            """
            select total, count(*) as count from (
                select rider_id, sum(amount_minor)::bigint as total from rider_entry group by 1
            ) as rider group by total
            """)
        return try Dictionary(
            uniqueKeysWithValues: rows.map {
                (try $0.decode("total", as: Int.self), try $0.decode("count", as: Int.self))
            })
    }
}

import PostgresClient
import TransitModel

/// Reads charges and everything that explains them.
package struct ChargeStore: Sendable {
    private let database: PostgresClient

    package init(_ database: PostgresClient) {
        self.database = database
    }

    /// Charges of a service date as they stand, the newest first.
    package func list(of date: ServiceDate, _ page: Page) async throws -> Paged<ChargeSummary> {
        try await database.withTransaction(isolation: .repeatableRead) { connection in
            Paged(
                elements: try Self.list(of: date, page, on: connection),
                total: try connection.query(
                    """
                    select count(*) as total from charge
                    where service_date = \(date) and superseded_at is null
                    """
                ).first?.decode("total") ?? 0)
        }
    }

    /// One charge with all its revisions, taps and entries; `nil` when there is none.
    package func find(
        rider: RiderAccountID, charge: ChargeID
    ) async throws -> ChargeReading? {
        try await database.withTransaction(isolation: .repeatableRead) { connection in
            let taps = try Self.listTaps(of: charge, rider, on: connection)
            let rows = try connection.query(
                """
                select revision, fare_day, service_date, amount_minor, currency, tariff_id,
                       tariff_version, explanation, charged_at, superseded_at
                from charge where rider_id = \(rider) and charge_id = \(charge)
                order by revision desc
                """)
            guard !rows.isEmpty else { return nil }
            return ChargeReading(
                rider: rider, charge: charge,
                revisions: try rows.map { try Self.revision($0, taps: taps) },
                entries: try Self.listEntries(of: charge, rider, on: connection))
        }
    }

    /// A page is cut by the instant of rating, which the charge itself has, and only then sorted
    /// by the rides' own times: a city's day is far too long to look up every ride for one page.
    static func list(
        of date: ServiceDate, _ page: Page, on connection: isolated PostgresConnection
    ) throws -> [ChargeSummary] {
        try connection.query(
            """
            with page as (
                select rider_id, charge_id, revision, amount_minor, currency, service_date,
                       charged_at
                from charge
                where service_date = \(date) and superseded_at is null
                order by charged_at desc, charge_id
                limit \(page.size) offset \(page.offset)
            )
            select page.*, first_tap.tapped_at, first_tap.route_id, first_tap.vehicle_id,
                   coalesce(first_tap.taps, 0) as taps
            from page
            left join lateral (
                select t.tapped_at, t.route_id, t.vehicle_id, count(*) over () as taps
                from charge_tap ct
                left join rider_tap t using (rider_id, device_id, epoch_id, sequence)
                where ct.rider_id = page.rider_id and ct.charge_id = page.charge_id
                  and ct.revision = page.revision
                order by ct.leg, t.tapped_at limit 1
            ) first_tap on true
            order by first_tap.tapped_at desc nulls last, page.charge_id
            """
        ).map(summary)
    }

    private static func summary(_ row: PostgresRow) throws -> ChargeSummary {
        ChargeSummary(
            rider: try row.decode("rider_id"), charge: try row.decode("charge_id"),
            revision: try row.decode("revision"), amount: try row.money("amount_minor"),
            serviceDate: try row.decode("service_date"), chargedAt: try row.decode("charged_at"),
            tappedAt: try row.decodeIfPresent("tapped_at"),
            route: try row.decodeIfPresent("route_id"),
            vehicle: try row.decodeIfPresent("vehicle_id"), taps: try row.decode("taps"))
    }

    private static func revision(
        _ row: PostgresRow, taps: [(revision: Int32, tap: ChargedTap)]
    ) throws -> ChargeRevision {
        let number: Int32 = try row.decode("revision")
        return ChargeRevision(
            revision: number, amount: try row.money("amount_minor"),
            fareDay: try row.decode("fare_day"), serviceDate: try row.decode("service_date"),
            tariff: try row.decode("tariff_id"), tariffVersion: try row.decode("tariff_version"),
            explanation: try row.decode("explanation"), chargedAt: try row.decode("charged_at"),
            supersededAt: try row.decodeIfPresent("superseded_at"),
            taps: taps.filter { $0.revision == number }.map(\.tap))
    }

    private static func listTaps(
        of charge: ChargeID, _ rider: RiderAccountID, on connection: isolated PostgresConnection
    ) throws -> [(revision: Int32, tap: ChargedTap)] {
        try connection.query(
            """
            select ct.revision, ct.device_id, ct.epoch_id, ct.sequence, ct.leg, ct.amount_minor,
                   c.currency, t.tapped_at, t.vehicle_id, t.route_id, t.trip_id, t.stop_id,
                   t.direction
            from charge_tap ct
            join charge c using (rider_id, charge_id, revision)
            left join rider_tap t using (rider_id, device_id, epoch_id, sequence)
            where ct.rider_id = \(rider) and ct.charge_id = \(charge)
            order by ct.revision desc, ct.leg, t.tapped_at, ct.device_id, ct.sequence
            """
        ).map { row in
            let tap = ChargedTap(
                tap: try row.tapID(), leg: try row.decode("leg"),
                amount: try row.money("amount_minor"),
                tappedAt: try row.decodeIfPresent("tapped_at"), service: try row.serviceContext())
            return (try row.decode("revision"), tap)
        }
    }

    private static func listEntries(
        of charge: ChargeID, _ rider: RiderAccountID, on connection: isolated PostgresConnection
    ) throws -> [ChargeEntry] {
        try connection.query(
            """
            select revision, kind, amount_minor, currency, posted_at, ledger_batch_id
            from rider_entry where rider_id = \(rider) and charge_id = \(charge)
            order by revision desc, posted_at desc
            """
        ).map { row in
            ChargeEntry(
                revision: try row.decode("revision"), kind: try row.decode("kind"),
                amount: try row.money("amount_minor"), postedAt: try row.decode("posted_at"),
                journalEntry: try row.decodeIfPresent("ledger_batch_id"))
        }
    }
}

import PostgresClient
import TransitModel

/// Reads what happened on a day, and the taps that rating or a validator would not take.
package struct TodayStore: Sendable {
    private let database: PostgresClient

    package init(_ database: PostgresClient) {
        self.database = database
    }

    /// The day in one snapshot: all figures belong together.
    ///
    /// - Parameter latestLimit: The most charges to list.
    package func readDay(
        _ day: DaySpan, currency: Currency, latestLimit: Int
    ) async throws -> TodayReading {
        try await database.withTransaction(isolation: .repeatableRead) { connection in
            TodayReading(
                date: day.date,
                acceptedTaps: try Self.countTaps(of: day, on: connection),
                refusals: try Self.countRefusals(of: day, on: connection),
                charges: try connection.query(
                    """
                    select count(*) as total from charge
                    where service_date = \(day.date) and superseded_at is null
                    """
                ).first?.decode("total") ?? 0,
                revenue: try Self.sumEntries(on: day.date, currency: currency, connection),
                unpricedTaps: try connection.query("select count(*) as total from unpriced_tap")
                    .first?.decode("total") ?? 0,
                latestCharges: try ChargeStore.list(
                    of: day.date, Page(number: 1, size: latestLimit), on: connection))
        }
    }

    /// Taps that could not be priced, the oldest first: they have waited longest.
    package func listUnpricedTaps(_ page: Page) async throws -> Paged<UnpricedTap> {
        try await database.withTransaction(isolation: .repeatableRead) { connection in
            let rows = try connection.query(
                """
                select u.device_id, u.epoch_id, u.sequence, u.cause, u.detail, u.noticed_at,
                       t.tapped_at, t.vehicle_id, t.route_id, t.trip_id, t.stop_id, t.direction
                from unpriced_tap u
                left join rider_tap t using (rider_id, device_id, epoch_id, sequence)
                order by u.noticed_at, u.device_id, u.epoch_id, u.sequence
                limit \(page.size) offset \(page.offset)
                """)
            return Paged(
                elements: try rows.map { row in
                    UnpricedTap(
                        tap: try row.tapID(), cause: try row.decode("cause"),
                        detail: try row.decode("detail"), noticedAt: try row.decode("noticed_at"),
                        tappedAt: try row.decodeIfPresent("tapped_at"),
                        service: try row.serviceContext())
                },
                total: try connection.query("select count(*) as total from unpriced_tap")
                    .first?.decode("total") ?? 0)
        }
    }

    /// Taps that validators refused on a day, the newest first.
    package func listRefusedTaps(
        of day: DaySpan, _ page: Page
    ) async throws -> Paged<RefusalReading> {
        try await database.withTransaction(isolation: .repeatableRead) { connection in
            let rows = try connection.query(
                """
                select device_id, epoch_id, sequence, refusal, tapped_at, vehicle_id, route_id
                from refused_tap
                where tapped_at >= \(day.from) and tapped_at < \(day.until)
                order by tapped_at desc, device_id, epoch_id, sequence desc
                limit \(page.size) offset \(page.offset)
                """)
            return Paged(
                elements: try rows.map { row in
                    RefusalReading(
                        tap: try row.tapID(),
                        refusal: UInt8(clamping: try row.decode("refusal", as: Int16.self)),
                        tappedAt: try row.decode("tapped_at"),
                        vehicle: try row.decodeIfPresent("vehicle_id"),
                        route: try row.decodeIfPresent("route_id"))
                },
                total: try Self.countRefusals(of: day, on: connection).reduce(0) { $0 + $1.count })
        }
    }

    /// Bounded by receipt too, which is indexed: nothing arrives before it happened, save for
    /// what a fast clock makes of it.
    private static func countTaps(
        of day: DaySpan, on connection: isolated PostgresConnection
    ) throws -> Int64 {
        let received = day.from.advanced(by: .seconds(-86_400))
        return try connection.query(
            """
            select count(*) as total from rider_tap
            where received_at >= \(received)
              and tapped_at >= \(day.from) and tapped_at < \(day.until)
            """
        ).first?.decode("total") ?? 0
    }

    private static func countRefusals(
        of day: DaySpan, on connection: isolated PostgresConnection
    ) throws -> [TodayReading.RefusalCount] {
        try connection.query(
            """
            select refusal, count(*) as total from refused_tap
            where tapped_at >= \(day.from) and tapped_at < \(day.until)
            group by refusal order by total desc, refusal
            """
        ).map { row in
            TodayReading.RefusalCount(
                refusal: UInt8(clamping: try row.decode("refusal", as: Int16.self)),
                count: try row.decode("total"))
        }
    }

    private static func sumEntries(
        on date: ServiceDate, currency: Currency, _ connection: isolated PostgresConnection
    ) throws -> Money {
        let total: Int64 =
            try connection.query(
                """
                select coalesce(sum(amount_minor), 0) as total from rider_entry
                where service_date = \(date) and currency = \(currency.code)
                """
            ).first?.decode("total") ?? 0
        return Money(minorUnits: total, currency: currency)
    }
}

import PostgresClient
import TransitModel

/// What rating reads and writes of one rider. The caller holds the rider: see ``RiderWorkStore``.
package enum RatingStore {
    /// The beginning of the run of taps that an instant belongs to, where a pause longer than
    /// `quietSpan` parts one run from the next.
    ///
    /// - Returns: `nil` when the rider has no tap up to that instant.
    package static func findRunStart(
        of rider: RiderAccountID, at instant: Timestamp, quietSpan: Duration,
        on connection: isolated PostgresConnection
    ) throws -> Timestamp? {
        // Read backwards along the index, and no further than the first pause.
        try connection.query(
            """
            select tapped_at from (
                select tapped_at, lead(tapped_at) over (order by tapped_at desc) as previous_at
                from rider_tap where rider_id = \(rider) and tapped_at <= \(instant)
            ) as tap
            where previous_at is null
                or tapped_at - previous_at
                    > make_interval(secs => \(Double(quietSpan.components.seconds)))
            order by tapped_at desc limit 1
            """
        ).first?.decode("tapped_at")
    }

    /// The charges in force that hold a tap from an instant on, with the earliest tap of them all,
    /// which may lie before that instant.
    package static func listChargesInForce(
        of rider: RiderAccountID, from start: Timestamp,
        on connection: isolated PostgresConnection
    ) throws -> (charges: [RatedCharge], earliestTapAt: Timestamp?) {
        let rows = try connection.query(
            """
            with affected as (
                select distinct charge_id, revision
                from charge_tap join charge using (rider_id, charge_id, revision)
                    join rider_tap using (rider_id, device_id, epoch_id, sequence)
                where rider_id = \(rider) and superseded_at is null and tapped_at >= \(start)
            )
            select charge_id, revision, fare_day, service_date, charge.amount_minor as total,
                currency, tariff_id, tariff_version, explanation, device_id, epoch_id, sequence,
                charge_tap.amount_minor as part, tapped_at
            from affected join charge using (charge_id, revision)
                join charge_tap using (rider_id, charge_id, revision)
                join rider_tap using (rider_id, device_id, epoch_id, sequence)
            where rider_id = \(rider)
            order by charge_id, leg
            """)
        var charges: [RatedCharge] = []
        var parts: [RatedCharge.Part] = []
        var earliest: Timestamp?
        for (index, row) in rows.enumerated() {
            let tappedAt: Timestamp = try row.decode("tapped_at")
            earliest = min(earliest ?? tappedAt, tappedAt)
            parts.append(
                RatedCharge.Part(
                    tap: TapID(
                        device: try row.decode("device_id"), epoch: try row.decode("epoch_id"),
                        sequence: try row.decode("sequence")),
                    amountMinor: try row.decode("part")))
            let id: ChargeID = try row.decode("charge_id")
            let isLast =
                try index == rows.count - 1 || rows[index + 1].decode("charge_id") != id
            guard isLast else { continue }
            charges.append(try charge(row, id: id, parts: parts))
            parts = []
        }
        return (charges, earliest)
    }

    private static func charge(
        _ row: PostgresRow, id: ChargeID, parts: [RatedCharge.Part]
    ) throws -> RatedCharge {
        guard let currency = Currency(code: try row.decode("currency")) else {
            throw StoreFailure.unreadable(table: "charge")
        }
        return RatedCharge(
            id: id, revision: try row.decode("revision"), fareDay: try row.decode("fare_day"),
            serviceDate: try row.decode("service_date"),
            amount: Money(minorUnits: try row.decode("total"), currency: currency),
            tariff: try row.decode("tariff_id"), tariffVersion: try row.decode("tariff_version"),
            explanation: try row.decode("explanation"), parts: parts)
    }

    /// Adds revisions; those before them are superseded.
    package static func append(
        _ charges: [RatedCharge], of rider: RiderAccountID,
        on connection: isolated PostgresConnection
    ) throws {
        guard !charges.isEmpty else { return }
        try connection.execute(
            """
            update charge set superseded_at = now()
            where rider_id = \(rider) and charge_id = any(\(PostgresArray(charges.map(\.id))))
                and superseded_at is null
            """)
        try connection.execute(
            """
            insert into charge (rider_id, charge_id, revision, fare_day, service_date, amount_minor,
                currency, tariff_id, tariff_version, explanation, charged_at)
            select \(rider), id, revision, fare_day, service_date, amount, currency, tariff,
                version, explanation::jsonb, now()
            from unnest(
                \(PostgresArray(charges.map(\.id))),
                \(PostgresArray(charges.map { Int32($0.revision) })),
                \(PostgresArray(charges.map(\.fareDay))),
                \(PostgresArray(charges.map(\.serviceDate))),
                \(PostgresArray(charges.map(\.amount.minorUnits))),
                \(PostgresArray(charges.map(\.amount.currency.code)))::text[],
                \(PostgresArray(charges.map(\.tariff)))::text[],
                \(PostgresArray(charges.map(\.tariffVersion)))::text[],
                \(PostgresArray(charges.map(\.explanation)))::text[])
                as charge (id, revision, fare_day, service_date, amount, currency, tariff, version,
                    explanation)
            """)
        let parts = charges.flatMap { charge in
            charge.parts.enumerated().map { (charge: charge, leg: $0.offset + 1, part: $0.element) }
        }
        guard !parts.isEmpty else { return }
        try connection.execute(
            """
            insert into charge_tap (rider_id, charge_id, revision, device_id, epoch_id, sequence,
                leg, amount_minor)
            select \(rider), * from unnest(
                \(PostgresArray(parts.map(\.charge.id))),
                \(PostgresArray(parts.map { Int32($0.charge.revision) })),
                \(PostgresArray(parts.map(\.part.tap.device)))::text[],
                \(PostgresArray(parts.map(\.part.tap.epoch))),
                \(PostgresArray(parts.map(\.part.tap.sequence))),
                \(PostgresArray(parts.map { Int32($0.leg) })),
                \(PostgresArray(parts.map(\.part.amountMinor))))
            """)
    }

    package static func append(
        _ entries: [RiderEntry], of rider: RiderAccountID,
        on connection: isolated PostgresConnection
    ) throws {
        guard !entries.isEmpty else { return }
        try connection.execute(
            """
            insert into rider_entry (rider_id, entry_id, charge_id, revision, kind, amount_minor,
                currency, service_date, posted_at)
            select \(rider), id, charge, revision, kind, amount, currency, service_date, now()
            from unnest(
                \(PostgresArray(entries.map(\.id))), \(PostgresArray(entries.map(\.charge))),
                \(PostgresArray(entries.map { Int32($0.revision) })),
                \(PostgresArray(entries.map(\.kind.rawValue)))::text[],
                \(PostgresArray(entries.map(\.amount.minorUnits))),
                \(PostgresArray(entries.map(\.amount.currency.code)))::text[],
                \(PostgresArray(entries.map(\.serviceDate))))
                as entry (id, charge, revision, kind, amount, currency, service_date)
            """)
    }

    /// Replaces what is known of unpriced taps among `considered`.
    package static func replaceUnpriced(
        _ unpriced: [UnpricedTapRow], among considered: [TapID], of rider: RiderAccountID,
        on connection: isolated PostgresConnection
    ) throws {
        let priced = Set(considered).subtracting(unpriced.map(\.tap)).sorted()
        try connection.execute(
            """
            delete from unpriced_tap
            where rider_id = \(rider) and (device_id, epoch_id, sequence) in (
                select * from unnest(\(PostgresArray(priced.map(\.device)))::text[],
                    \(PostgresArray(priced.map(\.epoch))), \(PostgresArray(priced.map(\.sequence))))
            )
            """)
        guard !unpriced.isEmpty else { return }
        try connection.execute(
            """
            insert into unpriced_tap (rider_id, device_id, epoch_id, sequence, cause, detail,
                noticed_at)
            select \(rider), device, epoch, sequence, cause, detail, now()
            from unnest(\(PostgresArray(unpriced.map(\.tap.device)))::text[],
                \(PostgresArray(unpriced.map(\.tap.epoch))),
                \(PostgresArray(unpriced.map(\.tap.sequence))),
                \(PostgresArray(unpriced.map(\.cause)))::text[],
                \(PostgresArray(unpriced.map(\.detail)))::text[])
                as tap (device, epoch, sequence, cause, detail)
            on conflict (rider_id, device_id, epoch_id, sequence) do update
                set cause = excluded.cause, detail = excluded.detail
            """)
    }
}

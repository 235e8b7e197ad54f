import PostgresClient
import TransitModel

/// Writes rows as the rating writes them, so that pages have something to show.
struct TestTown: Sendable {
    let database: PostgresClient

    struct Ride: Sendable {
        var charge: ChargeID
        var rider: RiderAccountID
        var at: Timestamp
        var route = "12"
        var vehicle = "AA 4521"
        var stop = "ринок"
        var amountMinor: Int64 = 1_500
        var sequence: Int64 = 1
        var rules =
            #"[{"rule":"fare_leg_rule","code":"leg_fare","detail":{"fare_product_id":"single"},"amount_minor":1500}]"#
    }

    static let epoch = "6f1e6f4e-0d7f-4bb5-9d6b-1f6a2f0c8a11"
    static let date = ServiceDate(daysSince1970: 20_779)

    /// A charged ride, announced as the rating announces it.
    func charge(_ ride: Ride, batch: JournalEntryID? = nil) async throws {
        let device = "validator-\(ride.vehicle)"
        try await database.withTransaction { connection in
            try connection.execute(
                """
                insert into rider_tap (rider_id, device_id, epoch_id, sequence, tapped_at,
                    vehicle_id, route_id, trip_id, stop_id, direction, media_kind, riders,
                    received_at)
                values (\(ride.rider), \(device), \(Self.epoch)::uuid, \(ride.sequence),
                    \(ride.at), \(ride.vehicle), \(ride.route), \("\(ride.route)-0812"),
                    \(ride.stop), 0, 1, 1, \(ride.at))
                """)
            try connection.execute(
                """
                insert into charge (rider_id, charge_id, revision, fare_day, service_date,
                    amount_minor, currency, tariff_id, tariff_version, explanation, charged_at)
                values (\(ride.rider), \(ride.charge), 1, \(Self.date), \(Self.date),
                    \(ride.amountMinor), 'UAH', 'demo-town', '2026-11', \(explanation(ride)),
                    \(ride.at))
                """)
            try connection.execute(
                """
                insert into charge_tap (rider_id, charge_id, revision, device_id, epoch_id,
                    sequence, leg, amount_minor)
                values (\(ride.rider), \(ride.charge), 1, \(device), \(Self.epoch)::uuid,
                    \(ride.sequence), 1, \(ride.amountMinor))
                """)
            try connection.execute(
                """
                insert into rider_entry (rider_id, entry_id, charge_id, revision, kind,
                    amount_minor, currency, service_date, posted_at, ledger_batch_id)
                values (\(ride.rider), gen_random_uuid(), \(ride.charge), 1, 'charge',
                    \(ride.amountMinor), 'UAH', \(Self.date), \(ride.at), \(batch))
                """)
            try connection.notify("kvytok_charges")
        }
    }

    /// A later revision, with its adjustment.
    func revise(_ ride: Ride, to amountMinor: Int64, at instant: Timestamp) async throws {
        try await database.withTransaction { connection in
            try connection.execute(
                """
                update charge set superseded_at = \(instant)
                where rider_id = \(ride.rider) and charge_id = \(ride.charge) and revision = 1
                """)
            try connection.execute(
                """
                insert into charge (rider_id, charge_id, revision, fare_day, service_date,
                    amount_minor, currency, tariff_id, tariff_version, explanation, charged_at)
                select rider_id, charge_id, 2, fare_day, service_date, \(amountMinor), currency,
                    tariff_id, tariff_version,
                    \(explanation(Self.free(ride))), \(instant)
                from charge where rider_id = \(ride.rider) and charge_id = \(ride.charge)
                    and revision = 1
                """)
            try connection.execute(
                """
                insert into charge_tap
                select rider_id, charge_id, 2, device_id, epoch_id, sequence, leg, \(amountMinor)
                from charge_tap where rider_id = \(ride.rider) and charge_id = \(ride.charge)
                """)
            try connection.execute(
                """
                insert into rider_entry (rider_id, entry_id, charge_id, revision, kind,
                    amount_minor, currency, service_date, posted_at)
                values (\(ride.rider), gen_random_uuid(), \(ride.charge), 2, 'adjustment',
                    \(amountMinor - ride.amountMinor), 'UAH', \(Self.date), \(instant))
                """)
            try connection.notify("kvytok_charges")
        }
    }

    func refuse(_ refusal: TapRefusal, at instant: Timestamp, sequence: Int64) async throws {
        try await database.execute(
            """
            insert into refused_tap (device_id, epoch_id, sequence, tapped_at, received_at,
                refusal, vehicle_id, route_id)
            values ('validator-AA 4521', \(Self.epoch)::uuid, \(sequence), \(instant),
                \(instant), \(Int16(refusal.rawValue)), 'AA 4521', '12')
            """)
    }

    func leaveUnpriced(
        _ cause: String, _ detail: String, at instant: Timestamp, sequence: Int64
    ) async throws {
        var random = SeededGenerator(seed: UInt64(sequence))
        let rider = RiderAccountID(using: &random)
        try await database.withTransaction { connection in
            try connection.execute(
                """
                insert into rider_tap (rider_id, device_id, epoch_id, sequence, tapped_at,
                    vehicle_id, route_id, media_kind, riders, received_at)
                values (\(rider), 'validator-AA 4521', \(Self.epoch)::uuid, \(sequence),
                    \(instant), 'AA 4521', '99', 1, 1, \(instant))
                """)
            try connection.execute(
                """
                insert into unpriced_tap (rider_id, device_id, epoch_id, sequence, cause, detail,
                    noticed_at)
                values (\(rider), 'validator-AA 4521', \(Self.epoch)::uuid, \(sequence),
                    \(cause), \(detail), \(instant))
                """)
            try connection.notify("kvytok_taps")
        }
    }

    /// Posts a batch of riders' entries to the general ledger.
    func post(_ batch: JournalEntryID, amountMinor: Int64, at instant: Timestamp) async throws {
        try await database.withTransaction { connection in
            try connection.execute(
                """
                insert into journal_entry
                values (\(batch), \(Self.date), 'rider_entries', 'test', \(instant))
                """)
            try connection.execute(
                """
                insert into posting values
                    (\(batch), 1, 'assets:riders:receivable', \(amountMinor), 'UAH'),
                    (\(batch), 2, 'revenues:fares', \(-amountMinor), 'UAH')
                """)
            try connection.execute(
                """
                insert into ledger_batch
                select 1, \(batch), count(*) from rider_entry where ledger_batch_id = \(batch)
                """)
        }
    }

    private static func free(_ ride: Ride) -> Ride {
        var free = ride
        free.amountMinor = 0
        free.rules =
            #"[{"rule":"fare_leg_rule","code":"covered_by_transfer","detail":{},"amount_minor":0},"#
            + #"{"rule":"fare_transfer_rule","code":"transfer_free","detail":"#
            + #"{"elapsed_seconds":1980,"duration_limit":3600},"amount_minor":0}]"#
        return free
    }

    private func explanation(_ ride: Ride) -> String {
        #"{"legs":[{"tap":"validator-\#(ride.vehicle)/\#(Self.epoch)/\#(ride.sequence)","#
            + #""amount_minor":\#(ride.amountMinor),"fare_product_id":"single","#
            + #""fare_product_name":"Разовий квиток","rules":\#(ride.rules)}]}"#
    }
}

import LocalStack
import PostgresClient
import Store
import TransitModel

/// A migrated database, and rows as gateway and rating write them.
enum TestOffice {
    static func database() async throws -> PostgresClient {
        PostgresClient(
            try await TestDatabase.make(like: "migrated") { url in
                let client = PostgresClient(url)
                try await Migrator().migrate(client)
                await client.close()
            })
    }

    /// A tap of the fake vehicle is received, and charged when it had not been. Each has a rider
    /// of its own, by its number.
    static func arrive(_ sequence: UInt64, in database: PostgresClient) async throws {
        let rider =
            "00000000-0000-0000-0000-0000000000" + (sequence < 16 ? "0" : "")
            + String(sequence, radix: 16)
        let media = [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: 16)
        let at = Timestamp(secondsSince1970: 1_795_341_600)
        guard let epoch = FakeVehicle.epoch else { return }
        try await database.withTransaction { connection in
            try connection.execute(
                """
                insert into tap_log (device_id, epoch_id, sequence, record, record_hash,
                    received_at)
                values ('demo-1-validator', \(epoch), \(sequence), \([UInt8(1)]), \([UInt8(2)]),
                    \(at))
                """)
            try connection.execute(
                """
                insert into media_rider (media_token, rider_id) values (\(media), \(rider)::uuid)
                on conflict do nothing
                """)
            try connection.execute(
                """
                insert into rider_tap (rider_id, device_id, epoch_id, sequence, tapped_at,
                    vehicle_id, media_kind, riders, received_at)
                values (\(rider)::uuid, 'demo-1-validator', \(epoch), \(sequence), \(at),
                    'demo-1', 1, 1, \(at))
                on conflict do nothing
                """)
            try connection.execute(
                """
                insert into unpriced_tap (rider_id, device_id, epoch_id, sequence, cause, detail,
                    noticed_at)
                values (\(rider)::uuid, 'demo-1-validator', \(epoch), \(sequence), 'no_tariff',
                    '', \(at))
                on conflict do nothing
                """)
        }
    }
}

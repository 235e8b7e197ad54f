import LocalStack
import PostgresClient
import Store
import Testing
import TransitModel

@Suite("Following a tap")
struct TapTraceStoreTests {
    private static let start = Timestamp(secondsSince1970: 1_795_341_600)

    @Test("A tap's instants appear as it comes along, and its fate is told")
    func oneTap() async throws {
        let town = try await TraceTown()
        let store = TapTraceStore(town.database)
        let tap = town.tap(1)
        #expect(try await store.findTrace(of: tap) == nil)
        #expect(try await store.findMedia(of: tap) == nil)

        try await town.receive(tap, at: Self.start)
        #expect(
            try await store.findTrace(of: tap)
                == TapTrace(tap: tap, receivedAt: Self.start, routedAt: nil))

        try await town.route(tap, at: Self.start)
        let routed = try #require(try await store.findTrace(of: tap))
        #expect(routed.routedAt != nil && !routed.isOver)
        #expect(try await store.findMedia(of: tap) == town.media)

        try await town.charge(tap, amountMinor: 1_500)
        let charged = try #require(try await store.findTrace(of: tap)?.charge)
        #expect(charged.amount == Money(minorUnits: 1_500, currency: .uah))
        #expect(charged.hasEntry && charged.postedAt == nil)

        try await town.post(at: Self.start.advanced(by: .seconds(9)))
        let posted = try #require(try await store.findTrace(of: tap))
        #expect(posted.charge?.postedAt == Self.start.advanced(by: .seconds(9)))
        #expect(posted.isOver)
        await town.database.close()
    }

    @Test("Taps are judged by what the tables hold: missing, doubled, settled")
    func judgement() async throws {
        let town = try await TraceTown()
        let store = TapTraceStore(town.database)
        let taps = (1...4).map { town.tap($0) }
        for tap in taps.prefix(3) { try await town.receive(tap, at: Self.start) }
        for tap in taps.prefix(2) {
            try await town.route(tap, at: Self.start)
            try await town.charge(tap, amountMinor: 1_500)
        }
        let first = try await store.judge(taps)
        #expect(first.taps == 4 && first.received == 3 && first.missing == 1)
        #expect(first.settled == 2 && first.doubled == 0 && !first.isSettled)
        #expect(first.lastReceivedAt == Self.start)

        // What must never happen has to be seen when it does.
        try await town.receive(taps[2], at: Self.start.advanced(by: .seconds(1)))
        #expect(try await store.judge(taps).doubled == 1)
        try await town.charge(taps[0], amountMinor: 1_500)
        #expect(try await store.judge(taps).doubled == 2)
        #expect(try await store.judge([]).isSettled)
        await town.database.close()
    }
}

/// Rows as gateway and rating write them.
private struct TraceTown {
    let database: PostgresClient
    private let epoch: EpochID
    private let rider: RiderAccountID
    let media: MediaToken
    private static let batch = "11111111-1111-1111-1111-111111111111"

    init() async throws {
        var random = SeededGenerator(seed: 5)
        epoch = EpochID(using: &random)
        rider = RiderAccountID(using: &random)
        media = try #require(MediaToken(bytes: [UInt8](repeating: 7, count: 16)))
        database = PostgresClient(
            try await TestDatabase.make(like: "migrated") { url in
                let client = PostgresClient(url)
                try await Migrator().migrate(client)
                await client.close()
            })
        try await database.execute(
            "insert into media_rider (media_token, rider_id) values (\(media), \(rider))")
    }

    func tap(_ sequence: Int) -> TapID {
        TapID(device: "validator-7", epoch: epoch, sequence: UInt64(sequence))
    }

    func receive(_ tap: TapID, at instant: Timestamp) async throws {
        try await database.execute(
            """
            insert into tap_log (device_id, epoch_id, sequence, record, record_hash, received_at)
            values (\(tap.device), \(tap.epoch), \(tap.sequence), \([UInt8(1)]), \([UInt8(2)]),
                \(instant))
            """)
    }

    func route(_ tap: TapID, at instant: Timestamp) async throws {
        try await database.execute(
            """
            insert into rider_tap (rider_id, device_id, epoch_id, sequence, tapped_at, vehicle_id,
                media_kind, riders, received_at)
            values (\(rider), \(tap.device), \(tap.epoch), \(tap.sequence), \(instant), 'tram-101',
                1, 1, \(instant))
            """)
    }

    func charge(_ tap: TapID, amountMinor: Int64) async throws {
        var random = SystemRandomNumberGenerator()
        let charge = ChargeID(using: &random)
        try await database.execute(
            """
            insert into charge (rider_id, charge_id, revision, fare_day, service_date, amount_minor,
                currency, tariff_id, tariff_version, explanation, charged_at)
            values (\(rider), \(charge), 1, '2026-11-22', '2026-11-22', \(amountMinor), 'UAH', 't',
                'v', '{}', now())
            """)
        try await database.execute(
            """
            insert into charge_tap (rider_id, charge_id, revision, device_id, epoch_id, sequence,
                leg, amount_minor)
            values (\(rider), \(charge), 1, \(tap.device), \(tap.epoch), \(tap.sequence), 1,
                \(amountMinor))
            """)
        try await database.execute(
            """
            insert into rider_entry (rider_id, entry_id, charge_id, revision, kind, amount_minor,
                currency, service_date, posted_at)
            values (\(rider), gen_random_uuid(), \(charge), 1, 'charge', \(amountMinor), 'UAH',
                '2026-11-22', now())
            """)
    }

    func post(at instant: Timestamp) async throws {
        try await database.execute(
            """
            insert into journal_entry (journal_entry_id, accounting_date, kind, description,
                posted_at)
            values (\(Self.batch)::uuid, '2026-11-22', 'fare_batch', 'test', \(instant))
            """)
        try await database.execute(
            "update rider_entry set ledger_batch_id = \(Self.batch)::uuid")
    }
}

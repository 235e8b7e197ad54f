import DeviceProtocol
import Fares
import LocalStack
import Logging
import PostgresClient
import Store
import Timetable
import TransitModel
import Vault

@testable import Rating

/// A small scheme with a database of its own: devices whose logs can be written, and everything
/// that rates them.
struct Town: Sendable {
    /// 2026-03-02T08:00:00+02:00, a Monday.
    static let morning = Timestamp(secondsSince1970: 1_772_431_200)

    let database: PostgresClient
    let router: TapRouter
    let worker: RatingWorker
    let batcher: LedgerBatcher
    let vault: MediaVault

    let tariffs: ShelfOfTariffs

    static func make(tariffs: ShelfOfTariffs? = nil) async throws -> Town {
        let url = try await TestDatabase.make(like: "migrated") { url in
            let database = PostgresClient(url)
            try await Migrator().migrate(database)
            await database.close()
        }
        return try Town(url, tariffs: tariffs)
    }

    init(_ url: String, tariffs: ShelfOfTariffs? = nil) throws {
        database = PostgresClient(url, connectionLimit: 6)
        self.tariffs = try tariffs ?? ShelfOfTariffs(Self.flatFare())
        guard let tokenizer = MediaTokenizer(secret: [UInt8](repeating: 9, count: 32)) else {
            preconditionFailure("32 bytes are a secret")
        }
        vault = MediaVault(database, tokenizer: tokenizer)
        router = TapRouter(database, vault: vault, pageLimit: 4)
        worker = RatingWorker(database, tariffs: self.tariffs, riderLimit: 3)
        batcher = LedgerBatcher(database, zone: .utc)
    }

    /// Routes and rates until nothing is due.
    func settle() async throws {
        while try await router.routePage() != nil {}
        while try await worker.rateBatch() != nil {}
    }

    func close() async { await database.close() }

    /// 15.00 for any ride; rides begun within an hour of the first are free.
    static func flatFare(
        minor: Int = 15_00, version: String = "1", transferSeconds: Int = 3_600,
        caps: String? = nil
    ) throws -> Tariff {
        var tables = [
            "agency": "agency_id,agency_name,agency_url,agency_timezone\n"
                + "town,Town,https://town.example,Europe/Kyiv",
            "stops": "stop_id,stop_name,stop_lat,stop_lon\nA,A,50,30",
            "routes": "route_id,route_short_name,route_type\n12,12,3\n7,7,0",
            "fare_products": "fare_product_id,amount,currency\n"
                + "single,\(minor / 100).\(minor % 100 < 10 ? "0" : "")\(minor % 100),UAH",
            "fare_leg_rules": "leg_group_id,network_id,fare_product_id\ncity,city,single",
            "networks": "network_id,network_name\ncity,City\nother,Other",
            "route_networks": "network_id,route_id\ncity,12\nother,7",
            "fare_transfer_rules":
                "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,"
                + "duration_limit_type,fare_transfer_type\ncity,city,-1,\(transferSeconds),1,0",
        ]
        tables["fare_caps"] = caps.map { "cap_id,window,amount,currency\n\($0)" }
        var files: [String: [UInt8]] = [:]
        for (name, text) in tables { files[name + ".txt"] = Array(text.utf8) }
        let read = try GTFSTables(files: files)
        return try Tariff.compile(
            read, with: TariffExtension(files: files, over: read), id: "town", version: version
        ) { _ in .utc }
    }
}

/// A tariff source whose shelf the test fills.
actor ShelfOfTariffs: TariffSource {
    private var calendar: TariffCalendar

    init(_ tariff: Tariff?) {
        calendar = TariffCalendar(
            tariff.map {
                [.init(effectiveFrom: Timestamp(secondsSince1970: 0), tariff: $0, zone: .utc)]
            } ?? [])
    }

    func put(_ tariff: Tariff) {
        calendar = TariffCalendar([
            .init(effectiveFrom: Timestamp(secondsSince1970: 0), tariff: tariff, zone: .utc)
        ])
    }

    /// A feed without fares is in force.
    func putFeedWithoutFares() {
        calendar = TariffCalendar([
            .init(
                effectiveFrom: Timestamp(secondsSince1970: 0), pricing: .failure(.noFareTables),
                zone: .utc)
        ])
    }

    func currentCalendar() -> TariffCalendar { calendar }
}

/// Writes one epoch of a device's log, as the gateway would.
struct DeviceLog: Sendable {
    let device: DeviceID
    let epoch: EpochID

    init(_ device: DeviceID, seed: UInt64) {
        self.device = device
        var random = SeededGenerator(seed: seed)
        epoch = EpochID(using: &random)
    }

    func id(_ sequence: UInt64) -> TapID {
        TapID(device: device, epoch: epoch, sequence: sequence)
    }

    /// Appends taps behind the head.
    func append(_ taps: [Tap], to database: PostgresClient) async throws {
        guard let hash = ChainHash(bytes: [UInt8](repeating: 0, count: 32)) else { return }
        let first = try await headSequence(in: database) + 1
        try await append(
            taps.enumerated().map { offset, tap in
                TapRecord(
                    device: device, epoch: epoch, sequence: first + UInt64(offset),
                    previousHash: hash, tap: tap
                ).serialized()
            }, to: database)
    }

    /// Appends records as bytes, `nil` for one that the log has lost.
    func append(_ records: [[UInt8]?], to database: PostgresClient) async throws {
        let head = try await headSequence(in: database)
        try await database.withTransaction { connection in
            for (offset, record) in records.enumerated() {
                guard let record else { continue }
                try connection.execute(
                    """
                    insert into tap_log
                        (device_id, epoch_id, sequence, record, record_hash, received_at)
                    values (\(device), \(epoch), \(head + 1 + UInt64(offset)), \(record),
                        \([UInt8](repeating: 1, count: 32)), now())
                    """)
            }
            try connection.execute(
                """
                insert into epoch_head (device_id, epoch_id, opening, head_sequence, head_hash,
                    state, updated_at)
                values (\(device), \(epoch), ''::bytea, \(head + UInt64(records.count)),
                    \([UInt8](repeating: 1, count: 32)), 'open', now())
                on conflict (device_id, epoch_id) do update
                    set head_sequence = excluded.head_sequence
                """)
            try connection.notify(Channel.taps)
        }
    }

    private func headSequence(in database: PostgresClient) async throws -> UInt64 {
        try await database.query(
            """
            select head_sequence from epoch_head
            where device_id = \(device) and epoch_id = \(epoch)
            """
        ).first?.decode("head_sequence") ?? 0
    }
}

/// A tap of a card, some minutes after that morning.
func tap(
    _ card: UInt8, at minutes: Double, route: RouteID? = "12", vehicle: VehicleID = "bus-1",
    riders: UInt8 = 1, verdict: TapVerdict = .accepted
) -> Tap {
    Tap(
        tappedAt: Town.morning.advanced(by: .seconds(minutes * 60)),
        monotonic: MonotonicTime(milliseconds: 0), clockQuality: .system,
        service: ServiceContext(vehicle: vehicle, route: route),
        mediaKey: MediaKey(
            bytes: [card] + [UInt8](repeating: 0, count: 15), generation: KeyGeneration(1)),
        mediaKind: .eTicketCard, verdict: verdict,
        documents: DocumentVersions(denyListBase: 1, denyListOverlay: 0, configuration: 1),
        riders: riders)
}

extension PostgresClient {
    /// How many rows a table has.
    func count(_ table: String, where condition: SQL = "true") async throws -> Int {
        try await query(
            "select count(*) as count from \(unescaped: table) where \(sql: condition)"
        ).first?.decode("count") ?? -1
    }

    /// Entries as kind and amount, in the order of posting.
    func entries() async throws -> [String] {
        try await query(
            "select kind, amount_minor from rider_entry order by posted_at, revision, amount_minor"
        ).map { row in
            let amount: Int = try row.decode("amount_minor")
            return "\(try row.decode("kind", as: String.self)) \(amount)"
        }
    }
}

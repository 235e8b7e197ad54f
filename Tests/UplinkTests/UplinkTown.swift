import Crypto
import DeviceGateway
import DeviceProtocol
import Foundation
import LocalStack
import Logging
import PostgresClient
import SignedDocuments
import Store
import TapJournal
import Testing
import TransitModel
import Uplink

/// A back office of one test's own: database and keys stay, the gateway comes and goes.
struct UplinkTown: Sendable {
    static let scheme: SchemeID = "test-town"

    private let database: PostgresClient
    private let state: URL

    init() async throws {
        database = PostgresClient(
            try await TestDatabase.make(like: "migrated") { url in
                let client = PostgresClient(url)
                try await Migrator().migrate(client)
                await client.close()
            })
        state = try ScratchFolder("gateway").url
    }

    func server(_ port: Int) -> URL {
        var components = URLComponents()
        components.scheme = "https"
        components.host = "127.0.0.1"
        components.port = port
        return components.url ?? state
    }

    /// Runs the gateway while `body` runs.
    func withGateway<Value: Sendable>(
        port: Int = 0, _ body: @escaping @Sendable (_ port: Int) async throws -> Value
    ) async throws -> Value {
        let (ports, ready) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "test.gateway")
        logger.logLevel = .critical
        let gateway = try DeviceGateway(
            DeviceGateway.Settings(scheme: Self.scheme, port: port, stateFolder: state),
            database: database, configuration: { try Self.configuration() }, logger: logger,
            onReady: { ready.yield($0) })
        return try await whileRunning({ try await gateway.run() }) {
            try await body(try #require(await ports.first { _ in true }))
        }
    }

    /// Runs a device's uplink while `body` runs.
    func withUplink(
        _ device: EnrolledDevice, port: Int, _ journal: TapJournal, _ receiver: TestReceiver,
        positions: PositionSender? = nil, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let uplink = try Uplink(
            server: server(port), device: device, journal: journal, documents: receiver,
            settings: .init(
                limits: .init(firstDelay: .milliseconds(20), longestDelay: .milliseconds(200)),
                documentInterval: .milliseconds(100)), positions: positions)
        try await whileRunning({ try await uplink.run() }, body)
    }

    func code(for device: DeviceID) async throws -> String {
        try await EnrolmentDesk.makeCode(
            for: device, in: "tram-101", database: database, at: Timestamp.systemNow()
        ).code.text
    }

    func enrol(_ device: DeviceID, port: Int, into folder: URL) async throws -> EnrolledDevice {
        let authority = try String(
            contentsOf: state.appending(path: "authority.crt"), encoding: .utf8)
        return try await Enrolment(server: server(port), trust: .authority(pem: authority))
            .enrol(code: try await code(for: device), into: folder)
    }

    func authorityFingerprint() throws -> [UInt8] {
        let keys = try GatewayKeys.loadOrCreate(
            in: state, scheme: Self.scheme, hosts: [], at: Timestamp.systemNow())
        return Array(SHA256.hash(data: try keys.authority.certificate.derBytes))
    }

    func count(_ table: String) async throws -> Int64 {
        try await database.query("select count(*) as n from \(unescaped: table)")
            .first?.decode("n") ?? 0
    }

    /// As after a restore from a backup: the older epoch is gone, the newer one has lost its end.
    func restoreDatabase() async throws {
        try await database.withTransaction { connection in
            try connection.execute("delete from tap_log")
            try connection.execute("delete from epoch_head where parent_epoch_id is null")
            try connection.execute(
                """
                update epoch_head set head_sequence = 0, routed_sequence = 0,
                    head_hash = sha256(opening)
                """)
        }
    }

    func records() async throws -> [[UInt8]] {
        try await database.query("select record from tap_log").map { try $0.decode("record") }
    }

    static func tap(_ number: Int) throws -> Tap {
        let key = try #require(
            MediaKey(
                bytes: Array(repeating: UInt8(truncatingIfNeeded: number), count: 16),
                generation: KeyGeneration(1)))
        return Tap(
            tappedAt: Timestamp.systemNow(), monotonic: MonotonicTime(milliseconds: 1),
            clockQuality: .system, service: ServiceContext(vehicle: "tram-101"), mediaKey: key,
            mediaKind: .eTicketCard, verdict: .accepted,
            documents: DocumentVersions(denyListBase: 1, denyListOverlay: 0, configuration: 1))
    }

    private static func configuration() throws -> SchemeConfiguration {
        try #require(
            SchemeConfiguration(
                scheme: scheme, timeZoneName: "Europe/Kyiv", passbackWindowSeconds: 300,
                defaultRiderCategory: "adult", currency: .uah, displayedFares: ["adult": 1_500],
                issuerKeys: [:]))
    }
}

/// Takes every document and remembers which roles came.
actor TestReceiver: DocumentReceiver {
    private(set) var roles: Set<DocumentRole> = []

    func newestRefused(of role: DocumentRole) -> UInt64 {
        roles.contains(role) ? .max : 0
    }

    func receive(_ bytes: [UInt8], as role: DocumentRole) {
        roles.insert(role)
    }
}

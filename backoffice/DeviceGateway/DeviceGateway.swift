import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import PostgresClient
import ServiceLifecycle
import SignedDocuments
import Store
import TransitModel

/// The back office's door for devices: one TLS listener, on which everything but enrolment asks
/// for a client certificate of the scheme's authority.
package struct DeviceGateway: Service {
    package struct Settings: Sendable {
        package var scheme: SchemeID
        package var host: String
        /// Zero for any free one.
        package var port: Int
        /// Further names and addresses under which devices reach the gateway.
        package var names: [String]
        /// Keys in files, see ``GatewayKeys``.
        package var stateFolder: URL
        /// On another disk or machine; in development a folder of the state folder.
        package var archiveFolder: URL
        package var isProduction: Bool

        package init(
            scheme: SchemeID, host: String = "127.0.0.1", port: Int = 0, names: [String] = [],
            stateFolder: URL, archiveFolder: URL? = nil, isProduction: Bool = false
        ) {
            self.scheme = scheme
            self.host = host
            self.port = port
            self.names = names
            self.stateFolder = stateFolder
            self.archiveFolder = archiveFolder ?? stateFolder.appending(path: "archive")
            self.isProduction = isProduction
        }

        /// Every name and address that the gateway's certificate covers.
        package var hosts: [String] {
            Array(Set(names + [host, "localhost", "127.0.0.1", "::1"])).filter { $0 != "0.0.0.0" }
        }
    }

    package let keys: GatewayKeys
    package let publisher: DocumentPublisher
    /// What has become of the positions that devices send, for monitoring.
    package let positions: LocationIntake
    private let settings: Settings
    private let database: PostgresClient
    private let routes: GatewayRoutes
    private let logger: Logger
    private let clock: @Sendable () -> Timestamp
    private let onReady: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - configuration: What the scheme tells its devices, asked whenever documents are due.
    ///   - onReady: Told the port once devices can connect.
    package init(
        _ settings: Settings, database: PostgresClient,
        configuration: @escaping @Sendable () async throws -> SchemeConfiguration,
        clock: @escaping @Sendable () -> Timestamp = GatewayClock.now,
        logger: Logger = Logger(label: "kvytok.gateway"),
        onReady: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) throws {
        self.settings = settings
        self.database = database
        self.logger = logger
        self.clock = clock
        self.onReady = onReady
        keys = try GatewayKeys.loadOrCreate(
            in: settings.stateFolder, scheme: settings.scheme, hosts: settings.hosts,
            at: clock(), isProduction: settings.isProduction)
        let shelf = DocumentShelf()
        publisher = DocumentPublisher(
            scheme: settings.scheme, keys: keys, database: database, shelf: shelf,
            configuration: configuration, clock: clock, logger: logger)
        positions = LocationIntake(database: database, logger: logger)
        routes = GatewayRoutes(
            credentials: CredentialReader(scheme: settings.scheme),
            desk: EnrolmentDesk(
                authority: keys.authority, scheme: settings.scheme, database: database,
                clock: clock),
            keys: keys,
            intake: BatchIntake(
                database: database, archive: try TapArchive(folder: settings.archiveFolder),
                clock: clock),
            positions: positions, roster: DeviceRoster(database),
            positionLimiter: AttemptLimiter(burst: 30, refill: .milliseconds(250)),
            shelf: shelf, database: database, limiter: AttemptLimiter(), clock: clock)
    }

    package func run() async throws {
        let incarnation = {
            var random = SystemRandomNumberGenerator()
            return Incarnation(using: &random)
        }()
        try await database.withConnection { [settings] connection in
            _ = try InstallationStore.settle(
                scheme: settings.scheme, newIncarnation: incarnation, on: connection)
        }
        for partitions in MonthlyPartitions.all {
            try await partitions.prepare(database, at: clock())
        }
        let onReady = onReady
        let application = Application(
            router: routes.router(),
            server: try .tls(
                .http1(configuration: .init(idleTimeout: .seconds(120))),
                tlsConfiguration: try tlsConfiguration()),
            configuration: .init(
                address: .hostname(settings.host, port: settings.port), serverName: nil),
            services: [
                publisher, positions,
                PartitionKeeper(database: database, clock: clock, logger: logger),
            ],
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await application.run()
    }

    /// Certificates that clients show must be the authority's; whether one is needed is for
    /// each route to say.
    private func tlsConfiguration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(
                Array(keys.serverCertificatePEM.utf8)
            ).map { .certificate($0) },
            privateKey: .privateKey(
                try NIOSSLPrivateKey(bytes: Array(keys.serverKeyPEM.utf8), format: .pem)))
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array(try keys.authorityPEM.utf8)))
        configuration.certificateVerification = .optionalVerification
        return configuration
    }
}

/// Makes next month's partition in good time.
private struct PartitionKeeper: Service {
    let database: PostgresClient
    let clock: @Sendable () -> Timestamp
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(6 * 3_600))) != nil {
                do {
                    for partitions in MonthlyPartitions.all {
                        try await partitions.prepare(database, at: clock())
                    }
                } catch {
                    logger.error("Partitions were not prepared: \(error)")
                }
            }
        }
    }
}

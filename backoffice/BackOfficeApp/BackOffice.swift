import Console
import DemoPage
import DeviceGateway
import Feeds
import Fleet
import Hummingbird
import Logging
import NIOCore
import OpenData
import PostgresClient
import Rating
import ServiceLifecycle
import Store
import TransitModel
import UnixSignals
import Vault

/// The back office as one process runs it: built the same way by the program and by the tests.
package struct BackOffice: Sendable {
    private let configuration: BackOfficeConfiguration
    private let logger: Logger
    private let database: PostgresClient
    private let zone: ZoneOffsets
    private let state: StateFolder
    private let tariffs: PublishedTariffs
    private let schedules: ScheduleBook
    private let fleet: FleetBoard
    private let meters = Meters()

    /// Reads the configuration, waits for the database and checks its schema; nothing serves yet.
    ///
    /// - Throws: ``BackOfficeFailure`` for what an operator has to put right. A database that is
    ///   away is waited for.
    package static func build(
        _ configuration: BackOfficeConfiguration, logger: Logger
    ) async throws -> BackOffice {
        guard let zone = ZoneOffsets(system: configuration.timeZoneName) else {
            throw BackOfficeFailure.unknownTimeZone(configuration.timeZoneName)
        }
        let withFileKeys = configuration.roles.filter(\.holdsKeys).map(\.rawValue).sorted()
        if configuration.environment == .production, !withFileKeys.isEmpty {
            throw BackOfficeFailure.fileKeysInProduction(roles: withFileKeys)
        }
        if configuration.environment == .production, configuration.demonstrationSocket != nil {
            throw BackOfficeFailure.demonstrationInProduction
        }
        let database = PostgresClient(
            configuration.database, applicationName: "kvytok-backoffice", connectionLimit: 16)
        let schedules = ScheduleBook(database, clock: SystemClock.now)
        let shelf = ScheduleShelf(schedules, clock: configuration.timetableClock)
        let office = BackOffice(
            configuration: configuration, logger: logger, database: database, zone: zone,
            state: try StateFolder(configuration.stateFolder),
            tariffs: PublishedTariffs(database),
            schedules: schedules,
            fleet: FleetBoard(
                database: database, logger: logger, clock: SystemClock.now,
                timetable: { await shelf.timetable() }))
        try await office.settleSchema()
        return office
    }

    /// Serves until the task is cancelled or the process is asked to end.
    ///
    /// - Parameters:
    ///   - signals: What asks the process to end in order.
    ///   - whenReady: Called once, when every server listens.
    package func run(
        endingOn signals: [UnixSignal] = [.sigterm, .sigint],
        whenReady: @escaping @Sendable (BackOfficeAddresses) -> Void
    ) async throws {
        let hasGateway = configuration.roles.contains(.gateway)
        let board = AddressBoard(
            expecting: hasGateway ? [.console, .gateway] : [.console], whenComplete: whenReady)
        var services: [any Service] = []
        if configuration.roles.contains(.rating) { services.append(try await makeRating()) }
        if hasGateway { services.append(try makeGateway(board)) }
        if !configuration.roles.isDisjoint(with: [.console, .feeds]) {
            services.append(ScheduleService(book: schedules, logger: logger))
        }
        services += try await makeConsole(board)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    ServiceGroupConfiguration.ServiceConfiguration(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: signals, logger: logger))
        try await group.run()
        await database.close()
    }

    // MARK: - The database

    private func settleSchema() async throws {
        let migrator = Migrator()
        if configuration.environment == .development {
            let taken = try await patiently { try await migrator.migrate(database) }
            for name in taken { logger.info("Migrated", metadata: ["step": "\(name)"]) }
            return
        }
        let standing = try await patiently { try await migrator.standing(of: database) }
        guard standing.isCurrent else {
            throw BackOfficeFailure.migrationsMissing(standing.missing)
        }
    }

    /// Tries until the database is there.
    private func patiently<Value: Sendable>(
        _ attempt: @Sendable () async throws -> Value
    ) async throws -> Value {
        while true {
            do {
                return try await attempt()
            } catch let failure as PostgresFailure where failure.isConnectionLost {
                logger.warning("Waiting for the database", metadata: ["cause": "\(failure)"])
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    // MARK: - Services

    private func makeVault() async throws -> MediaVault {
        let secret = try state.vaultSecret.read(
            makesMissing: configuration.environment == .development)
        guard let tokenizer = MediaTokenizer(secret: secret) else {
            throw BackOfficeFailure.secretMalformed(path: state.vaultSecret.path)
        }
        let hasRole = try await patiently { try await MediaVault.hasRole(database) }
        if !hasRole { logger.notice("The vault has no role of its own in this database") }
        return MediaVault(
            PostgresClient(
                configuration.database, applicationName: "kvytok-vault",
                role: hasRole ? MediaVault.role : nil, connectionLimit: 4),
            tokenizer: tokenizer)
    }

    private func makeGateway(_ board: AddressBoard) throws -> any Service {
        let description = SchemeDescription(
            scheme: configuration.scheme, timeZoneName: configuration.timeZoneName,
            passbackWindow: configuration.passbackWindow, issuerKeys: try readIssuerKeys(),
            tariffs: tariffs)
        let host = configuration.host
        let settings = DeviceGateway.Settings(
            scheme: configuration.scheme, host: host, port: configuration.gatewayPort,
            stateFolder: state.url, isProduction: configuration.environment == .production)
        return PatientService(name: "gateway", logger: logger) { [database, logger, meters] in
            let gateway = try DeviceGateway(
                settings, database: database,
                configuration: { try await description.configuration(at: SystemClock.now()) },
                clock: SystemClock.now, logger: logger,
                onReady: { port in
                    board.post(.gateway, at: "https://\(Self.literal(host)):\(port)")
                })
            meters.watch(positions: { [positions = gateway.positions] in positions.tally })
            return gateway
        }
    }

    private func readIssuerKeys() throws -> [IssuerKeyID: [UInt8]] {
        guard let path = configuration.issuerKeysFile else {
            logger.warning("Without --issuer-keys validators accept no e-ticket")
            return [:]
        }
        return try IssuerKeysFile.read(path)
    }

    private func makeRating() async throws -> RatingService {
        RatingService(
            database, router: TapRouter(database, vault: try await makeVault()),
            worker: RatingWorker(database, tariffs: tariffs),
            batcher: LedgerBatcher(database, zone: zone), tariffs: tariffs,
            batchInterval: configuration.ledgerBatchInterval, logger: logger,
            report: { [meters] in meters.note($0) })
    }

    /// The pages and, whatever the roles, what monitoring asks.
    private func makeConsole(_ board: AddressBoard) async throws -> [any Service] {
        let router = Router(context: ConsoleContext.self)
        MonitoringRoutes(
            database: database, metrics: MetricsPage(database: database, meters: meters)
        ).add(to: router)
        if configuration.roles.contains(.feeds) { makeOpenData().add(to: router) }
        var services: [any Service] = []
        if configuration.roles.contains(.console) {
            let pages = try await makePages()
            pages.add(to: router)
            services += [pages.board, pages.fleet]
            if let socket = configuration.demonstrationSocket {
                services.append(addDemonstration(behind: socket, to: router, pages))
            }
        }
        let host = configuration.host
        services.append(
            Application(
                router: router,
                configuration: .init(
                    address: .hostname(host, port: configuration.consolePort),
                    serverName: nil),
                onServerRunning: { channel in
                    let port = channel.localAddress?.port ?? configuration.consolePort
                    board.post(.console, at: "http://\(Self.literal(host)):\(port)")
                },
                logger: logger))
        return services
    }

    private func makeOpenData() -> OpenDataRoutes {
        OpenDataRoutes(
            vehicles: fleet, archive: StoredFeedArchive(database),
            snapshot: { [schedules] in schedules.snapshot },
            timetableClock: configuration.timetableClock, logger: logger, clock: SystemClock.now)
    }

    /// The page `/demo`; ``build(_:logger:)`` has seen to it that this is development.
    private func addDemonstration(
        behind socket: String, to router: Router<ConsoleContext>, _ pages: ConsoleRoutes
    ) -> any Service {
        let director = DemoDirector(
            control: ControlClient(socket: socket), ledger: DemoLedger(database), logger: logger,
            clock: SystemClock.now)
        DemoRoutes(director: director, door: GuestDoor(pages)).add(to: router)
        return director
    }

    private func makePages() async throws -> ConsoleRoutes {
        var settings = ConsoleSettings(
            share: configuration.share, calendar: LocalCalendar(zone: zone),
            tiles: configuration.tiles)
        settings.landscape = try configuration.landscapeFile.map(Landscape.init(path:))
        settings.hasDemonstration = configuration.demonstrationSocket != nil
        if configuration.environment == .development {
            settings.developmentSignIn = try await patiently {
                try await DevelopmentSignIn.ensureDevelopmentUser(
                    in: StaffStore(database), at: SystemClock.now())
            }
        }
        return try await ConsoleRoutes(
            database: database, fleet: fleet, settings: settings, names: schedules, logger: logger,
            clock: SystemClock.now)
    }

    /// An IPv6 address stands in brackets in a URL.
    private static func literal(_ host: String) -> String {
        host.contains(":") ? "[\(host)]" : host
    }
}

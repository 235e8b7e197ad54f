import CardReaders
import Foundation
import Hummingbird
import Logging
import PassengerDisplay
import Positioning
import ServiceLifecycle
import SignedDocuments
import TransitModel
import UnixSignals
import Uplink
import Wording

/// A whole validator, put together from its parts. The program and the tests build it here.
package struct Validator: Sendable {
    /// Who this device is, as its enrolment says.
    package struct Identity: Hashable, Sendable {
        package let device: DeviceID
        package let vehicle: VehicleID
        package let scheme: SchemeID

        package init(device: DeviceID, vehicle: VehicleID, scheme: SchemeID) {
            self.device = device
            self.vehicle = vehicle
            self.scheme = scheme
        }
    }

    package struct Settings: Sendable {
        package var share: ShareDirectory
        /// Zero for any free one.
        package var displayPort: Int
        /// See ``DisplayServer``.
        package var framingPort: Int?
        /// See ``ServiceContextFile``.
        package var serviceFile: String?
        /// Where the status is written about once a second; nowhere when absent.
        package var statusFile: String?

        package init(
            share: ShareDirectory, displayPort: Int = 0, framingPort: Int? = nil,
            serviceFile: String? = nil, statusFile: String? = nil
        ) {
            self.share = share
            self.displayPort = displayPort
            self.framingPort = framingPort
            self.serviceFile = serviceFile
            self.statusFile = statusFile
        }
    }

    /// The outside things that a validator works with.
    package struct Parts: Sendable {
        package var clock: DeviceClock
        package var displayTimer: DisplayBoard.Timer
        package var keeper: any TapKeeper
        package var documents: any DocumentKeeper
        package var makeReaders: @Sendable (DocumentDesk) -> any ReaderFeed
        /// Absent in a vehicle without a receiver.
        package var positions: (any PositionFeed)?
        /// What else runs beside the taps, such as the uplink.
        package var makeCompanions: @Sendable (CompanionTools) throws -> [any Service]
        /// Takes one line of JSON per tap.
        package var emit: @Sendable (String) -> Void

        package init(
            clock: DeviceClock = .system, displayTimer: DisplayBoard.Timer = .system,
            keeper: any TapKeeper, documents: any DocumentKeeper,
            makeReaders: @escaping @Sendable (DocumentDesk) -> any ReaderFeed,
            positions: (any PositionFeed)? = nil,
            makeCompanions: @escaping @Sendable (CompanionTools) throws -> [any Service] = {
                _ in []
            },
            emit: @escaping @Sendable (String) -> Void
        ) {
            self.clock = clock
            self.displayTimer = displayTimer
            self.keeper = keeper
            self.documents = documents
            self.makeReaders = makeReaders
            self.positions = positions
            self.makeCompanions = makeCompanions
            self.emit = emit
        }
    }

    package let board: DisplayBoard
    package let taps: TapDesk
    package let intake: DocumentIntake
    package let log: ValidatorLog

    private let settings: Settings
    private let readers: any ReaderFeed
    private let positions: PositionRecorder?
    private let companions: [any Service]
    private let service: ServiceContextFile
    private let server: DisplayServer
    private let logger: Logger

    /// Puts a validator together; nothing runs yet, and all that was kept is recalled.
    ///
    /// - Throws: When the share folder is incomplete or there is no trust root.
    package static func make(
        _ identity: Identity, settings: Settings, parts: Parts,
        logger: Logger = Logger(label: "validator")
    ) async throws -> Validator {
        let catalogue = try Catalogue(
            json: Array(Data(contentsOf: URL(fileURLWithPath: settings.share.catalogue))))
        let pages = try DisplayPages(share: settings.share, catalogue: catalogue)
        let board = DisplayBoard(
            speaker: DisplaySpeaker(catalogue: catalogue), timer: parts.displayTimer)
        let log = ValidatorLog(
            status: ValidatorStatus(
                device: identity.device, vehicle: identity.vehicle, scheme: identity.scheme,
                pid: getpid(), startedAt: parts.clock.read().wall.iso8601),
            clock: parts.clock, logger: logger, emit: parts.emit)
        let service = ServiceContextFile(path: settings.serviceFile, vehicle: identity.vehicle)
        if case .unusable(let alarm) = service.refresh() { log.raise(alarm) }
        let (documents, alarms) = try await DocumentDesk.open(
            keeper: parts.documents, scheme: identity.scheme)
        for alarm in alarms { log.raise(alarm) }
        let taps = TapDesk(
            tools: .init(
                documents: documents, keeper: parts.keeper, display: board, clock: parts.clock,
                service: { service.context }, routeName: { service.routeName },
                position: { [positions = parts.positions] in positions?.lastFix?.aged(at: $0) },
                log: log))
        await taps.recover()
        let intake = DocumentIntake(
            documents: documents, taps: taps, clock: parts.clock, log: log)
        await intake.announce()
        let ring = PositionRing()
        let companions = try parts.makeCompanions(
            CompanionTools(intake: intake, taps: taps, documents: documents, positions: ring))
        return Validator(
            board: board, taps: taps, intake: intake, log: log, settings: settings,
            readers: parts.makeReaders(documents),
            positions: parts.positions.map { feed in
                PositionRecorder(feed: feed, ring: ring, service: { service.context }, log: log)
            }, companions: companions, service: service,
            server: DisplayServer(
                board: board, pages: pages, framingPort: settings.framingPort), logger: logger)
    }

    /// Runs until told to stop, or until a part of it ends that never should.
    ///
    /// - Parameters:
    ///   - stopsOnSignals: Whether SIGTERM and SIGINT stop it, gracefully.
    ///   - onReady: Told the display's address once it is served.
    package func run(
        stopsOnSignals: Bool = false,
        onReady: @escaping @Sendable (String) async -> Void = { _ in }
    ) async throws {
        let display = server.makeApplication(port: settings.displayPort, logger: logger) {
            [log] port in
            let address = "http://127.0.0.1:\(port)/"
            log.note(display: address)
            await onReady(address)
        }
        var services: [any Service] = [display]
        services.append(Loop { [board] in await board.run() })
        services.append(Loop { [readers] in await readers.run() })
        services.append(Loop { [taps, readers] in await taps.run(readers.events) })
        services.append(Loop { await watchService() })
        services.append(Loop { await writeStatus() })
        if let positions { services.append(Loop { await positions.run() }) }
        services += companions
        try await ServiceGroup(
            services: services, gracefulShutdownSignals: stopsOnSignals ? [.sigterm, .sigint] : [],
            logger: logger
        ).run()
        writeStatusNow()
    }

    /// How often files are looked at and written.
    private static let serviceInterval: Duration = .milliseconds(500)
    private static let statusInterval: Duration = .seconds(1)

    private func watchService() async {
        while (try? await Task.sleep(for: Self.serviceInterval)) != nil {
            switch (try? await withoutBlockingTasks { [service] in service.refresh() }) ?? .none {
            case .none: break
            case .context: await taps.refreshRest()
            case .unusable(let alarm): log.raise(alarm)
            }
        }
    }

    private func writeStatus() async {
        repeat {
            _ = try? await withoutBlockingTasks { writeStatusNow() }
        } while (try? await Task.sleep(for: Self.statusInterval)) != nil
    }

    private func writeStatusNow() {
        guard let path = settings.statusFile else { return }
        do {
            try AtomicFile.write(log.status.json(pretty: true), to: path, isDurable: false)
        } catch {
            logger.warning("The status cannot be written: \(error)")
        }
    }
}

/// A part that runs until the validator stops.
private struct Loop: Service {
    private let body: @Sendable () async -> Void

    init(_ body: @escaping @Sendable () async -> Void) {
        self.body = body
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await body() }
    }
}

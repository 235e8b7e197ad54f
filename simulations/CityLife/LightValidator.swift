import CardReaders
import FareMedia
import Foundation
import Logging
import PassengerDisplay
import Synchronization
import TapJournal
import TransitModel
import Uplink
import ValidatorApp

/// A validator without a process, a reader and a screen of its own, and with everything else:
/// its enrolled identity, its mutual TLS, the verdict, the journal on disk, the upload, the
/// signed documents.
///
/// Hundreds share one process. They ask for documents seldom and write no status; what they
/// promise about taps is what every validator promises.
package struct LightValidator: Sendable {
    package struct Settings: Sendable {
        package var server: URL
        package var documentInterval: Duration
        package var positions: PositionSender.Settings

        package init(
            server: URL, documentInterval: Duration = .seconds(120),
            positions: PositionSender.Settings = .init(healthInterval: .seconds(30))
        ) {
            self.server = server
            self.documentInterval = documentInterval
            self.positions = positions
        }
    }

    package static let reader: ReaderName = "light"

    package let vehicle: VehicleID
    private let service: ServiceBelief
    private let display: UnseenDisplay
    private let ring = PositionRing()
    private let taps: TapDesk
    private let uplink: Uplink
    private let events: AsyncStream<ReaderEvent>
    private let inbox: AsyncStream<ReaderEvent>.Continuation

    /// Opens what enrolment and earlier runs left in a state folder; nothing runs yet.
    package static func open(
        folder: StateFolder, settings: Settings, line: LineTally
    ) async throws -> LightValidator {
        try LightValidator(
            try EnrolledDevice(folder: folder.url), folder, settings, line,
            journal: try await TapJournal.open(
                folder: folder.url, device: DeviceFile.identity(in: folder).device,
                limits: .init(reserveBytes: 64 << 10, recentRecords: 64)),
            documents: try await DocumentDesk.open(
                keeper: DocumentFolder(path: folder.documents),
                scheme: DeviceFile.identity(in: folder).scheme
            ).desk)
    }

    private init(
        _ device: EnrolledDevice, _ folder: StateFolder, _ settings: Settings, _ line: LineTally,
        journal: TapJournal, documents: DocumentDesk
    ) throws {
        vehicle = device.vehicle
        let clock = DeviceClock.system
        let log = ValidatorLog(
            status: ValidatorStatus(
                device: device.device, vehicle: device.vehicle, scheme: device.scheme,
                pid: getpid(), startedAt: clock.read().wall.iso8601),
            clock: clock, logger: Logger(label: "light") { _ in SwiftLogNoOpLogHandler() },
            emit: { _ in })
        let service = ServiceBelief(ServiceContext(vehicle: device.vehicle))
        self.service = service
        let display = UnseenDisplay()
        self.display = display
        taps = TapDesk(
            tools: .init(
                documents: documents, keeper: journal, display: display, clock: clock,
                service: { service.context }, position: { service.position(at: $0) }, log: log))
        let intake = DocumentIntake(documents: documents, taps: taps, clock: clock, log: log)
        let tools = CompanionTools(
            intake: intake, taps: taps, documents: documents, positions: ring)
        uplink = try Uplink(
            server: settings.server, device: device, journal: journal, documents: intake,
            settings: .init(
                documentInterval: settings.documentInterval, pruneInterval: .seconds(900),
                retention: .seconds(3_600)),
            positions: PositionSender(
                ring: ring, settings: settings.positions,
                health: { await tools.health(of: journal) }),
            report: { line.note($0, of: device.vehicle) })
        (events, inbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(256))
    }

    /// Takes taps and talks with the gateway until the task is cancelled.
    package func run() async {
        await taps.recover()
        inbox.yield(.attached(Self.reader))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await taps.run(events) }
            group.addTask { try? await uplink.run() }
            await group.waitForAll()
        }
    }

    /// A card is held to the reader; nobody does that before the display asks for it.
    package func present(_ reading: MediaReading) {
        guard display.asksForCards else { return }
        let now = ContinuousClock.now
        inbox.yield(
            .presented(
                reading, reader: Self.reader,
                timing: PresentationTiming(
                    enteredAt: now, connectedAt: now, finishedAt: now, cardTime: .zero)))
    }

    /// The vehicle is somewhere, and its driver's console says on which trip.
    package func move(to location: VehicleLocation, direction: Direction?) {
        service.move(to: location, direction: direction, vehicle: vehicle)
        ring.add(location)
    }
}

/// What the vehicle believes to be doing, and where.
private final class ServiceBelief: Sendable {
    private let held: Mutex<(context: ServiceContext, point: GeoPoint?, at: MonotonicTime)>

    init(_ context: ServiceContext) {
        held = Mutex((context, nil, MonotonicTime(milliseconds: 0)))
    }

    var context: ServiceContext { held.withLock { $0.context } }

    func position(at now: MonotonicTime) -> AgedPosition? {
        held.withLock { held in
            held.point.map { point in
                AgedPosition(
                    latitudeE7: Int32((point.latitude * 1e7).rounded()),
                    longitudeE7: Int32((point.longitude * 1e7).rounded()),
                    age: max(.zero, now.elapsed(since: held.at)))
            }
        }
    }

    func move(to location: VehicleLocation, direction: Direction?, vehicle: VehicleID) {
        let now = DeviceClock.system.read().monotonic
        held.withLock {
            $0.context = ServiceContext(
                vehicle: vehicle, route: location.route, trip: location.trip,
                stop: location.stop, direction: direction)
            $0.point = location.point
            $0.at = now
        }
    }
}

/// A display that nobody sees; it remembers whether it would ask for cards.
private final class UnseenDisplay: RiderDisplay {
    private let rest = Mutex(DisplayMachine.Rest.starting)

    var asksForCards: Bool { rest.withLock { $0 == .ready } }

    func show(_ scene: DisplayScene) async {}
    func setRest(_ rest: DisplayMachine.Rest) async { self.rest.withLock { $0 = rest } }
    func setNotice(_ notice: DisplaySpeaker.Notice) async {}
}

/// How many validators reach the back office.
package final class LineTally: Sendable {
    private let held = Mutex<[VehicleID: UplinkReport]>([:])

    package init() {}

    func note(_ report: UplinkReport, of vehicle: VehicleID) {
        switch report {
        case .connected, .disconnected, .turnedAway: held.withLock { $0[vehicle] = report }
        case .alarm, .journal: break
        }
    }

    package var connected: Int { held.withLock { $0.values.count { $0 == .connected } } }
}

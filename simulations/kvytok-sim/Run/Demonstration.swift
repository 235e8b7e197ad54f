import CityLife
import Faults
import Foundation
import LocalStack
import TransitModel
import VirtualCards

/// The whole system on one machine: started in order, kept running, ended in the opposite order.
actor Demonstration {
    static let database = "kvytok"
    static let scheme = "demo-town"
    /// What `kvytok-backoffice serve --environment development` lets in.
    static let userName = "demo"
    static let password = "kvytok-demo"
    /// Those with validators of their own: processes, and readers through pcscd.
    static let vehicleCount = 2
    /// Metres a second; a receiver that claims more is not believed.
    private static let topSpeed = 50
    /// Where riders board.
    static let readerCount = 2
    /// Where the page `/demo` holds its cards: two, so that one rests while the other reads.
    static let controlledReaderCount = 2

    private let folder: DemoFolder
    private let settings: DemoSettings
    private let narrator: Narrator
    /// What to end, in the order of starting.
    private var endings: [@Sendable () async -> Void] = []
    private var kept: [KeptProcess] = []
    private var keepers: [@Sendable () async -> Void] = []
    /// Those that the page `/demo` commands.
    private var controlled: [ControlledVehicle] = []

    init(folder: DemoFolder, settings: DemoSettings, narrator: Narrator) {
        self.folder = folder
        self.settings = settings
        self.narrator = narrator
    }

    /// Starts everything and keeps it running until the task is cancelled; then, or after a
    /// failure, ends everything that it started.
    func run() async throws {
        do {
            try await show()
        } catch {
            await end()
            throw error
        }
        await end()
    }

    private func show() async throws {
        narrator.say("Kvytok, from \(folder.path)")
        let endingLock = try await takeEndingLock()
        defer { withExtendedLifetime(endingLock) {} }

        async let prepared = prepareCity()
        async let started = startDatabase()
        let (city, database) = (try await prepared, try await started)
        let installation = Installation(
            root: folder.path, scheme: Self.scheme, database: database, share: settings.share)
        try await prepare(installation, city)
        let addresses = try await startOffice(installation, city)
        let parts = city.leads(Self.vehicleCount)
        // Each with its own readers: they need not wait for one another.
        async let first = startVehicle(1, as: parts[0], of: city, installation, addresses)
        async let second = startVehicle(2, as: parts[1], of: city, installation, addresses)
        let vehicles = [try await first, try await second]

        let everything = DemoAddresses(
            console: addresses.console, displays: vehicles.map(\.display),
            gateway: addresses.gateway, database: database,
            userName: Self.userName, password: Self.password,
            readerPorts: vehicles.flatMap { $0.vehicle.readers.map(\.port) })
        keepers.append(serveControl())
        try everything.write(to: folder.addresses)
        greet(everything)
        try await keepEverything(
            vehicles.map(\.vehicle), installation, city, gateway: addresses.gateway)
    }

    // MARK: - Starting

    /// After a kill -9 the processes of the last run may take a few seconds to end.
    private func takeEndingLock() async throws -> ExclusiveLock {
        let path = folder.endingLock
        if let lock = try ExclusiveLock.take(path, for: .processAndChildren) { return lock }
        return try await narrator.step("waiting for the last run's processes to end") {
            try await eventualValue(
                "the last run's processes to end", within: .seconds(60), every: .milliseconds(100)
            ) { try ExclusiveLock.take(path, for: .processAndChildren) }
        }
    }

    private func startDatabase() async throws -> String {
        if let given = ProcessInfo.processInfo.environment["DATABASE_URL"], !given.isEmpty {
            narrator.say("  ✓ database: yours, by DATABASE_URL")
            return given
        }
        let server = try PrivatePostgres(folder: folder.postgres, durability: .durable)
        endings.append { await server.stop() }
        let what = await server.isNew ? "database: a new private cluster" : "database"
        try await narrator.step(what) {
            try await server.start()
            try await server.ensureDatabase(Self.database)
        }
        keepers.append { [narrator] in await ServiceKeeper(server, narrator).keep() }
        return server.url(database: Self.database)
    }

    /// The city, made or read, and set in motion.
    private func prepareCity() async throws -> DemoCityStage {
        let (settings, folder) = (settings, folder.city)
        let city = try await narrator.step("city") {
            try await DemoCityStage.make(settings, below: folder)
        }
        narrator.say("  · \(city.summary)")
        return city
    }

    /// Schema, keys and feed; each does nothing when it is there already.
    private func prepare(_ installation: Installation, _ city: DemoCityStage) async throws {
        let feed = city.feed
        try await narrator.step("schema") { try await installation.migrate() }
        try await narrator.step("development keys") { try await installation.makeKeys() }
        try await narrator.step("feed of \(feed.title)") {
            try await installation.importFeed(feed.path)
        }
    }

    private func startOffice(
        _ installation: Installation, _ city: DemoCityStage
    ) async throws -> (console: String, gateway: String) {
        let console = try port(settings.ports.console, "the console")
        let gateway = try port(settings.ports.gateway, "the device gateway")
        let process = keep(
            "back office",
            installation.serve(
                console: console, gateway: gateway, demonstration: folder.control,
                timetableClock: city.stage.clock.isReal ? nil : city.stage.clock.text,
                landscape: city.feed.landscape,
                output: .keptWithDiagnostics(to: folder.log("backoffice"))))
        let ready = try await narrator.step("back office") { try await process.start() }
        return (
            ready["console"] ?? "http://127.0.0.1:\(console)",
            ready["gateway"] ?? "https://127.0.0.1:\(gateway)"
        )
    }

    private func startVehicle(
        _ number: Int, as part: VehicleID, of city: DemoCityStage, _ installation: Installation,
        _ addresses: (console: String, gateway: String)
    ) async throws -> (vehicle: DemoVehicle, display: String) {
        let name = "demo-\(number)"
        if !installation.isEnrolled(name) {
            try await narrator.step("enrolment of \(name)") {
                try await installation.enrol(name, gateway: addresses.gateway)
            }
        }
        // The first vehicle has more: the page's own readers, and a road that can be cut.
        let isControlled = number == 1
        let readers = try await narrator.step("card readers of \(name)") {
            try await CardReaderDaemon.start(
                readers: Self.readerCount + (isControlled ? Self.controlledReaderCount : 0))
        }
        endings.append { await readers.stop() }
        keepers.append { [narrator] in await ServiceKeeper(readers, of: name, narrator).keep() }
        let display = try port(settings.ports.display(of: number), "the display of \(name)")
        let vehicle = DemoVehicle(
            name: name, part: part, readers: Array(readers.readers.prefix(Self.readerCount)),
            serviceFile: installation.folders.service(name), stage: city.stage, narrator: narrator)
        try vehicle.takePlace()
        let receiver = try startReceiver(of: name, as: part, in: city)
        let relay = isControlled ? try road(to: addresses.gateway) : nil
        let process = keep(
            "validator of \(name)",
            installation.validator(
                name, gateway: relay.map { "https://127.0.0.1:\($0.port)" } ?? addresses.gateway,
                display: display, readers: readers,
                framingPort: URL(string: addresses.console)?.port.flatMap(UInt16.init),
                gpsd: receiver.map { ($0, Self.topSpeed * city.stage.clock.rate) },
                output: .keptWithDiagnostics(to: folder.log("validator-\(name)"))))
        let ready = try await narrator.step("validator of \(name)") { try await process.start() }
        let page = ready["display"] ?? "http://127.0.0.1:\(display)"
        if let relay {
            controlled.append(
                ControlledVehicle(
                    name: name, display: page, validator: process, relay: relay,
                    journalCheck: installation.journalCheck(of: name),
                    readers: readers.readers.dropFirst(Self.readerCount),
                    hand: DemoHand(
                        deck: CardDeck(issuer: try DevelopmentKeys.issuer(in: folder.keys)))))
        }
        return (vehicle, page)
    }

    /// A gpsd of the vehicle's own, where the machine has one.
    ///
    /// - Returns: Its port.
    private func startReceiver(
        of name: String, as part: VehicleID, in city: DemoCityStage
    ) throws -> UInt16? {
        if let lack = PositionDaemon.unavailability {
            narrator.say("  · \(name) does not know where it is: \(lack)")
            return nil
        }
        let receiver = DemoReceiver(
            port: try PortAllotment.allot(), vehicle: part, stage: city.stage,
            log: "\(folder.city)/\(name).nmea", narrator: narrator)
        keepers.append { await receiver.play() }
        return receiver.port
    }

    private func road(to gateway: String) throws -> NetworkRelay {
        guard let port = URL(string: gateway)?.port.flatMap(UInt16.init) else {
            throw InstallationFailure("no port in the gateway's address \(gateway)")
        }
        return try NetworkRelay(port: try PortAllotment.allot(), upstreamPort: port)
    }

    /// What the page `/demo` commands; it goes on until the task is cancelled.
    private func serveControl() -> @Sendable () async -> Void {
        let server = ControlServer(path: folder.control, vehicles: controlled)
        return { [narrator] in
            do {
                try await server.run()
            } catch  where !Task.isCancelled {
                narrator.say("! the demonstration's page cannot command anything: \(error)")
            } catch {}
        }
    }

    private func keep(_ name: String, _ command: ChildCommand) -> KeptProcess {
        let logs = folder.logs
        let process = KeptProcess(name, command) { [narrator] event in
            switch event {
            case .died(let status, let pause):
                narrator.say(
                    "! the \(name) ended with \(status); it starts again in \(pause.inWords). "
                        + "Its log is in \(logs).")
            case .back: narrator.say("✓ the \(name) is back")
            case .stillDown(let reason): narrator.say("! the \(name) is still down: \(reason)")
            }
        }
        kept.append(process)
        endings.append { await process.stop() }
        return process
    }

    /// - Parameter preferred: 0 for whichever is free.
    private func port(_ preferred: UInt16, _ whose: String) throws -> UInt16 {
        if preferred == 0 { return try PortAllotment.allot() }
        let port = try PortAllotment.allot(preferring: preferred)
        if port != preferred {
            narrator.say("  · port \(preferred) is taken: \(whose) gets \(port)")
        }
        return port
    }

    // MARK: - Running

    private func greet(_ addresses: DemoAddresses) {
        narrator.answer("\nIt runs:\n\(addresses.text)\n")
        let hint =
            settings.isQuiet
            ? "No riders, as you asked: put cards on the readers with `kvytok-sim cards`."
            : "The city lives: watch the map and Today."
        narrator.say("\(hint) Logs are in \(folder.logs). Ctrl-C ends everything.")
    }

    /// Returns when the task is cancelled and no process is kept any more.
    private func keepEverything(
        _ vehicles: [DemoVehicle], _ installation: Installation, _ city: DemoCityStage,
        gateway: String
    ) async throws {
        let riders = settings.isQuiet ? nil : try city.riders(with: installation)
        guard let server = URL(string: gateway) else {
            throw InstallationFailure("\(gateway) is no address")
        }
        let lights = LightVehicles(
            enrolment: FleetEnrolment(
                folder: folder.fleet, server: server,
                authority: installation.folders.authority,
                makeCodes: { try await installation.makeCodes(for: $0.map(\.rawValue)) }),
            stage: city.stage, riders: riders, narrator: narrator)
        let others = city.vehicles(besides: vehicles.map(\.part))
        let (kept, keepers) = (kept, keepers)
        await withTaskGroup(of: Void.self) { group in
            for process in kept { group.addTask { await process.keep() } }
            for keeper in keepers { group.addTask { await keeper() } }
            for vehicle in vehicles { group.addTask { await vehicle.drive(with: riders) } }
            group.addTask { await lights.run(others) }
            // Stopping is what lets a keeper return.
            group.addTask {
                while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
                for process in kept.reversed() { await process.stop() }
            }
        }
    }

    private func end() async {
        let endings = endings
        self.endings = []
        _ = try? await narrator.step("ended every process") {
            for ending in endings.reversed() { await ending() }
        }
        try? FileManager.default.removeItem(atPath: folder.addresses)
    }
}

import ArgumentParser
import CityLife
import Foundation
import LocalStack
import TransitModel

/// `kvytok-sim run`: what `make run` shows.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the whole system on this machine, with a city that lives.",
        discussion: """
            Starts a private PostgreSQL (or takes DATABASE_URL), the back office, private card \
            readers and two validators, and ends all of them when it ends. The next start goes on \
            where this one was.

            The city's other vehicles have validators inside this process: the same verdicts, \
            journals and uploads over mutual TLS, without readers and screens. Where the vehicles \
            are follows from the feed and the seed. When the city sleeps, its clock shows a busy \
            hour instead; taps are stamped with the time on the wall all the same.
            """)

    @Option(help: ArgumentHelp("Where everything is kept.", valueName: "folder"))
    var state = Checkout.path(".local")

    @Option(
        help: ArgumentHelp("Templates, pages and wording of the programs.", valueName: "folder"))
    var share = Checkout.root

    @Option(
        help: ArgumentHelp(
            "A GTFS feed to live by instead of a made-up city: a folder or a zip file.",
            valueName: "feed"))
    var feed: String?

    @Option(help: "Which city is made up; the same number gives the same city.")
    var seed: UInt64 = 1

    @Option(help: "How many times as fast as the clock the city lives: 1 to 60.")
    var speed = 1

    @Option(
        help: ArgumentHelp(
            "What the city's clock shows at the start: 08:00, or 2026-11-24T08:00.",
            valueName: "time"))
    var at: CityMoment?

    @Option(help: "At most so many vehicles.")
    var vehicles: Int?

    @Option(help: "The console's port; another free one when it is taken, or for 0.")
    var consolePort: UInt16 = 8080

    @Option(help: "The first passenger display's port; likewise.")
    var displayPort: UInt16 = 8091

    @Option(help: "The device gateway's port; likewise.")
    var gatewayPort: UInt16 = 8443

    @Flag(help: "No riders: cards are tapped by hand only.")
    var quiet = false

    func validate() throws {
        guard displayPort < UInt16.max - UInt16(Demonstration.vehicleCount) else {
            throw ValidationError("--display-port needs room for another display after it.")
        }
        guard (1...TimetableClock.rateLimit).contains(speed) else {
            throw ValidationError("--speed takes 1 to \(TimetableClock.rateLimit).")
        }
        guard vehicles.map({ $0 >= Demonstration.vehicleCount }) ?? true else {
            throw ValidationError("--vehicles takes \(Demonstration.vehicleCount) or more.")
        }
    }

    func run() async throws {
        let narrator = Narrator()
        let folder = DemoFolder(path: URL(filePath: state).standardizedFileURL.path)
        try folder.create()
        guard let lock = try ExclusiveLock.take(folder.runLock, for: .process) else {
            sayWhereItRuns(folder, narrator)
            return
        }
        defer { withExtendedLifetime(lock) {} }
        // A run that was killed left its own.
        try? FileManager.default.removeItem(atPath: folder.addresses)
        let demonstration = Demonstration(
            folder: folder,
            settings: DemoSettings(
                share: share, feed: feed, seed: seed, speed: speed, moment: at,
                vehicleLimit: vehicles, isQuiet: quiet,
                ports: .init(
                    console: consolePort, display: displayPort, gateway: gatewayPort)),
            narrator: narrator)
        try await obey(demonstration, narrator)
    }

    /// Runs until a signal comes; a second one does not wait for anybody.
    private func obey(_ demonstration: Demonstration, _ narrator: Narrator) async throws {
        let show = Task { try await demonstration.run() }
        let signals = Task {
            var isEnding = false
            for await _ in Interruptions.stream() {
                if isEnding { Foundation.exit(130) }
                isEnding = true
                narrator.say("\nEnding everything; once more ends it at once.")
                show.cancel()
            }
        }
        defer { signals.cancel() }
        do {
            try await show.value
        } catch  where show.isCancelled {
            // Whatever was under way when the signal came was told to stop.
        }
        narrator.say("Ended. `make run` goes on from here.")
    }

    private func sayWhereItRuns(_ folder: DemoFolder, _ narrator: Narrator) {
        guard let addresses = DemoAddresses.read(from: folder.addresses) else {
            narrator.say("It is being started or ended just now, from \(folder.path).")
            return
        }
        narrator.say("It runs already, from \(folder.path):")
        narrator.answer(addresses.text)
    }
}

extension CityMoment: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

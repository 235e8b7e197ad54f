import ArgumentParser
import Foundation
import Logging
import Positioning
import Uplink
import ValidatorApp
import Wording

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Take taps until told to stop.",
        discussion: """
            Prints one line of JSON when the passenger display is served, \
            {"ready":true,"display":"http://127.0.0.1:PORT/"}, and then one per tap with its \
            verdict and the microseconds from field entry until it was read, decided, \
            journalled and shown. Diagnostics and alarms go to standard error.

            The display is a page for a browser in kiosk mode; start it with \
            --autoplay-policy=no-user-gesture-required so that it may sound. SIGTERM and SIGINT \
            stop the program; it loses nothing when it is killed instead.
            """)

    @Option(help: "The device's state folder, made by `enrol`.")
    var state: String

    @Option(help: "The back office's device gateway, such as https://office.example:8443.")
    var server: String

    @Option(
        name: .customLong("card-keys"),
        help: "Development card keys, a file that only its owner can read.")
    var cardKeys: String

    @Option(name: .customLong("display-port"), help: "The display's port; 0 takes a free one.")
    var displayPort: Int = 8480

    @Option(
        name: .customLong("framing-port"),
        help: """
            Lets pages that this machine itself serves at that port show the display in a frame. \
            For demonstrations; without it nobody may.
            """)
    var framingPort: Int?

    @Option(help: "The folder of pages and words.")
    var share: String = ShareDirectory.installed.root

    @Option(
        help: """
            A JSON file with route_id, trip_id, stop_id and direction; it is read again when it \
            changes.
            """)
    var service: String?

    @Option(
        help: ArgumentHelp(
            "A gpsd that knows where the vehicle is; without it nobody does.",
            valueName: "host:port"))
    var gpsd: String?

    @Option(
        name: .customLong("top-speed"),
        help: ArgumentHelp(
            "No fix is believed that the vehicle could reach only faster than this.",
            valueName: "metres per second"))
    var topSpeed: Double = 50

    private var gpsdSettings: GPSDClient.Settings? {
        guard let gpsd else { return nil }
        let colon = gpsd.lastIndex(of: ":")
        let port = colon.map { gpsd[gpsd.index(after: $0)...] }.flatMap { UInt16($0) }
        let host = colon.map { gpsd[..<$0] } ?? ""
        guard let port, port > 0, !host.isEmpty else { return nil }
        return GPSDClient.Settings(
            host: String(host), port: Int(port), limits: .init(speedMetresPerSecond: topSpeed))
    }

    func validate() throws {
        guard gpsd == nil || gpsdSettings != nil else {
            throw ValidationError("--gpsd is a host and a port, such as localhost:2947.")
        }
        guard topSpeed > 0, topSpeed.isFinite else {
            throw ValidationError("--top-speed is above zero.")
        }
        guard (0...65_535).contains(displayPort) else {
            throw ValidationError("--display-port is a number from 0 to 65535.")
        }
        if let framingPort, !(1...65_535).contains(framingPort) {
            throw ValidationError("--framing-port is a number from 1 to 65535.")
        }
        guard let url = URL(string: server), url.scheme == "https", url.host != nil else {
            throw ValidationError("--server is an address that begins with https://.")
        }
    }

    func run() async throws {
        let folder = StateFolder(state)
        let lock = try folder.lock()
        defer { withExtendedLifetime(lock) {} }
        let logger = Logger(label: "kvytok-validator") {
            StreamLogHandler.standardError(label: $0)
        }
        guard let gateway = URL(string: server) else {
            throw Refusal("--server: \(server) is not an address")
        }
        let validator = try await Validator.makeLive(
            .init(
                state: folder, cardKeys: cardKeys, gpsd: gpsdSettings,
                settings: .init(
                    share: ShareDirectory(share), displayPort: displayPort,
                    framingPort: framingPort, serviceFile: service, statusFile: folder.status)),
            logger: logger,
            makeCompanions: { journal, tools in
                [
                    try Uplink(
                        server: gateway, device: EnrolledDevice(folder: folder.url),
                        journal: journal, documents: tools.intake,
                        positions: PositionSender(
                            ring: tools.positions, health: { await tools.health(of: journal) }),
                        report: { tools.intake.note($0) })
                ]
            },
            emit: printLine)
        try await validator.run(stopsOnSignals: true) { address in
            printLine(#"{"display":"\#(address)","ready":true}"#)
        }
    }
}

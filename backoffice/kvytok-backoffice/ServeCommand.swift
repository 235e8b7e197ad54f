import ArgumentParser
import BackOfficeApp
import Console
import Logging
import TransitModel
import Wording

/// `kvytok-backoffice serve`: everything that runs by itself.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve devices and staff, and rate what was tapped.",
        discussion: """
            Prints one JSON line with the addresses once everything is reachable. Ports of 0 \
            choose free ones. SIGTERM ends it in order.
            """)

    @OptionGroup var database: DatabaseOptions

    @Option(help: ArgumentHelp("Where keys and the archive of batches lie.", valueName: "folder"))
    var state: String

    @Option(help: ArgumentHelp("Pages and the catalogue of phrases.", valueName: "folder"))
    var share: String = ShareDirectory.installed.root

    @Option(help: "The address to listen on.")
    var host: String = "127.0.0.1"

    @Option(help: "Where devices connect, over mutual TLS.")
    var gatewayPort: Int = 8443

    @Option(help: "Where staff and monitoring connect.")
    var consolePort: Int = 8080

    @Option(
        help: ArgumentHelp(
            "Which roles this process takes, separated by commas: \(BackOfficeRole.list).",
            valueName: "roles"))
    var roles: String = BackOfficeRole.list

    @Option(help: "production or development; development makes the keys that are missing.")
    var environment: BackOfficeEnvironment = .production

    @Option(
        help: ArgumentHelp("Public keys of the e-tickets' issuers, as JSON.", valueName: "file"))
    var issuerKeys: String?

    @Option(help: "The scheme that this installation serves.")
    var scheme: String

    @Option(help: ArgumentHelp("The scheme's IANA time zone.", valueName: "zone"))
    var timeZone: String = "Europe/Kyiv"

    @Option(help: "Seconds in which the same medium is refused again on the same trip.")
    var passbackSeconds: Int = 300

    @Option(
        help: ArgumentHelp(
            "Serve the page /demo, which commands the demonstration behind this socket; in "
                + "development only.",
            valueName: "socket"))
    var demonstration: String?

    @Option(
        help: ArgumentHelp(
            """
            For demonstrations in development: at a wall time it was this time in the timetable, \
            which since then goes so many times as fast. Both in milliseconds since 1970.
            """, valueName: "wall,timetable,rate"))
    var timetableClock: String?

    @Option(
        help: ArgumentHelp(
            "Map pictures below the streets, such as https://tiles.example/{z}/{x}/{y}.png.",
            discussion: "Without it maps show the feed's own streets and nothing else.",
            valueName: "url"))
    var tileAddress: String?

    @Option(help: "What maps say about where these pictures are from.")
    var tileAttribution: String = "© OpenStreetMap"

    @Option(
        help: ArgumentHelp(
            "Water, streets and districts to draw on maps, as GeoJSON.",
            discussion: "Features are told apart by their property kind: river, water, park, "
                + "street and district.",
            valueName: "file"))
    var landscape: String?

    private struct Ready: Encodable {
        let ready = true
        let console: String
        let gateway: String?
    }

    func validate() throws {
        for port in [gatewayPort, consolePort] where !(0...65_535).contains(port) {
            throw ValidationError("\(port) is no port")
        }
        guard (0...86_400).contains(passbackSeconds) else {
            throw ValidationError("--passback-seconds takes 0 to 86400")
        }
        if demonstration != nil, environment == .production {
            throw ValidationError("--demonstration goes with --environment development only")
        }
        if let timetableClock {
            guard TimetableClock(text: timetableClock) != nil else {
                throw ValidationError("--timetable-clock takes wall,timetable,rate")
            }
            guard environment == .development else {
                throw ValidationError("--timetable-clock is for --environment development")
            }
        }
        if let tileAddress, tiles == nil {
            throw ValidationError("--tile-address: \(tileAddress) is no address with {z}, {x}, {y}")
        }
        if BackOfficeRole.set(roles) == nil {
            throw ValidationError("--roles takes some of: \(BackOfficeRole.list)")
        }
    }

    private var tiles: TileServer? {
        tileAddress.flatMap { TileServer(address: $0, attribution: tileAttribution) }
    }

    func run() async throws {
        var configuration = BackOfficeConfiguration(
            database: database.url, stateFolder: state, share: ShareDirectory(share), host: host,
            gatewayPort: gatewayPort, consolePort: consolePort,
            roles: BackOfficeRole.set(roles) ?? [], environment: environment,
            issuerKeysFile: issuerKeys, scheme: SchemeID(scheme), timeZoneName: timeZone)
        configuration.tiles = tiles
        configuration.landscapeFile = landscape
        configuration.passbackWindow = .seconds(passbackSeconds)
        configuration.demonstrationSocket = demonstration
        configuration.timetableClock =
            timetableClock.flatMap { TimetableClock(text: $0) } ?? .real
        let logger = Logger(label: "kvytok-backoffice") { label in
            StreamLogHandler.standardError(label: label)
        }
        let office = try await BackOffice.build(configuration, logger: logger)
        try await office.run { addresses in
            try? Answer.print(Ready(console: addresses.console, gateway: addresses.gateway))
        }
    }
}

extension BackOfficeEnvironment: ExpressibleByArgument {}

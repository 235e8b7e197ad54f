import ArgumentParser
import Fares
import Feeds
import Foundation
import PostgresClient
import Store
import Timetable
import TransitModel

/// Feeds of the timetable and the tariff.
struct GTFSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gtfs", abstract: "Publish GTFS feeds.",
        subcommands: [GTFSImportCommand.self])
}

struct GTFSImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Check a GTFS feed and put its timetable and tariff in force.",
        discussion: """
            A feed that is wrong is refused by file, line and field, and changes nothing. What a \
            feed merely lacks (shapes, calendars, fares) is told, and the feed is put in force \
            without it. Importing a feed that is in force changes nothing. Earlier versions stay: \
            a ride is priced by the version that was in force when it began.
            """)

    @Argument(help: "A GTFS feed: a folder or a zip file.")
    var feed: String

    @Option(help: "A folder with a tariff, whose tables stand for the feed's fare tables.")
    var tariff: String?

    @OptionGroup var database: DatabaseOptions

    @Option(
        help: """
            Names the feed, and so its tariff. Default: the feed that the database has, or the \
            file's name for the first.
            """)
    var feedID: String?

    @Option(
        help: """
            From when it is in force, such as 2027-01-01T00:00:00+02:00. Default: the tariff's \
            first day, where that is to come, else now; for the first feed, the day on which it \
            begins.
            """)
    var effectiveFrom: String?

    private struct Gap: Encodable {
        let code: String
        let count: Int?
        let message: String

        init(_ gap: FeedGap) {
            code = gap.code
            count = gap.count
            message = gap.message
        }
    }

    private struct Imported: Encodable {
        let tariffID: String
        let tariffVersion: String
        let effectiveFrom: String
        let outcome: String
        let gaps: [Gap]

        enum CodingKeys: String, CodingKey {
            case tariffVersion, effectiveFrom, outcome, gaps
            case tariffID = "tariffId"
        }
    }

    func validate() throws {
        if let effectiveFrom, Timestamp(rfc3339: effectiveFrom) == nil {
            throw ValidationError(
                "--effective-from needs a date, a time and an offset from UTC, such as "
                    + "2027-01-01T00:00:00+02:00.")
        }
    }

    func run() async throws {
        let client = PostgresClient(database.url, applicationName: "kvytok-backoffice gtfs import")
        do {
            var files = try FeedFiles(path: feed)
            if let tariff { files = try files.under(tariffAt: tariff) }
            try await Migrator().migrate(client)
            let now = Timestamp(
                millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1_000))
            let outcome = try await FeedImport(client).run(
                files, feed: feedID.map { TariffID($0) },
                firstFeed: TariffID(defaultName),
                effectiveFrom: effectiveFrom.flatMap(Timestamp.init(rfc3339:)), now: now)
            try Answer.print(
                Imported(
                    tariffID: outcome.feed.rawValue, tariffVersion: outcome.tariffVersion,
                    effectiveFrom: outcome.effectiveFrom.rfc3339,
                    outcome: outcome.isNews ? "imported" : "already_in_force",
                    gaps: outcome.gaps.map(Gap.init)))
            for gap in outcome.gaps { Complaint.say("\(feed): \(gap.message)") }
        } catch {
            await client.close()
            throw Complaint.refused(error, in: tariff ?? feed)
        }
        await client.close()
    }

    /// The last part of the path without `.zip`.
    private var defaultName: String {
        let name = URL(filePath: feed).standardizedFileURL.lastPathComponent
        return name.hasSuffix(".zip") ? String(name.dropLast(4)) : name
    }
}

/// Diagnostics on standard error.
enum Complaint {
    static func say(_ message: String) {
        FileHandle.standardError.write(Data("\(message)\n".utf8))
    }

    /// Says what is wrong with a feed and ends with the status of refused input. Anything else
    /// is passed on as it came.
    static func refused(_ error: any Error, in feed: String) -> any Error {
        switch error {
        case let error as FeedFileError: say(error.description)
        case let error as FeedError: say("\(feed)/\(error)")
        case let error as TariffError: say("\(feed)/\(error)")
        case let error as FeedImportError: say("\(feed): \(error)")
        default: return error
        }
        return ExitCode(1)
    }
}

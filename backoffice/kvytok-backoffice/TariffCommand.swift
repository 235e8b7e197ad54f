import ArgumentParser
import Feeds
import Foundation
import TariffDesk
import TransitModel
import Wording

/// Tariffs without a database: what they say, and what another one would change.
struct TariffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tariff", abstract: "Check and read tariffs, and compare them.",
        subcommands: [TariffCheckCommand.self, TariffExplainCommand.self, TariffDiffCommand.self])
}

struct TariffExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Print a whole tariff as a price list that riders can read.")

    @Option(help: "A GTFS feed: a folder or a zip file.")
    var gtfs: String

    @Option(help: "A folder with a tariff, whose tables stand for the feed's fare tables.")
    var tariff: String?

    @OptionGroup var words: TariffWords

    func run() throws {
        let catalogue = try words.catalogue()
        let voice = try TariffWords.read(tariff ?? gtfs) {
            var files = try FeedFiles(path: gtfs)
            if let tariff { files = try files.under(tariffAt: tariff) }
            return try words.voice(of: files, catalogue)
        }
        try TariffWords.print(PriceList(voice).text)
    }
}

struct TariffDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say in words what a new tariff changes for riders.",
        discussion: "The exit status is 0 whether or not anything changes.")

    @Option(help: "The GTFS feed that both tariffs are for: a folder or a zip file.")
    var gtfs: String

    @Argument(help: "The tariff as it is: a folder with a tariff, or a feed.")
    var old: String

    @Argument(help: "The tariff as it shall be: a folder with a tariff, or a feed.")
    var new: String

    @OptionGroup var words: TariffWords

    func run() throws {
        let catalogue = try words.catalogue()
        let feed = try TariffWords.read(gtfs) { try FeedFiles(path: gtfs) }
        let before = try voice(of: old, feed, catalogue)
        let after = try voice(of: new, feed, catalogue)
        let changes = TariffChanges(from: before, to: after, called: names)
        try TariffWords.print(changes.text)
    }

    /// The folders' names, or their paths where the names are the same.
    private var names: (String, String) {
        let short = (URL(filePath: old).lastPathComponent, URL(filePath: new).lastPathComponent)
        return short.0 == short.1 ? (old, new) : short
    }

    private func voice(
        of path: String, _ feed: FeedFiles, _ catalogue: Catalogue
    ) throws -> TariffVoice {
        try TariffWords.read(path) {
            let isFeed =
                !FileManager.default.fileExists(atPath: path)
                || path.hasSuffix(".zip")
                || FileManager.default.fileExists(atPath: path + "/agency.txt")
            let files = try isFeed ? FeedFiles(path: path) : feed.under(tariffAt: path)
            return try words.voice(of: files, catalogue)
        }
    }
}

/// In which language a tariff is told, and where its words lie.
struct TariffWords: ParsableArguments {
    @Option(help: "uk or en. Default: what LC_ALL or LANG says.")
    var language: Language = .ofEnvironment

    @Option(
        help: ArgumentHelp(
            "Where the catalogue of phrases lies. Default: the installed one, or else that of the "
                + "checkout in which the program is run.", valueName: "folder"))
    var share: String?

    func catalogue() throws -> Catalogue {
        let installed = ShareDirectory.installed
        let isInstalled = FileManager.default.fileExists(atPath: installed.catalogue)
        let folder = share.map { ShareDirectory($0) } ?? (isInstalled ? installed : .init("."))
        let path = folder.catalogue
        guard let data = FileManager.default.contents(atPath: path) else {
            Complaint.say("\(path): the file cannot be read; name its folder with --share")
            throw ExitCode(1)
        }
        return try Catalogue(json: Array(data))
    }

    func voice(of files: FeedFiles, _ catalogue: Catalogue) throws -> TariffVoice {
        let feed = try LoadedFeed(files, tariff: TariffID(files.name))
        return try TariffVoice(feed, files, catalogue: catalogue, in: language)
    }

    /// Reads what was asked for, or names the file, line and field for which it is refused.
    static func read<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw Complaint.refused(error, in: path)
        }
    }

    static func print(_ text: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}

extension Language: ExpressibleByArgument {
    fileprivate static var ofEnvironment: Language {
        let locale = ["LC_ALL", "LANG"].lazy.compactMap(Environment.value).first { !$0.isEmpty }
        return locale?.hasPrefix("uk") == true ? .ukrainian : .english
    }
}

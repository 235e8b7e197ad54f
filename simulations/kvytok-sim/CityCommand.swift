import ArgumentParser
import City
import Foundation

/// `kvytok-sim city`: an invented city as files.
struct CityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "city",
        abstract: "Write an invented Ukrainian city: its GTFS feed, its fleet and its riders.",
        discussion: """
            About 30 tram, trolleybus and bus lines with some 230 vehicles in blocks, names in \
            Ukrainian and English, and fares in hryvnias (Fares v2). The folder is a GTFS feed \
            that any tool reads; beside it lie
              vehicles.jsonl   a vehicle a line: number, depot, doors, the blocks that it drives
              riders.jsonl     a rider a line: home, work, habits, what they pay with
              landscape.json   river, streets, districts and depots as GeoJSON, for maps
            One seed gives the same bytes always and everywhere. A summary goes to standard \
            error. Exit status: 0 done, 1 the folder cannot be written, 2 usage.
            """)

    @Option(help: "Which city; any whole number from 0.")
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "Where to write; created when absent. A folder that holds anything but an earlier city "
                + "is refused.", valueName: "folder"))
    var out: String

    @Option(help: "The first of the two years that the timetable is valid for.")
    var year = 2026

    func validate() throws {
        guard (2_000...2_100).contains(year) else {
            throw ValidationError("--year takes a year from 2000 to 2100.")
        }
    }

    func run() throws {
        let folder = CityFolder(path: URL(filePath: out).standardizedFileURL.path)
        try folder.prepare()
        let city = DemoCity.make(seed: seed, year: year)
        try folder.write(city.files)
        FileHandle.standardError.write(Data(summary(of: city, in: folder).utf8))
    }

    private func summary(of city: DemoCity, in folder: CityFolder) -> String {
        func rows(_ file: String) -> Int {
            (city.feed[file] ?? []).count { $0 == UInt8(ascii: "\n") } - 1
        }
        let kinds = [(0, "trams"), (11, "trolleybuses"), (3, "buses")].map { type, name in
            "\(city.vehicles.count { $0.routeType == type }) \(name)"
        }
        return """
            \(city.name.ukrainian) (\(city.name.english)), seed \(city.seed), in \(folder.path)
              \(rows("routes.txt")) lines, \(rows("stops.txt")) stops, \
            \(rows("trips.txt")) trips, \(rows("stop_times.txt")) stop times
              \(city.vehicles.count) vehicles: \(kinds.joined(separator: ", "))
              \(city.riders.count) riders

            """
    }
}

/// A folder that holds one city, or will.
struct CityFolder {
    let path: String

    /// Only a folder with this file is taken for an earlier city.
    private static let mark = "vehicles.jsonl"

    /// Makes the folder, or empties the city that it holds.
    ///
    /// - Throws: ``Refusal`` when something else lies there; nothing is touched then.
    func prepare() throws {
        var isFolder: ObjCBool = false
        let files = FileManager.default
        guard files.fileExists(atPath: path, isDirectory: &isFolder) else {
            return try attempt("create") {
                try files.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
        }
        guard isFolder.boolValue else { throw Refusal("\(path) is a file, not a folder") }
        let names = try attempt("read") { try files.contentsOfDirectory(atPath: path) }
        let strangers = names.filter { !Self.isOfCity($0) }.sorted()
        guard names.isEmpty || (names.contains(Self.mark) && strangers.isEmpty) else {
            throw Refusal(
                "\(path) holds \(strangers.first ?? names[0]) and is no earlier city; "
                    + "name an empty folder or a new one")
        }
        for name in names {
            try attempt("empty") { try files.removeItem(atPath: "\(path)/\(name)") }
        }
    }

    func write(_ contents: [String: [UInt8]]) throws {
        // The mark comes first, so that a run that was ended halfway can be repeated.
        let names = contents.keys.sorted {
            ($0 != Self.mark ? 1 : 0, $0) < ($1 != Self.mark ? 1 : 0, $1)
        }
        for name in names {
            try attempt("write") {
                try Data(contents[name] ?? []).write(to: URL(filePath: "\(path)/\(name)"))
            }
        }
    }

    private static func isOfCity(_ name: String) -> Bool {
        name.hasSuffix(".txt") || name.hasSuffix(".jsonl") || name == "landscape.json"
    }

    private func attempt<Value>(_ action: String, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch {
            throw Refusal("could not \(action) \(path): \(error.localizedDescription)")
        }
    }
}

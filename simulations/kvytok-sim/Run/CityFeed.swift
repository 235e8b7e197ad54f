import City
import CityLife
import Foundation
import LocalStack
import Timetable
import TransitModel

/// The city that a demonstration shows: made up from a seed, or read from any feed.
struct CityFeed: Sendable {
    /// What the back office imports: a folder or a zip.
    let path: String
    let title: String
    let schedule: Schedule
    let zone: ZoneOffsets
    /// Empty for a feed, which names no vehicles.
    let fleet: [CityVehicle]
    /// Empty for a feed, which knows nobody.
    let riders: [Rider]
    /// Those of the feed's tariff that riders have to prove.
    let categories: Set<RiderCategoryID>
    /// What maps draw below the streets; absent for a feed, which knows of stops alone.
    let landscape: String?

    /// Makes the city of a seed, and keeps its files for the next start.
    static func generate(seed: UInt64, below folder: String, at now: Timestamp) throws -> CityFeed {
        let city = DemoCity.make(seed: seed)
        let path = "\(folder)/city-\(seed)"
        try write(city.feed, to: path)
        let landscape = "\(folder)/landscape-\(seed).json"
        try Data(city.landscape).write(to: URL(filePath: landscape), options: .atomic)
        return try CityFeed(
            path: path, title: "\(city.name.english), seed \(seed)", files: city.feed,
            fleet: city.vehicles, riders: city.riders, landscape: landscape, at: now)
    }

    /// Reads a folder or a zip of GTFS files.
    static func read(
        _ path: String, below folder: String, at now: Timestamp
    ) async throws -> CityFeed {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw InstallationFailure("--feed: there is no \(path)")
        }
        let name = URL(filePath: path).lastPathComponent
        let unpacked = isFolder.boolValue ? path : try await unpack(path, below: folder)
        return try CityFeed(
            path: path, title: name, files: try files(in: unpacked), fleet: [], riders: [],
            at: now)
    }

    private init(
        path: String, title: String, files: [String: [UInt8]], fleet: [CityVehicle],
        riders: [Rider], landscape: String? = nil, at now: Timestamp
    ) throws {
        self.riders = riders
        categories = try Self.provenCategories(files["rider_categories.txt"])
        self.path = path
        self.title = title
        self.fleet = fleet
        self.landscape = landscape
        schedule = try Schedule(files: files)
        guard let zone = ZoneOffsets.near(now, zone: schedule.zoneName) else {
            throw InstallationFailure("\(title): no time zone \"\(schedule.zoneName)\" is known")
        }
        self.zone = zone
    }

    private static func provenCategories(_ bytes: [UInt8]?) throws -> Set<RiderCategoryID> {
        guard let bytes else { return [] }
        var rows = try CSVCursor(file: "rider_categories.txt", bytes: bytes)
        let id = try rows.requiredColumn("rider_category_id")
        let isDefault = rows.column("is_default_fare_category")
        var categories: Set<RiderCategoryID> = []
        while try rows.next() {
            if try rows.text(isDefault) != "1" {
                categories.insert(RiderCategoryID(try rows.text(id)))
            }
        }
        return categories
    }

    // MARK: - Files

    /// Replaces what an older program may have made of the same seed.
    private static func write(_ files: [String: [UInt8]], to folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where files[name] == nil {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        for (name, bytes) in files {
            let data = Data(bytes)
            let path = "\(folder)/\(name)"
            if FileManager.default.contents(atPath: path) != data {
                try data.write(to: URL(filePath: path), options: .atomic)
            }
        }
    }

    private static func files(in folder: String) throws -> [String: [UInt8]] {
        let wanted = Set(GTFSTables.fileNames + Schedule.fileNames)
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where wanted.contains(name) {
            files[name] = [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
        }
        return files
    }

    /// The back office has a reader of zips that distrusts them; here Python's does, which the
    /// position daemon needs anyway.
    private static func unpack(_ zip: String, below folder: String) async throws -> String {
        let target = "\(folder)/unpacked"
        try? FileManager.default.removeItem(atPath: target)
        do {
            try await ChildCommand("python3", ["-m", "zipfile", "-e", zip, target]).run()
        } catch let failure as CommandFailure {
            throw InstallationFailure(
                "--feed: \(zip) cannot be unpacked: \(failure.lastLines.last ?? "")")
        }
        return target
    }
}

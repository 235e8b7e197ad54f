import Crypto
import Fares
import Foundation
import Timetable
import TransitModel

/// Why a feed could not be opened, before any of its tables is read.
package enum FeedFileError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    /// Not a zip file, or a broken one.
    case malformedArchive(path: String, reason: String)
    /// Larger, or packed tighter, than any honest feed.
    case tooLarge(path: String, reason: String)

    package var description: String {
        switch self {
        case .unreadable(let path, let reason), .malformedArchive(let path, let reason),
            .tooLarge(let path, let reason):
            "\(path): \(reason)"
        }
    }
}

/// The files of a feed, in memory.
package struct FeedFiles: Sendable {
    /// What it was read from, for messages.
    package let name: String
    /// Contents by file name.
    package let contents: [String: [UInt8]]

    /// Reads a folder of GTFS files, or a zip of them.
    package init(path: String, limits: ZipLimits = ZipLimits()) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw FeedFileError.unreadable(path: path, reason: "there is no such file or folder")
        }
        name = path
        contents =
            try isFolder.boolValue
            ? FeedFiles.readFolder(path, limits)
            : ZipArchive(FeedFiles.readFile(path, limit: limits.archiveBytes), name: path)
                .readFiles(limits: limits)
        if contents["agency.txt"] == nil,
            let nested = contents.keys.sorted().first(where: { $0.hasSuffix("/agency.txt") })
        {
            throw FeedFileError.malformedArchive(
                path: path, reason: "\(nested) must lie at the root, not in a folder")
        }
    }

    /// Reads a feed that was stored by ``archive()``.
    package init(archive bytes: [UInt8], name: String) throws {
        self.name = name
        contents = try ZipArchive(bytes, name: name).readFiles(limits: ZipLimits())
    }

    /// Files that are in memory already.
    package init(name: String, contents: [String: [UInt8]]) {
        self.name = name
        self.contents = contents
    }

    /// The feed under a tariff that lies in a folder of its own.
    ///
    /// None of the feed's products and rules are left; its areas, networks and timeframes are,
    /// where the folder has none of its own.
    ///
    /// - Throws: ``FeedFileError``, also for a folder with files that no tariff has.
    package func under(tariffAt path: String) throws -> FeedFiles {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw FeedFileError.unreadable(path: path, reason: "there is no such folder") }
        let tables = try FeedFiles.readFolder(path, ZipLimits())
        let names = Set(Tariff.fareFileNames + TariffExtension.fileNames)
        let lent = Set(["calendar.txt", "calendar_dates.txt", "translations.txt"])
        if let stranger = tables.keys.sorted().first(where: {
            !names.contains($0) && !lent.contains($0)
        }) {
            throw FeedFileError.unreadable(
                path: "\(path)/\(stranger)", reason: "not a file of a tariff")
        }
        let places = Set(Tariff.placeFileNames)
        var contents = contents.filter { !names.contains($0.key) || places.contains($0.key) }
        contents.merge(tables) { _, own in own }
        return FeedFiles(name: path, contents: contents)
    }

    private static func readFolder(
        _ path: String, _ limits: ZipLimits
    ) throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        var total = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        where file.hasSuffix(".txt") || file.hasSuffix(".geojson") {
            let bytes = try readFile("\(path)/\(file)", limit: limits.entryBytes)
            total += bytes.count
            guard total <= limits.totalBytes, contents.count < limits.entries else {
                throw FeedFileError.tooLarge(path: path, reason: "larger than any honest feed")
            }
            contents[file] = bytes
        }
        return contents
    }

    private static func readFile(_ path: String, limit: Int) throws -> [UInt8] {
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? handle.close() }
            let data = try handle.read(upToCount: limit + 1) ?? Data()
            guard data.count <= limit else {
                throw FeedFileError.tooLarge(path: path, reason: "over \(limit) bytes")
            }
            return [UInt8](data)
        } catch let error as CocoaError {
            throw FeedFileError.unreadable(path: path, reason: error.localizedDescription)
        }
    }

    /// The whole feed as one zip file.
    package func archive() throws -> [UInt8] { try ZipArchive.make(of: contents, name: name) }

    /// SHA-256 over all files, by name; it does not depend on how they were packed.
    package var sha256: [UInt8] { digest(of: contents.keys.sorted()) }

    /// Changes whenever a byte changes that a price may depend on, and with nothing else.
    package var tariffChecksum: [UInt8] {
        let isExtended = TariffExtension.fileNames.contains { contents[$0] != nil }
        let hasTimes = isExtended || contents["timeframes.txt"] != nil
        let names =
            Tariff.fileNames + TariffExtension.fileNames + (hasTimes ? Tariff.timeFileNames : [])
        return digest(of: names.filter { contents[$0] != nil }.sorted())
    }

    private func digest(of files: [String]) -> [UInt8] {
        var hash = SHA256()
        for file in files {
            let bytes = contents[file] ?? []
            hash.update(data: Data("\(file.utf8.count):\(file)\(bytes.count):".utf8))
            hash.update(data: bytes)
        }
        return Array(hash.finalize())
    }
}

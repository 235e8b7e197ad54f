import Feeds
import Foundation
import LocalStack
import Testing

extension FeedFileError {
    fileprivate var isTooLarge: Bool {
        if case .tooLarge = self { true } else { false }
    }
}

@Suite("Files of a feed")
struct FeedFilesTests {
    /// A folder with the given files.
    private func folder(_ files: [String: String]) throws -> String {
        let folder = try ScratchFolder("feed")
        for (file, text) in files {
            try Data(text.utf8).write(to: folder.url.appending(path: file))
        }
        return folder.path
    }

    private func zip(_ files: [String: String]) throws -> [UInt8] {
        try FeedFiles(path: folder(files)).archive()
    }

    private func file(_ bytes: [UInt8]) throws -> String {
        let folder = try ScratchFolder("zip")
        try Data(bytes).write(to: folder.url.appending(path: "feed.zip"))
        return folder.path("feed.zip")
    }

    @Test("A folder and the zip made of it hold the same feed")
    func roundTrip() throws {
        let files = ["agency.txt": "a,b\n", "stops.txt": "", "notes.md": "not a table"]
        let fromFolder = try FeedFiles(path: folder(files))
        let fromZip = try FeedFiles(path: file(fromFolder.archive()))
        #expect(fromFolder.contents.keys.sorted() == ["agency.txt", "stops.txt"])
        #expect(fromZip.contents == fromFolder.contents)
        #expect(fromZip.sha256 == fromFolder.sha256)
    }

    @Test("The tariff's checksum follows the fare tables alone")
    func tariffChecksum() throws {
        let files = ["stops.txt": "s", "fare_products.txt": "p", "trips.txt": "t"]
        let original = try FeedFiles(path: folder(files))
        var changed = files
        changed["trips.txt"] = "other"
        let otherTrips = try FeedFiles(path: folder(changed))
        changed["fare_products.txt"] = "dearer"
        let otherPrices = try FeedFiles(path: folder(changed))
        #expect(original.sha256 != otherTrips.sha256)
        #expect(original.tariffChecksum == otherTrips.tariffChecksum)
        #expect(original.tariffChecksum != otherPrices.tariffChecksum)
    }

    @Test("Bytes cannot move from one file to the next unnoticed")
    func framing() throws {
        let first = try FeedFiles(path: folder(["areas.txt": "ab", "stops.txt": "c"]))
        let second = try FeedFiles(path: folder(["areas.txt": "a", "stops.txt": "bc"]))
        #expect(first.sha256 != second.sha256)
    }

    @Test("A table packed tighter than any honest one stops at the bound")
    func bomb() throws {
        let bytes = try zip(["stops.txt": String(repeating: "0", count: 8 << 20)])
        #expect(bytes.count < 20_000)
        let error = #expect(throws: FeedFileError.self) { try FeedFiles(path: file(bytes)) }
        #expect(error?.isTooLarge == true)
    }

    @Test("Entries, their sizes and the sum of them are bounded")
    func bounds() throws {
        let path = try file(
            zip(["a.txt": "1234567890", "b.txt": "1234567890", "c.txt": "1234567890"]))
        func refuses(_ change: (inout ZipLimits) -> Void) -> Bool {
            var limits = ZipLimits()
            change(&limits)
            do {
                _ = try FeedFiles(path: path, limits: limits)
                return false
            } catch FeedFileError.tooLarge {
                return true
            } catch { return false }
        }
        #expect(!refuses { $0.entries = 3 })
        #expect(refuses { $0.entries = 2 })
        #expect(refuses { $0.entryBytes = 9 })
        #expect(refuses { $0.totalBytes = 29 })
        #expect(refuses { $0.archiveBytes = 100 })
    }

    @Test("What is no zip file, or a broken one, is refused", arguments: [0, 1, 20, 200, -1, -30])
    func broken(cut: Int) throws {
        var bytes = try zip(["stops.txt": (0..<500).map { "\($0 &* 7_919)" }.joined()])
        if cut >= 0 { bytes = Array(bytes.prefix(cut)) } else { bytes.removeLast(-cut) }
        #expect(throws: FeedFileError.self) { try FeedFiles(path: file(bytes)) }
    }

    @Test("A flipped bit in a table is noticed")
    func damaged() throws {
        var bytes = try zip(["stops.txt": (0..<500).map { "\($0 &* 7_919)" }.joined()])
        bytes[300] ^= 0x10
        #expect(throws: FeedFileError.self) { try FeedFiles(path: file(bytes)) }
    }

    @Test("A missing path is refused with its name")
    func missing() {
        #expect(throws: FeedFileError.self) { try FeedFiles(path: "/nowhere/feed.zip") }
    }
}

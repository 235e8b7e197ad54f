import DeviceProtocol
import Foundation
import LocalStack
import TapJournal
import Testing
import TransitModel

@Suite("Damaged journals")
struct JournalDamageTests {
    private let folder: URL

    init() throws {
        folder = try ScratchFolder("journal").url
    }

    private var file: URL { folder.appending(path: "journal.sqlite") }

    /// Leaves a journal with all its content in the main file.
    private func fill(_ count: Int) async throws -> [JournalledTap] {
        let journal = try await Sample.open(folder)
        var taps: [JournalledTap] = []
        for number in 0..<count { taps.append(try await journal.append(try Sample.tap(number))) }
        return taps
    }

    private func overwrite(at offset: UInt64, with bytes: [UInt8]) throws {
        let handle = try FileHandle(forWritingTo: file)
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }

    @Test("A file that is no database is set aside; taps go on in a new epoch")
    func notADatabase() async throws {
        _ = try await fill(3)
        try Data("not a database at all, but long enough to be read".utf8).write(to: file)
        let journal = try await Sample.open(folder)
        let tap = try await journal.append(try Sample.tap(9))
        #expect(tap.record.sequence == 1)
        let incident = try #require(await journal.incidents.first)
        guard case .setAside(let path, _) = incident else { return }
        #expect(FileManager.default.fileExists(atPath: path))
        let order = UplinkMachine.Order(epoch: tap.record.epoch, firstSequence: 1, count: 1)
        let run = try #require(try await journal.read(order))
        #expect(try EpochOpening(serialized: run.openingBytes).cause == .corruption)
    }

    @Test("What a damaged file's chain still proves is taken over and sent")
    func salvage() async throws {
        let taps = try await fill(200)
        let size = try #require(
            try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? UInt64)
        try #require(size > 20_000)
        // Beyond the first pages: the schema and the first records stay readable.
        let page = size / 4_096 * 3 / 4
        try overwrite(at: page * 4_096, with: Array(repeating: 0xA5, count: 4_096))
        let journal = try await Sample.open(folder)
        let incident = try #require(await journal.incidents.first)
        guard case .setAside(_, let salvaged) = incident else { return }
        #expect((1..<200).contains(salvaged))
        let order = UplinkMachine.Order(
            epoch: taps[0].record.epoch, firstSequence: 1, count: 200)
        let run = try #require(try await journal.read(order))
        #expect(run.records == taps.prefix(salvaged).map(\.bytes))
        let next = try await journal.append(try Sample.tap(500))
        let nextOrder = UplinkMachine.Order(epoch: next.record.epoch, firstSequence: 1, count: 1)
        let opening = try EpochOpening(
            serialized: try #require(try await journal.read(nextOrder)).openingBytes)
        #expect(opening.parent?.lastSequence == UInt64(salvaged))
        #expect(try JournalInspection(folder: folder).verify().isSound)
    }

    @Test("Verification finds a record that was changed in place")
    func tampered() async throws {
        let taps = try await fill(3)
        let content = try Data(contentsOf: file)
        let needle = Data(taps[1].bytes)
        let place = try #require(content.range(of: needle))
        // One bit within the record; SQLite's structure stays sound.
        let offset = place.lowerBound + needle.count - 3
        try overwrite(at: UInt64(offset), with: [content[offset] ^ 1])
        let report = try JournalInspection(folder: folder).verify()
        #expect(report.findings.map(\.sequence) == [2])
        #expect(report.findings.map(\.code) == ["hash"])
    }
}

import DeviceGateway
import Foundation
import LocalStack
import Testing
import TransitModel

@Suite("Tap archive")
struct TapArchiveTests {
    private let folder: URL

    init() throws {
        folder = try ScratchFolder("archive").url
    }

    private func entry(_ number: UInt8) -> ArchivedBatch {
        ArchivedBatch(
            device: DeviceID("validator-\(number)"), receivedAt: TestOffice.noon,
            batch: Array(repeating: number, count: Int(number) * 11))
    }

    @Test("Whatever was appended, also many at once, is read again")
    func appendThenRead() async throws {
        let archive = try TapArchive(folder: folder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask { try await archive.append(entry(UInt8(number))) }
            }
            try await group.waitForAll()
        }
        let (batches, torn) = try TapArchive.read(folder: folder)
        #expect(torn.isEmpty)
        #expect(Set(batches) == Set((0..<50).map { entry(UInt8($0)) }))
    }

    @Test("A torn end costs the torn batch alone, and the next run writes elsewhere")
    func tornEnd() async throws {
        try await TapArchive(folder: folder).append(entry(1))
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
        let file = folder.appending(path: name)
        let whole = try Data(contentsOf: file)
        for length in 1..<whole.count {
            try (whole + whole.prefix(length)).write(to: file)
            let (batches, torn) = try TapArchive.read(folder: folder)
            #expect(batches == [entry(1)])
            #expect(torn == [name])
        }
        try await TapArchive(folder: folder).append(entry(2))
        #expect(Set(try TapArchive.read(folder: folder).batches) == [entry(1), entry(2)])
    }

    @Test("A flipped bit is noticed")
    func damage() async throws {
        try await TapArchive(folder: folder).append(entry(3))
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
        let file = folder.appending(path: name)
        let whole = [UInt8](try Data(contentsOf: file))
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= 0x10
            try Data(damaged).write(to: file)
            #expect(try TapArchive.read(folder: folder).torn == [name])
        }
    }
}

import DeviceProtocol
import Dispatch
import Foundation
import LocalStack
import TapJournal
import Testing
import TransitModel

@Suite("Journal under kill -9")
struct JournalKillTests {
    @Test("Whatever append returned for is there after the process is killed at any instant")
    func killed() async throws {
        let folder = try ScratchFolder("journal")
        let path = folder.path
        let returned = folder.path("returned")
        for round in 0..<6 {
            let delay = UInt32(2_000 + round * 7_919)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [
                    path = path as String, returned = returned as String, delay = delay as UInt32
                ] in
                try await JournalKillTests.appendUntilKilled(
                    path: path, returned: returned, microseconds: delay)
            }
            let lines = (try? String(contentsOfFile: returned, encoding: .utf8)) ?? ""
            let promised = Set(lines.split(separator: "\n").map(String.init))
            let records = try JournalInspection(folder: folder.url).listRecords()
            let held = Set(try records.map { try TapRecord(serialized: $0).id.description })
            #expect(promised.isSubset(of: held), "round \(round)")
            let report = try JournalInspection(folder: folder.url).verify()
            #expect(report.isSound, "round \(round): \(report.findings)")
        }
        #expect(try !JournalInspection(folder: folder.url).listRecords().isEmpty)
        let last = try await Sample.open(folder.url)
        #expect(await last.incidents.isEmpty)
    }

    /// Writes down each tap that it was promised, until a thread of its own ends the process.
    static func appendUntilKilled(
        path: String, returned: String, microseconds: UInt32
    ) async throws {
        let journal = try await Sample.open(URL(fileURLWithPath: path, isDirectory: true))
        let file = open(returned, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let killer = Thread {
            let deadline = DispatchTime.now() + .microseconds(Int(microseconds))
            _ = DispatchSemaphore(value: 0).wait(timeout: deadline)
            kill(getpid(), SIGKILL)
        }
        killer.start()
        while true {
            let tap = try await journal.append(try Sample.tap())
            let line = Array("\(tap.id)\n".utf8)
            _ = write(file, line, line.count)
        }
    }
}

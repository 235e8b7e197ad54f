import DeviceProtocol
import Foundation
import LocalStack
import PostgresClient
import SmallTown
import Store
import TapJournal
import Testing
import TransitModel

/// The page `/demo` over the whole demonstration, and the database as the judge of what it says.
@Suite(
    "The demonstration's page", .timeLimit(.minutes(8)),
    .enabled(if: BrowserScript.isReady, Comment(rawValue: BrowserScript.advice)))
struct DemoPageTests {
    @Test("Every button does what it promises, and says what is true")
    func everyButton() async throws {
        let demonstration = try DemonstrationUnderTest()
        let run = try await demonstration.start(vehicles: 4)
        do {
            let addresses = try await demonstration.addresses(of: run)
            let judge = Judge(
                database: PostgresClient(try #require(addresses["database"])),
                demonstration: demonstration)
            let script = BrowserScript(
                "Tests/Browser/demo_page.py", at: try #require(addresses["console"]),
                password: Town.demoPassword)
            try await script.run { line in try await judge.hear(line) }
            await judge.database.close()
        } catch {
            await run.stop()
            throw error
        }
        await run.stop()
    }
}

/// Asks tables, journals and processes after each deed, by statements of its own.
private actor Judge {
    let database: PostgresClient
    private let demonstration: DemonstrationUnderTest
    private let evidence: Evidence
    /// Records in the log when the network was cut.
    private var loggedAtCut = 0
    private var isDark = false

    private struct Report: Decodable {
        let deed: String
        let tap: String?
    }

    init(database: PostgresClient, demonstration: DemonstrationUnderTest) {
        self.database = database
        self.demonstration = demonstration
        evidence = Evidence(database: database)
    }

    func hear(_ line: String) async throws {
        let report = try JSONDecoder().decode(Report.self, from: Data(line.utf8))
        switch report.deed {
        case "tap": try await expectOnce(report.tap)
        case "followed": try await expectPosted(report.tap)
        case "block":
            #expect(try await deniedCount() == 1)
            try await expectRefused(report.tap)
        case "tap-blocked": try await expectRefused(report.tap)
        case "unblock": #expect(try await deniedCount() == 0)
        case "cut-network":
            try await settle()
            isDark = true
            loggedAtCut = try await loggedCount()
        case "tap-dark": #expect(try await loggedCount() == loggedAtCut)
        case "cut-power": #expect(demonstration.validators(of: "demo-1").isEmpty)
        case "restore-power":
            #expect(demonstration.validators(of: "demo-1").count == 1)
            if isDark {
                #expect(try await loggedCount() == loggedAtCut)
                try await expectWaiting(green: 18)
            }
        case "restore-network":
            isDark = false
            #expect(try await loggedCount() >= loggedAtCut + 17)
            try await expectAllExactlyOnce()
        default: Issue.record("the script said: \(line)")
        }
    }

    private func loggedCount() async throws -> Int {
        try await evidence.count("select count(*) as count from tap_log")
    }

    private func deniedCount() async throws -> Int {
        try await evidence.count("select count(*) as count from deny_entry")
    }

    private func settle() async throws {
        try await eventually("nothing to be on its way") {
            try await evidence.count(
                "select count(*) as count from epoch_head where routed_sequence < head_sequence")
                == 0
        }
    }

    private func count(
        _ table: String, of tap: String?, and condition: SQL = "true"
    ) async throws -> Int {
        let parts = try #require(tap).split(separator: "/").map(String.init)
        return try await evidence.count(
            """
            select count(*) as count from \(unescaped: table)
            where device_id = \(parts[0]) and epoch_id = \(parts[1])::uuid
                and sequence = \(Int64(parts[2]) ?? 0) and \(sql: condition)
            """)
    }

    private func expectOnce(_ tap: String?) async throws {
        try await eventually("the tap to be charged") {
            try await count("charge_tap", of: tap) == 1
        }
        #expect(try await count("tap_log", of: tap) == 1)
        #expect(try await count("rider_tap", of: tap) == 1)
    }

    private func expectPosted(_ tap: String?) async throws {
        try await expectOnce(tap)
        let unbatched = try await evidence.count(
            "select count(*) as count from rider_entry where ledger_batch_id is null")
        #expect(unbatched == 0)
    }

    private func expectRefused(_ tap: String?) async throws {
        try await eventually("the refusal to be on record") {
            try await count("refused_tap", of: tap, and: "refusal = 1") == 1
        }
        #expect(try await count("rider_tap", of: tap) == 0)
    }

    /// What showed green waits on the vehicle's disk, all of it and nothing else that is green.
    /// A refusal may stand beside it: power went and came with cards on the readers.
    private func expectWaiting(green count: Int) async throws {
        let logged = Set(try await evidence.loggedTaps().map(\.id))
        let journal = try JournalInspection(folder: demonstration.folder(of: "demo-1"))
        let waiting = try journal.listRecords().map { try TapRecord(serialized: $0) }
            .filter { !logged.contains($0.id) }
        let green = waiting.filter(\.tap.verdict.isAccepted)
        let refusals = waiting.filter { !$0.tap.verdict.isAccepted }.map(\.tap.verdict)
        #expect(green.count == count, "beside them: \(refusals)")
        #expect(refusals.count <= 1, "\(refusals)")
    }

    /// The journal on the vehicle's disk and the log hold the same taps, each once, and the books
    /// agree.
    private func expectAllExactlyOnce() async throws {
        let logged = try await evidence.loggedTaps().map(\.id)
        #expect(Set(logged).count == logged.count, "a tap stands in the log twice")
        let journal = try JournalInspection(folder: demonstration.folder(of: "demo-1"))
        #expect(journal.verify().findings.isEmpty)
        let journalled = try journal.listRecords().map { try TapRecord(serialized: $0).id }
        #expect(Set(journalled) == Set(logged.filter { $0.device.rawValue.hasPrefix("demo-1") }))
        #expect(try await evidence.unchargedTapCount() == 0)
        #expect(try await LedgerStore(database).books().agree)
    }
}

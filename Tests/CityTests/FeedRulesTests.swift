import City
import Foundation
import LocalStack
import Testing

/// MobilityData's canonical rules for GTFS, as `gtfs-validator` from PyPI has them.
private enum FeedRules {
    static let program = Checkout.path(".local/venv/bin/gtfs-validator")
    static let isReady = FileManager.default.isExecutableFile(atPath: program)
    static let advice: Comment = "needs gtfs-validator in .local/venv: `scripts/install test`"

    struct Report: Decodable {
        struct Notice: Decodable {
            let code: String
            let severity: String
            let totalNotices: Int
        }

        let notices: [Notice]
    }

    /// Holds a feed against the rules as of a day on which it is valid.
    static func check(_ feed: String, in folder: ScratchFolder) async throws -> Report {
        let out = folder.path("report")
        try await ChildCommand(
            program, ["-i", feed, "-o", out, "-c", "UA", "-d", "2026-11-22"]
        ).run()
        let data = try Data(contentsOf: URL(filePath: "\(out)/report.json"))
        return try JSONDecoder().decode(Report.self, from: data)
    }
}

@Suite(
    "Public rules for feeds", .enabled(if: FeedRules.isReady, FeedRules.advice),
    .timeLimit(.minutes(5)))
struct FeedRulesTests {
    @Test("The city breaks none, and gives no warning", arguments: [1, 8] as [UInt64])
    func city(seed: UInt64) async throws {
        let folder = try ScratchFolder("rules")
        let feed = folder.path("feed")
        try FileManager.default.createDirectory(atPath: feed, withIntermediateDirectories: true)
        for (name, bytes) in DemoCity.make(seed: seed).feed {
            try Data(bytes).write(to: URL(filePath: "\(feed)/\(name)"))
        }
        let report = try await FeedRules.check(feed, in: folder)
        #expect(report.notices.isEmpty, "\(report.notices)")
    }

    @Test("The demonstration town breaks none either")
    func town() async throws {
        let folder = try ScratchFolder("rules")
        let report = try await FeedRules.check(
            Checkout.path("simulations/feeds/demo-town"), in: folder)
        #expect(report.notices.isEmpty, "\(report.notices)")
    }

    @Test("The rules do bite: a city without its stops is told off")
    func bites() async throws {
        let folder = try ScratchFolder("rules")
        let feed = folder.path("feed")
        try FileManager.default.createDirectory(atPath: feed, withIntermediateDirectories: true)
        for (name, bytes) in DemoCity.make(seed: 1).feed where name != "stop_times.txt" {
            try Data(bytes).write(to: URL(filePath: "\(feed)/\(name)"))
        }
        let report = try await FeedRules.check(feed, in: folder)
        #expect(report.notices.contains { $0.severity == "ERROR" })
    }
}

import Feeds
import Foundation
import LocalStack
import Testing
import Timetable
import TransitModel

@Suite("kvytok-sim city", .timeLimit(.minutes(5)))
struct CityCommandTests {
    private func run(_ arguments: String...) async throws -> (
        status: LocalStack.ExitStatus, said: String
    ) {
        let leash = try Leash(
            ChildCommand(Checkout.program("kvytok-sim"), ["city"] + arguments))
        let status = await leash.ended()
        try await eventually("its last words") { leash.diagnostics.isFinished }
        return (status, leash.diagnostics.lines.joined(separator: "\n"))
    }

    private func contents(_ folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
            })
    }

    @Test("Two runs with one seed are byte-identical, and the second replaces the first")
    func repeats() async throws {
        let folder = try ScratchFolder("city")
        let first = folder.path("first")
        let second = folder.path("second")
        let run1 = try await run("--seed", "11", "--out", first)
        #expect(run1.status == .exited(0))
        #expect(run1.said.contains("seed 11") && run1.said.contains("vehicles"))
        // Over an earlier city, it leaves nothing of that.
        _ = try await run("--seed", "12", "--out", second)
        #expect(try contents(first) != contents(second))
        #expect(try await run("--seed", "11", "--out", second).status == .exited(0))
        #expect(try contents(first) == contents(second))
    }

    @Test("The back office would import it: tables, tariff and zone")
    func imports() async throws {
        let folder = try ScratchFolder("city")
        let out = folder.path("city")
        #expect(try await run("--seed", "4", "--out", out).status == .exited(0))
        let feed = try LoadedFeed(FeedFiles(path: out), tariff: "city")
        #expect(feed.tables.routes.count == 30)
        #expect(feed.tables.fareProducts.count == 18)
        #expect(feed.tables.riderCategories.count == 4)
        #expect(feed.tables.networkOfRoute.count == 30)
        #expect(feed.zone.name == "Europe/Kyiv")
    }

    @Test("A folder with anything else is refused and left alone")
    func refuses() async throws {
        let folder = try ScratchFolder("city")
        try Data("precious".utf8).write(to: folder.url.appending(path: "thesis.txt"))
        let refusal = try await run("--out", folder.path)
        #expect(refusal.status == .exited(1))
        #expect(refusal.said.contains("thesis.txt"))
        #expect(try contents(folder.path).keys.sorted() == ["thesis.txt"])
        let file = try await run("--out", folder.path("thesis.txt"))
        #expect(file.status == .exited(1))
    }

    @Test(
        "Wrong usage is told apart from a refusal", arguments: [["--seed", "x"], ["--year", "1"]])
    func usage(arguments: [String]) async throws {
        let folder = try ScratchFolder("city")
        let answer = try await run("--out", folder.path("city"), arguments[0], arguments[1])
        #expect(answer.status == .exited(2))
        #expect(!FileManager.default.fileExists(atPath: folder.path("city")))
    }

    @Test("Help names every file that is written")
    func help() async throws {
        let lines = try await ChildCommand(
            Checkout.program("kvytok-sim"), ["city", "--help"]
        ).run().joined(separator: "\n")
        for word in ["vehicles.jsonl", "riders.jsonl", "landscape.json", "--seed", "--out"] {
            #expect(lines.contains(word), "\(word) is not explained")
        }
    }
}

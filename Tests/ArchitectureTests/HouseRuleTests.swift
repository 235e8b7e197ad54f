import Foundation
import Testing

/// Habits that a machine can hold. Each names why it is one.
@Suite("House rules")
struct HouseRuleTests {
    struct Rule: CustomTestStringConvertible {
        let text: String
        let why: String
        /// A line that also says this is innocent.
        var unless: String?

        var testDescription: String { text }
    }

    static let everywhere = [
        Rule(text: "try!", why: "a failure deserves an answer, not a crash"),
        Rule(text: " as! ", why: "a cast that can fail deserves an answer, not a crash"),
        Rule(text: "fatalError(", why: "input never ends a process"),
        Rule(text: "DispatchQueue.main", why: "a server has no main loop to hand work to"),
    ]

    static let core = [
        Rule(text: "Date()", why: "time comes in as an argument"),
        Rule(text: "SystemRandomNumberGenerator", why: "randomness comes in as an argument"),
        Rule(
            text: ".random(in: ", why: "randomness comes in as an argument", unless: "using: "),
        Rule(text: "print(", why: "the core does not talk"),
        Rule(text: "Task {", why: "the core starts no work of its own"),
        Rule(text: "async ", why: "the core waits for nothing"),
        Rule(text: "nonisolated(unsafe)", why: "the core holds no global state"),
    ]

    private let tree = SourceTree()

    @Test("Nowhere in the programs", arguments: everywhere)
    func programs(rule: Rule) throws {
        for folder in ["Sources", "validator", "backoffice", "simulations"] {
            try expectNone(of: rule, below: folder)
        }
    }

    @Test("Nowhere in the core", arguments: core)
    func pureCore(rule: Rule) throws {
        try expectNone(of: rule, below: "Sources")
    }

    @Test("Every unchecked promise of thread safety is proven beside it")
    func uncheckedSendable() throws {
        for folder in ["Sources", "validator", "backoffice", "simulations"] {
            for file in try tree.swiftFiles(below: folder) {
                guard file.lines.contains(where: { $0.contains("@unchecked Sendable") }) else {
                    continue
                }
                let text = try String(
                    contentsOf: tree.root.appendingPathComponent(file.path), encoding: .utf8)
                #expect(
                    text.contains("Sendable because"),
                    "\(file.path) says @unchecked Sendable without a comment `Sendable because …`")
            }
        }
    }

    @Test("A test never sleeps for luck")
    func noSleepingTests() throws {
        let asleep = ["Task.sleep", "usleep(", "Thread.sleep", " sleep("]
        for file in try tree.swiftFiles(below: "Tests")
        where !file.path.hasPrefix("Tests/ArchitectureTests") {
            for (number, line) in file.lines.enumerated() {
                let found = asleep.filter { line.contains($0) }
                #expect(found.isEmpty, "\(file.path):\(number + 1) sleeps: \(line)")
            }
        }
    }

    private func expectNone(of rule: Rule, below folder: String) throws {
        for file in try tree.swiftFiles(below: folder) {
            for (number, line) in file.lines.enumerated() where line.contains(rule.text) {
                if let unless = rule.unless, line.contains(unless) { continue }
                Issue.record("\(file.path):\(number + 1): \(rule.why): \(line)")
            }
        }
    }
}

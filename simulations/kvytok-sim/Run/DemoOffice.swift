import Foundation
import LocalStack

/// The back office as the demonstration runs it, by the commands that an operator would type.
struct DemoOffice: Sendable {
    static let scheme = "demo-town"
    /// What `kvytok-backoffice serve --environment development` lets in.
    static let userName = "demo"
    static let password = "kvytok-demo"

    let folder: DemoFolder
    let share: String
    let database: String
    let narrator: Narrator

    private var program: String { Checkout.program("kvytok-backoffice") }
    private var cardKeys: String { "\(folder.keys)/card-keys.json" }

    // MARK: - Before the first passenger

    /// Schema, keys and feed; each does nothing when it is there already.
    func prepare(feed: String) async throws {
        try await narrator.step("schema") {
            try await run("migrate", "--database", database)
        }
        if !FileManager.default.fileExists(atPath: cardKeys) {
            try await narrator.step("development keys") {
                try await ChildCommand(
                    Checkout.program("kvytok-sim"),
                    ["keys", "--out", folder.keys, "--scheme", Self.scheme]
                ).run()
            }
        }
        try await narrator.step("feed \(URL(filePath: feed).lastPathComponent)") {
            try await run("gtfs", "import", feed, "--database", database)
        }
    }

    /// Gives a validator its identity by a one-time code, unless it has one.
    func enrol(vehicle number: Int, gateway: String) async throws {
        let state = folder.validator(number)
        guard !FileManager.default.fileExists(atPath: "\(state)/device.json") else { return }
        try await narrator.step("enrolment of vehicle \(number)") {
            let code = try await enrolmentCode(for: number)
            try await ChildCommand(
                Checkout.program("kvytok-validator"),
                [
                    "enrol", "--server", gateway, "--code", code, "--state", state,
                    "--authority", "\(folder.backOffice)/authority.crt",
                ]
            ).run()
        }
    }

    private func enrolmentCode(for number: Int) async throws -> String {
        let lines = try await run(
            "device", "enrol-code", "--database", database, "--vehicle", "vehicle-\(number)")
        let answers = lines.compactMap {
            try? JSONDecoder().decode([String: String].self, from: Data($0.utf8))
        }
        guard let code = answers.compactMap({ $0["code"] }).first else {
            throw DemoFailure("no enrolment code in: \(lines.joined(separator: " "))")
        }
        return code
    }

    // MARK: - Servers

    func serve(console: UInt16, gateway: UInt16) -> ChildCommand {
        ChildCommand(
            program,
            [
                "serve", "--database", database, "--state", folder.backOffice, "--share", share,
                "--gateway-port", "\(gateway)", "--console-port", "\(console)",
                "--host", "127.0.0.1", "--environment", "development",
                "--issuer-keys", "\(folder.keys)/issuer-public.json", "--scheme", Self.scheme,
            ],
            output: .keptWithDiagnostics(to: folder.log("backoffice")))
    }

    func validator(
        _ number: Int, gateway: String, display: UInt16, readers: CardReaderDaemon
    ) -> ChildCommand {
        ChildCommand(
            Checkout.program("kvytok-validator"),
            [
                "run", "--state", folder.validator(number), "--server", gateway,
                "--card-keys", cardKeys, "--display-port", "\(display)", "--share", share,
                "--service", folder.service(number),
            ],
            environment: [CardReaderDaemon.socketVariable: readers.socketPath],
            output: .keptWithDiagnostics(to: folder.log("validator-\(number)")))
    }

    @discardableResult
    private func run(_ arguments: String...) async throws -> [String] {
        try await ChildCommand(program, arguments).run()
    }
}

/// Why the demonstration cannot go on; a sentence for a person.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

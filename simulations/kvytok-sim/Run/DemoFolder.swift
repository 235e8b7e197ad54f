import Foundation
import LocalStack

/// What one demonstration keeps for its next start, beside the folders of the programs.
struct DemoFolder: Sendable {
    let path: String

    var postgres: String { "\(path)/postgres" }
    var keys: String { programs.keys }
    var logs: String { "\(path)/logs" }
    /// The feed that is shown, when it had to be made or unpacked.
    var city: String { "\(path)/city" }
    /// The states of the vehicles that have no process of their own.
    var fleet: String { "\(path)/fleet" }
    /// Held by the process that runs the demonstration.
    var runLock: String { "\(path)/run.lock" }
    /// Held by that process and by all that it started.
    var endingLock: String { "\(path)/ending.lock" }
    var addresses: String { "\(path)/addresses.json" }
    /// The socket by which the page `/demo` commands.
    var control: String { "\(path)/control/socket" }

    private var programs: Installation.Folders { Installation.Folders(root: path) }

    func log(_ name: String) -> String { "\(logs)/\(name).log" }

    func create() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for folder in [programs.backOffice, logs, city, fleet] {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
    }
}

/// Where a person finds the running demonstration.
struct DemoAddresses: Codable, Sendable {
    var console: String
    var displays: [String]
    var gateway: String
    var database: String
    var userName: String
    var password: String
    /// Where `kvytok-sim cards` puts cards, all vehicles' readers in their order; absent in
    /// files of before it was written.
    var readerPorts: [UInt16]?

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
    }

    static func read(from path: String) -> DemoAddresses? {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
        return try? JSONDecoder().decode(Self.self, from: data)
    }

    /// For a person, in the order in which one goes there.
    var text: String {
        let rows =
            [
                ("Console", console), ("  sign in as", userName), ("  password", password),
                ("Live demo", "\(console)/demo"),
            ]
            + displays.enumerated().map { ("Display of demo-\($0 + 1)", $1) }
            + [("Device gateway", gateway), ("Database", "psql '\(database)'")]
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { label, value in
            "  " + label.padding(toLength: width + 2, withPad: " ", startingAt: 0) + value
        }.joined(separator: "\n")
    }
}

import ArgumentParser
import Foundation

@main
enum Program {
    static func main() async {
        do {
            var command = try KvytokBackOffice.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(Outcome(error).report())
        }
    }
}

/// How a program ends: what it says, and its exit status.
private struct Outcome {
    private let text: String
    private let status: Int32

    init(_ error: any Error) {
        let code = KvytokBackOffice.exitCode(for: error)
        if code == .success {
            (text, status) = (KvytokBackOffice.fullMessage(for: error), 0)
        } else if code == .validationFailure {
            (text, status) = (KvytokBackOffice.fullMessage(for: error), 2)
        } else if let code = error as? ExitCode {
            (text, status) = ("", code.rawValue)
        } else {
            (text, status) = ("kvytok-backoffice: \(error)", 1)
        }
    }

    func report() -> Int32 {
        guard !text.isEmpty else { return status }
        let stream = status == 0 ? FileHandle.standardOutput : FileHandle.standardError
        try? stream.write(contentsOf: Data((text + "\n").utf8))
        return status
    }
}

enum Environment {
    static func value(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name]
    }
}

/// What commands print for programs: one JSON object a line, with its fields in order.
enum Answer {
    static func print(_ answer: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = try encoder.encode(answer) + Data("\n".utf8)
        try FileHandle.standardOutput.write(contentsOf: line)
    }
}

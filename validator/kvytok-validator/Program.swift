import ArgumentParser
import Foundation

/// The device's one program.
struct KvytokValidator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kvytok-validator",
        abstract: "Reads tickets, decides, keeps every tap, and sends it to the back office.",
        discussion: """
            A device is enrolled once and then runs. Its state folder holds its identity, keys, \
            signed documents and the journal of taps; nothing else on the device needs a backup.

            Exit status: 0 on success, 1 when input is refused or work fails, 2 on usage.
            """,
        subcommands: [
            EnrolCommand.self, RunCommand.self, StatusCommand.self, JournalCommand.self,
        ])
}

/// Maps outcomes to exit statuses: the argument parser's own differ from this project's.
@main
enum Program {
    static func main() async {
        do {
            var command = try KvytokValidator.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            let message = KvytokValidator.fullMessage(for: error)
            switch KvytokValidator.exitCode(for: error) {
            case .success:
                print(message)
                exit(0)
            case .validationFailure:
                printError(message)
                exit(2)
            default:
                if !message.isEmpty { printError(message) }
                exit(1)
            }
        }
    }

    private static func printError(_ message: String) {
        FileHandle.standardError.write(Data((message + "\n").utf8))
    }
}

/// Writes one line of JSON to standard output at once, whoever reads it.
@Sendable func printLine(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

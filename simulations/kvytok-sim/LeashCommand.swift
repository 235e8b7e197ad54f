import ArgumentParser
import Foundation
import LocalStack

/// `kvytok-sim leash -- PROGRAM …`: for scripts that start servers.
struct LeashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leash",
        abstract: "Run a program that cannot outlive this one.",
        discussion: """
            Whatever ends this process, kill -9 included, ends the program and everything that it \
            started. The exit status is the program's own.
            """)

    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments.")
    var command: [String]

    func run() async throws {
        let words = command.first == "--" ? Array(command.dropFirst()) : command
        guard let program = words.first else { throw ValidationError("Name a program to run.") }
        let leash = try Leash(
            ChildCommand(program, Array(words.dropFirst()), output: .inherited))
        async let status = leash.ended()
        for await _ in Interruptions.stream(endingWith: leash) { await leash.stop() }
        switch await status {
        case .exited(let code): throw ExitCode(code)
        case .signalled(let signal): throw ExitCode(128 + signal)
        }
    }
}

import ArgumentParser
import Console
import Foundation
import Glibc
import PostgresClient
import Store
import TransitModel

/// `kvytok-backoffice user`: who may use the staff pages.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Who may use the staff pages.",
        subcommands: [UserAddCommand.self])
}

/// `kvytok-backoffice user add`: adds a member of staff, or changes one's password and role.
struct UserAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a member of staff, or give an existing one a new password and role.",
        discussion: """
            Asks for the password on the terminal, or reads one line of it from standard input. \
            It is never an argument: those can be read by everybody on the machine. Open \
            sessions of the name end.
            """)

    @OptionGroup var database: DatabaseOptions

    @Option(help: "What the person types to sign in: letters, digits, dots, hyphens.")
    var name: String

    @Option(help: "operator, accountant, dispatcher or inspector.")
    var role: StaffRole

    @Flag(help: "Read the password from standard input, up to the end of the line.")
    var passwordStdin = false

    private struct Added: Encodable {
        let user: String
        let role: String
        let isNew: Bool
    }

    func run() async throws {
        let password = passwordStdin ? readLine() ?? "" : try Terminal.askPassword()
        let user = try NewStaffUser(name: name, role: role, password: password).hashed()
        let client = PostgresClient(database.url, applicationName: "kvytok-backoffice user")
        let now = Timestamp(
            millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1_000))
        let isNew = try await StaffStore(client).save(user, at: now)
        await client.close()
        try Answer.print(Added(user: user.name, role: role.rawValue, isNew: isNew))
    }
}

extension StaffRole: ExpressibleByArgument {}

/// A person at a keyboard.
private enum Terminal {
    struct Unavailable: Error, CustomStringConvertible {
        let description = "standard input is no terminal; use --password-stdin"
    }

    struct Mismatch: Error, CustomStringConvertible {
        let description = "the two passwords differ"
    }

    /// Asks twice, without showing what is typed.
    static func askPassword() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { throw Unavailable() }
        let first = ask("Password: ")
        guard ask("Once more: ") == first else { throw Mismatch() }
        return first
    }

    private static func ask(_ prompt: String) -> String {
        FileHandle.standardError.write(Data(prompt.utf8))
        var settings = termios()
        tcgetattr(STDIN_FILENO, &settings)
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        return readLine() ?? ""
    }
}

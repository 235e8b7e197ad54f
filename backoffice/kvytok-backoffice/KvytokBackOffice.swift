import ArgumentParser

struct KvytokBackOffice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kvytok-backoffice",
        abstract: "The back office of a fare collection scheme.",
        discussion: """
            Answers go to standard output as JSON Lines, everything else to standard error. \
            Exit status 0 is success, 1 refused input or a failure, 2 wrong usage.
            """,
        subcommands: [
            ServeCommand.self,
            MigrateCommand.self,
            UserCommand.self,
            KeysCommand.self,
            DeviceCommand.self,
            GTFSCommand.self,
            FaresCommand.self,
            TariffCommand.self,
        ])
}

/// Which database a command works on.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("database"),
        help: ArgumentHelp(
            "A libpq connection string or URI; without it, DATABASE_URL of the environment.",
            valueName: "url"))
    private var given: String?

    var url: String = ""

    enum CodingKeys: CodingKey { case given }

    mutating func validate() throws {
        guard let found = given ?? Environment.value("DATABASE_URL"), !found.isEmpty else {
            throw ValidationError("name the database with --database or DATABASE_URL")
        }
        url = found
    }
}

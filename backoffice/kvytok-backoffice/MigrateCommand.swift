import ArgumentParser
import PostgresClient
import Store

/// `kvytok-backoffice migrate`: brings the database to this program's schema.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database to the schema of this program.",
        discussion:
            "Prints the steps taken now; safe to repeat, and to start several times at once."
    )

    @OptionGroup var database: DatabaseOptions

    private struct Step: Encodable {
        let migration: String
    }

    func run() async throws {
        let client = PostgresClient(database.url, applicationName: "kvytok-backoffice migrate")
        for name in try await Migrator().migrate(client) {
            try Answer.print(Step(migration: name))
        }
        await client.close()
    }
}

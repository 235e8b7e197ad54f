import PostgresClient

/// Brings a database to the schema that this program was compiled with.
///
/// Each step runs once, in a transaction of its own that also records its name. An advisory lock
/// lets several programs start at the same moment: one migrates, the others wait and find
/// nothing left to do.
package struct Migrator: Sendable {
    /// How a database's schema stands to the program's.
    package struct Standing: Hashable, Sendable {
        /// Steps that the database has yet to take.
        package let missing: [String]
        /// Steps that a newer program took.
        package let unknown: [String]

        package var isCurrent: Bool { missing.isEmpty }
    }

    /// "kvytok" in ASCII: locks of other programs in the same database are none of ours.
    private static let lock: Int64 = 0x6B76_7974_6F6B

    private let migrations: [Migration]

    package init(_ migrations: [Migration] = Migration.all) {
        precondition(
            Set(migrations.map(\.name)).count == migrations.count,
            "Two migrations share a name")
        self.migrations = migrations
    }

    /// - Returns: The names of the steps taken now.
    @discardableResult
    package func migrate(_ database: PostgresClient) async throws -> [String] {
        try await database.withTransaction { connection in
            try takeLock(on: connection)
            try connection.run(
                script: """
                    create table if not exists migration (
                        name text primary key,
                        applied_at timestamptz not null default now()
                    )
                    """)
        }
        var taken: [String] = []
        for migration in migrations {
            let isNew = try await database.withTransaction { connection in
                try takeLock(on: connection)
                let recorded = try connection.execute(
                    """
                    insert into migration (name) values (\(migration.name))
                    on conflict (name) do nothing
                    """)
                if recorded == 1 { try connection.run(script: migration.script) }
                return recorded == 1
            }
            if isNew { taken.append(migration.name) }
        }
        return taken
    }

    package func standing(of database: PostgresClient) async throws -> Standing {
        let applied = try await database.withConnection { connection in
            let hasTable: Bool =
                try connection.query("select to_regclass('migration') is not null as found")
                .first?.decode("found") ?? false
            guard hasTable else { return [String]() }
            return try connection.query("select name from migration order by name")
                .map { try $0.decode("name") }
        }
        let known = migrations.map(\.name)
        return Standing(
            missing: known.filter { !applied.contains($0) },
            unknown: applied.filter { !known.contains($0) })
    }

    private func takeLock(on connection: isolated PostgresConnection) throws {
        try connection.run(script: "set local statement_timeout = 0")
        _ = try connection.query("select pg_advisory_xact_lock(\(Self.lock))")
    }
}

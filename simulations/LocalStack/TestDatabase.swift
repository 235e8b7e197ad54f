import Foundation

/// Fresh databases for tests, in one cluster that the test process starts at the first need and
/// that goes with the process.
package enum TestDatabase {
    private static let cluster = SharedCluster()

    /// A new empty database.
    ///
    /// - Returns: What libpq takes to connect.
    package static func make() async throws -> String {
        try await cluster.makeDatabase(from: nil)
    }

    /// A copy of a database that is prepared once in this process, migrated for instance.
    ///
    /// - Parameters:
    ///   - template: Names the preparation; the same name means the same content.
    ///   - prepare: Gets the URL of an empty database and leaves no connection to it open.
    package static func make(
        like template: String, preparedBy prepare: @escaping @Sendable (String) async throws -> Void
    ) async throws -> String {
        try await cluster.makeDatabase(from: try await cluster.template(template, prepare))
    }
}

private actor SharedCluster {
    private var start: Task<PrivatePostgres, any Error>?
    private var templates: [String: Task<String, any Error>] = [:]
    private var count = 0

    func makeDatabase(from template: String?) async throws -> String {
        let (server, name) = (try await started(), nextName())
        // WAL_LOG copies a small template without the two checkpoints of the other strategy.
        try await server.execute(
            "create database \(name) template \(template ?? "template0") strategy wal_log")
        return server.url(database: name)
    }

    func template(
        _ name: String, _ prepare: @escaping @Sendable (String) async throws -> Void
    ) async throws -> String {
        if let made = templates[name] { return try await made.value }
        let database = nextName()
        let making = Task {
            let server = try await started()
            try await server.execute("create database \(database) template template0")
            try await prepare(server.url(database: database))
            return database
        }
        templates[name] = making
        return try await making.value
    }

    private func nextName() -> String {
        count += 1
        return "test_\(count)"
    }

    private func started() async throws -> PrivatePostgres {
        if let start { return try await start.value }
        let starting = Task {
            let server = try PrivatePostgres(
                folder: try ScratchFolder("pg").path, durability: .forgetful)
            try await server.start()
            return server
        }
        start = starting
        return try await starting.value
    }
}

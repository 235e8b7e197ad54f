import LocalStack
import PostgresClient
import Testing
import TransitModel

@Suite("Connections")
struct ConnectionTests {
    private struct Interrupted: Error {}

    private func makeDatabase() async throws -> PostgresClient {
        let database = PostgresClient(try await TestDatabase.make())
        try await database.execute("create table fare (id bigint primary key, name text)")
        return database
    }

    private func count(_ database: PostgresClient) async throws -> Int {
        try await database.query("select count(*) as count from fare").first?.decode("count") ?? -1
    }

    @Test("A transaction commits when its closure returns and is undone when it throws")
    func transactions() async throws {
        let database = try await makeDatabase()
        try await database.withTransaction { connection in
            try connection.execute("insert into fare values (1, 'single')")
        }
        await #expect(throws: Interrupted.self) {
            try await database.withTransaction { connection in
                try connection.execute("insert into fare values (2, 'day')")
                throw Interrupted()
            }
        }
        #expect(try await count(database) == 1)
        await database.close()
    }

    @Test("A failure that the closure swallowed does not pass for a commit")
    func swallowedFailure() async throws {
        let database = try await makeDatabase()
        let failure = await #expect(throws: PostgresFailure.self) {
            try await database.withTransaction { connection in
                try connection.execute("insert into fare values (1, 'single')")
                _ = try? connection.execute("insert into fare values (1, 'again')")
            }
        }
        #expect(failure?.kind == .rolledBack)
        #expect(try await count(database) == 0)
        await database.close()
    }

    @Test("A savepoint undoes its own part only")
    func savepoints() async throws {
        let database = try await makeDatabase()
        try await database.withTransaction { connection in
            try connection.execute("insert into fare values (1, 'single')")
            let failure = await #expect(throws: PostgresFailure.self) {
                try await connection.savepoint { connection in
                    try connection.execute("insert into fare values (2, 'day')")
                    try connection.execute("insert into fare values (1, 'again')")
                }
            }
            #expect(failure?.isUniqueViolation == true)
            #expect(failure?.constraint == "fare_pkey")
            try connection.execute("insert into fare values (3, 'month')")
        }
        #expect(try await count(database) == 2)
        await database.close()
    }

    @Test("COPY appends many rows; one that is abandoned leaves none and a usable connection")
    func copying() async throws {
        let database = try await makeDatabase()
        let copied = try await database.withConnection { connection in
            try connection.copy(into: "fare", columns: ["id", "name"]) { writer in
                for id in Int64(1)...20_000 {
                    try writer.row(id, id.isMultiple(of: 2) ? "even \(id)" : nil)
                }
            }
        }
        #expect(copied == 20_000)
        try await database.withConnection { connection in
            #expect(throws: Interrupted.self) {
                try connection.copy(into: "fare", columns: ["id", "name"]) { writer in
                    try writer.row(Int64(-1), "lost")
                    throw Interrupted()
                }
            }
            let named = try connection.query("select count(name) as count from fare").first
            #expect(try named?.decode("count", as: Int.self) == 10_000)
        }
        let failure = await #expect(throws: PostgresFailure.self) {
            try await database.withConnection { connection in
                try connection.copy(into: "fare", columns: ["id", "name"]) { writer in
                    try writer.row(Int64(7), "twice")
                }
            }
        }
        #expect(failure?.isUniqueViolation == true)
        #expect(try await count(database) == 20_000)
        await database.close()
    }

    @Test("A listener hears what commits, and nothing that is rolled back")
    func notifications() async throws {
        let database = try await makeDatabase()
        var signals = database.listen(to: ["fares", "other"]).makeAsyncIterator()
        #expect(await signals.next() == .listening)
        await #expect(throws: Interrupted.self) {
            try await database.withTransaction { connection in
                try connection.notify("fares", payload: "undone")
                throw Interrupted()
            }
        }
        try await database.withTransaction { connection in
            try connection.notify("fares", payload: "15")
        }
        #expect(await signals.next() == .notified(channel: "fares", payload: "15"))
        await database.close()
    }
}

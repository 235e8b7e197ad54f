import LocalStack
import PostgresClient
import Testing

@Suite("Pool")
struct PoolTests {
    private func backend(_ database: PostgresClient) async throws -> Int {
        try await database.query("select pg_backend_pid() as pid").first?.decode("pid") ?? 0
    }

    @Test("More callers than connections all get their turn")
    func bounded() async throws {
        let url = try await TestDatabase.make()
        let database = PostgresClient(url, connectionLimit: 3)
        let backends = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<60 { group.addTask { try await backend(database) } }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect((1...3).contains(backends.count))
        await database.close()
    }

    @Test("Who is cancelled while waiting leaves the line")
    func cancellation() async throws {
        let database = PostgresClient(try await TestDatabase.make(), connectionLimit: 1)
        try await database.withConnection { connection in
            let waiting = Task { try await backend(database) }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        #expect(try await backend(database) > 0)
        await database.close()
    }

    @Test("A connection that broke in use or while idle is replaced")
    func broken() async throws {
        let database = PostgresClient(try await TestDatabase.make(), connectionLimit: 1)
        let first = try await backend(database)
        let failure = await #expect(throws: PostgresFailure.self) {
            try await database.execute("select pg_terminate_backend(pg_backend_pid())")
        }
        #expect(failure?.isConnectionLost == true)
        #expect(try await backend(database) != first)
        await database.close()
    }

    @Test("A transaction left open is never handed to the next caller")
    func leftOpen() async throws {
        let database = PostgresClient(try await TestDatabase.make(), connectionLimit: 1)
        let first = try await backend(database)
        try await database.withConnection { connection in try connection.run(script: "begin") }
        #expect(try await backend(database) != first)
        await database.close()
    }

    @Test("A database that dies and comes back is used again, by the listener too")
    func restart() async throws {
        let folder = try ScratchFolder("restart")
        let server = try PrivatePostgres(folder: folder.path, durability: .forgetful)
        try await server.start()
        let database = PostgresClient(server.url(database: "postgres"), connectionLimit: 2)
        var signals = database.listen(to: ["fares"]).makeAsyncIterator()
        #expect(await signals.next() == .listening)
        _ = try await backend(database)

        await server.kill9()
        let failure = await #expect(throws: PostgresFailure.self) { try await backend(database) }
        #expect(failure?.isConnectionLost == true)

        try await server.start()
        #expect(try await backend(database) > 0)
        #expect(await signals.next() == .listening)
        try await database.execute("select pg_notify('fares', 'again')")
        #expect(await signals.next() == .notified(channel: "fares", payload: "again"))
        await database.close()
        await server.stop()
    }
}

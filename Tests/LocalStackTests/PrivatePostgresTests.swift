import Foundation
import LocalStack
import Testing

@Suite("A private PostgreSQL", .timeLimit(.minutes(5)))
struct PrivatePostgresTests {
    @Test("two clusters at once know nothing of each other")
    func twoClusters() async throws {
        let first = try PrivatePostgres(
            folder: try ScratchFolder("pg").path, durability: .forgetful)
        let second = try PrivatePostgres(
            folder: try ScratchFolder("pg").path, durability: .durable)
        async let one: Void = first.start()
        async let two: Void = second.start()
        _ = try await (one, two)
        try await first.execute("create database only_here")
        await #expect(throws: CommandFailure.self) {
            try await second.execute("select 1", database: "only_here")
        }
        try await second.ensureDatabase("kvytok")
        try await second.ensureDatabase("kvytok")
        try await second.execute("select 1", database: "kvytok")
        await first.stop()
        await second.stop()
    }

    @Test("what was committed survives kill -9 of the server")
    func survivesKill() async throws {
        let server = try PrivatePostgres(
            folder: try ScratchFolder("pg").path, durability: .forgetful)
        #expect(await server.isNew)
        try await server.start()
        try await server.execute("create table kept (n int); insert into kept values (1)")
        await server.kill9()
        await #expect(throws: CommandFailure.self) { try await server.execute("select 1") }
        try await server.start()
        try await server.execute("select 1 / count(*) from kept")
        await server.stop()
        #expect(await server.processIdentifier == nil)
    }

    @Test("test databases are fresh, and copies of a template are prepared once")
    func testDatabases() async throws {
        let first = try await TestDatabase.make()
        let second = try await TestDatabase.make()
        #expect(first != second)
        let prepare: @Sendable (String) async throws -> Void = { url in
            try await psql(url, "create table prepared (n int)")
        }
        for _ in 0..<2 {
            let copy = try await TestDatabase.make(like: "one table", preparedBy: prepare)
            try await psql(copy, "insert into prepared values (1)")
            try await psql(
                copy, "select 1 / (case when count(*) = 1 then 1 else 0 end) from prepared")
        }
    }

    private func psql(_ url: String, _ sql: String) async throws {
        try await ChildCommand("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
            .run()
    }
}

@Suite("Ports and folders")
struct ScratchTests {
    @Test("no port is given twice")
    func ports() throws {
        let ports = try PortAllotment.allot(count: 50)
        #expect(Set(ports).count == 50)
        let preferred = try #require(ports.first)
        #expect(try PortAllotment.allot(preferring: preferred) != preferred)
    }

    @Test("folders are new, short and our own")
    func folders() throws {
        let (first, second) = (try ScratchFolder("a"), try ScratchFolder("a"))
        #expect(first.path != second.path)
        #expect(first.path.utf8.count < 60)
        #expect(try FileManager.default.contentsOfDirectory(atPath: first.path).isEmpty)
        first.remove()
        #expect(!FileManager.default.fileExists(atPath: first.path))
    }
}

import LocalStack
import PostgresClient
import Store
import Testing

@Suite("Migrator")
struct MigratorTests {
    private let steps = [
        Migration(name: "001_one", script: "create table one (id int); insert into one values (1)"),
        Migration(name: "002_two", script: "create table two (id int)"),
    ]

    @Test("Each step runs once, in order, and a newer program takes only what is new")
    func once() async throws {
        let database = PostgresClient(try await TestDatabase.make())
        #expect(try await Migrator(steps).standing(of: database).missing == ["001_one", "002_two"])
        #expect(try await Migrator([steps[0]]).migrate(database) == ["001_one"])
        #expect(try await Migrator(steps).migrate(database) == ["002_two"])
        #expect(try await Migrator(steps).migrate(database) == [])
        #expect(try await Migrator(steps).standing(of: database).isCurrent)
        #expect(try await Migrator([steps[0]]).standing(of: database).unknown == ["002_two"])
        #expect(try await database.query("select id from one").count == 1)
        await database.close()
    }

    @Test("Programs that start together migrate once")
    func together() async throws {
        let database = PostgresClient(try await TestDatabase.make())
        let taken = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<5 { group.addTask { try await Migrator(steps).migrate(database) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(taken.sorted() == ["001_one", "002_two"])
        #expect(try await database.query("select id from one").count == 1)
        await database.close()
    }

    @Test("A step that fails leaves nothing of itself, and those before it stay")
    func failure() async throws {
        let database = PostgresClient(try await TestDatabase.make())
        let broken = Migration(
            name: "002_two", script: "create table two (id int); select 1 / 0")
        await #expect(throws: PostgresFailure.self) {
            try await Migrator([steps[0], broken]).migrate(database)
        }
        #expect(try await Migrator(steps).standing(of: database).missing == ["002_two"])
        #expect(try await Migrator(steps).migrate(database) == ["002_two"])
        await database.close()
    }
}

import LocalStack
import PostgresClient
import Store
import Testing
import TransitModel

@Suite("Staff in the database")
struct StaffStoreTests {
    private let now = Timestamp(secondsSince1970: 1_795_341_600)
    private let olena = StaffUser(name: "olena", role: .accountant, passwordHash: "$scrypt$1")

    private func withStore(
        _ test: @Sendable (StaffStore, PostgresClient) async throws -> Void
    ) async throws {
        let database = PostgresClient(try await TestDatabase.make())
        try await Migrator().migrate(database)
        try await test(StaffStore(database), database)
        await database.close()
    }

    @Test("Saving adds once, then changes, and a change ends the sessions")
    func save() async throws {
        try await withStore { store, _ in
            #expect(try await store.save(olena, at: now))
            let token = [UInt8](repeating: 1, count: 32)
            try await store.open(session(token, at: now), obsoleteBefore: now)
            #expect(try await store.findSession(tokenHash: token)?.user == olena)
            let promoted = StaffUser(name: "olena", role: .operator, passwordHash: "$scrypt$2")
            #expect(try await !store.save(promoted, at: now))
            #expect(try await store.findUser(named: "olena") == promoted)
            #expect(try await store.findSession(tokenHash: token) == nil)
            #expect(try await store.findUser(named: "Olena") == nil)
        }
    }

    @Test("Who is disabled is nobody, at once")
    func nobody() async throws {
        try await withStore { store, database in
            _ = try await store.save(olena, at: now)
            let token = [UInt8](repeating: 1, count: 32)
            try await store.open(session(token, at: now), obsoleteBefore: now)
            try await database.execute("update staff_user set disabled_at = now()")
            #expect(try await store.findUser(named: "olena") == nil)
            #expect(try await store.findSession(tokenHash: token) == nil)
        }
    }

    @Test("Sessions are touched, closed, and cleared away when they are too old")
    func sessions() async throws {
        try await withStore { store, _ in
            _ = try await store.save(olena, at: now)
            let (old, new) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
            let yesterday = now.advanced(by: .seconds(-86_400))
            try await store.open(session(old, at: yesterday), obsoleteBefore: yesterday)
            let later = yesterday.advanced(by: .seconds(60))
            try await store.touchSession(tokenHash: old, at: later)
            #expect(try await store.findSession(tokenHash: old)?.session.lastSeenAt == later)
            try await store.open(session(new, at: now), obsoleteBefore: later)
            #expect(try await store.findSession(tokenHash: old) == nil)
            try await store.closeSession(tokenHash: new)
            #expect(try await store.findSession(tokenHash: new) == nil)
        }
    }

    @Test("Failures count by account until a success, by address regardless, in the window only")
    func failures() async throws {
        try await withStore { store, _ in
            let start = now.advanced(by: .seconds(-900))
            func record(_ name: String, _ outcome: SignInEvent.Outcome, _ second: Int) async throws
            {
                try await store.record(
                    SignInEvent(
                        userName: name, address: "192.0.2.7", outcome: outcome,
                        occurredAt: start.advanced(by: .seconds(second))))
            }
            try await record("olena", .refused, -1)
            try await record("olena", .refused, 1)
            try await record("olena", .limited, 2)
            try await record("petro", .refused, 3)
            let before = try await store.countFailures(
                userName: "olena", address: "192.0.2.7", since: start)
            #expect(before == (1, 2))
            try await record("olena", .signedIn, 4)
            let after = try await store.countFailures(
                userName: "olena", address: "192.0.2.7", since: start)
            #expect(after == (0, 2))
        }
    }

    private func session(_ token: [UInt8], at instant: Timestamp) -> StaffSession {
        StaffSession(
            tokenHash: token, userName: "olena", createdAt: instant, lastSeenAt: instant)
    }
}

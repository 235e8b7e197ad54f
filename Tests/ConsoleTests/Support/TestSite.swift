import Console
import Fleet
import Foundation
import Hummingbird
import LocalStack
import Logging
import NIOCore
import PostgresClient
import ServiceLifecycle
import Store
import Testing
import TransitModel
import Wording

/// The staff pages over a real database, on a real port, as browsers see them.
struct TestSite: Sendable {
    let database: PostgresClient
    let clock: TestClock
    let town: TestTown

    init(clock: TestClock = TestClock()) async throws {
        let url = try await TestDatabase.make(like: "migrated") { url in
            let database = PostgresClient(url)
            try await Migrator().migrate(database)
            await database.close()
        }
        database = PostgresClient(url)
        self.clock = clock
        town = TestTown(database: database)
    }

    /// Serves until `test` returns.
    ///
    /// - Parameter test: Gets the site's address: `http://127.0.0.1:40123`.
    func serve(_ test: @escaping @Sendable (String) async throws -> Void) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let clock = clock
        let staff = StaffStore(database)
        for role in StaffRole.allCases {
            let user = try NewStaffUser(
                name: role.rawValue, role: role, password: TestConsole.password)
            _ = try await staff.save(try user.hashed(cost: .trifling), at: clock.now)
        }
        let routes = try await ConsoleRoutes(
            database: database,
            fleet: FleetBoard(
                database: database, pace: .init(rest: .milliseconds(100)), logger: logger,
                clock: { clock.now }, timetable: { TestFleet.timetable }),
            settings: ConsoleSettings(
                share: ShareDirectory(Checkout.root), calendar: LocalCalendar(zone: .kyiv)),
            logger: logger, clock: { clock.now })
        let router = Router(context: ConsoleContext.self)
        routes.add(to: router)
        let (ports, portSource) = AsyncStream<Int>.makeStream()
        let server = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            services: [routes.board, routes.fleet],
            onServerRunning: { channel in
                portSource.yield(channel.localAddress?.port ?? 0)
            }, logger: logger)
        let group = ServiceGroup(
            configuration: .init(services: [server], gracefulShutdownSignals: [], logger: logger))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                // Open streams would hold up an end that is not in order: also a test that
                // fails ends the server gracefully.
                let outcome: Result<Void, any Error>
                do {
                    for await port in ports {
                        try await test("http://127.0.0.1:\(port)")
                        break
                    }
                    outcome = .success(())
                } catch {
                    outcome = .failure(error)
                }
                await group.triggerGracefulShutdown()
                try outcome.get()
            }
            try await tasks.waitForAll()
        }
        await database.close()
    }
}

import LocalStack
import Logging
import PostgresClient
import ServiceLifecycle
import Store
import Testing
import TransitModel

@testable import Rating

@Suite("Rating service")
struct ServiceTests {
    @Test("Taps become charges by themselves, also after the database died in between")
    func survivesTheDatabase() async throws {
        let folder = try ScratchFolder("rating")
        let server = try PrivatePostgres(folder: folder.path, durability: .forgetful)
        try await server.start()
        let town = try Town(server.url(database: "postgres"))
        try await Migrator().migrate(town.database)
        let service = RatingService(
            town.database, router: town.router, worker: town.worker, batcher: town.batcher,
            tariffs: town.tariffs, batchInterval: .milliseconds(50),
            logger: Logger(label: "rating") { _ in SwiftLogNoOpLogHandler() })
        let group = ServiceGroup(
            services: [service], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { try await group.run() }

        let log = DeviceLog("v1", seed: 1)
        try await log.append([tap(1, at: 0)], to: town.database)
        try await expectBatched(1500, in: town)

        await server.kill9()
        try await server.start()
        // As a device would: it sends again when the answer is lost with the connection.
        try await eventually("the log to take taps again") {
            try await unlessDatabaseIsAway {
                try await log.append([tap(2, at: 0), tap(1, at: 10)], to: town.database)
                return true
            }
        }
        try await expectBatched(3000, in: town)
        #expect(try await town.database.count("charge_tap") == 4)
        try await expectBooksAgree(town)

        await group.triggerGracefulShutdown()
        try await running.value
        await town.close()
        await server.stop()
    }

    private func expectBatched(_ minorUnits: Int64, in town: Town) async throws {
        try await eventually("\(minorUnits) in the general ledger", within: .seconds(30)) {
            try await unlessDatabaseIsAway {
                let books = try await LedgerStore(town.database).books()
                return books.lines.first?.posted == minorUnits
            }
        }
    }

    private func unlessDatabaseIsAway(_ attempt: () async throws -> Bool) async throws -> Bool {
        do {
            return try await attempt()
        } catch let failure as PostgresFailure where failure.isConnectionLost {
            return false
        }
    }
}

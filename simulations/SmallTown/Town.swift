import Foundation
import LocalStack
import TransitModel

/// A whole installation on real parts, gone with the test.
package struct Town: Sendable {
    package let folder: ScratchFolder
    package let installation: Installation
    package let office: ProcessUnderTest
    package let gateway: String
    package let console: String

    package static let scheme: SchemeID = "demo-town"
    /// Who may sign in to a back office in development.
    package static let demoUser = "demo"
    package static let demoPassword = "kvytok-demo"

    /// Database, keys, feed and a back office, ready to serve.
    ///
    /// - Parameters:
    ///   - database: An empty one; without it a fresh one of this process's test cluster.
    ///   - roles: What the back office does; without them everything.
    ///   - clock: What time it is in the timetable.
    private static func start(
        database: String? = nil, roles: [String]? = nil, clock: TimetableClock = .real
    ) async throws -> Town {
        let folder = try ScratchFolder("town")
        let url = if let database { database } else { try await TestDatabase.make() }
        let installation = Installation(
            root: folder.path, scheme: scheme.rawValue, database: url,
            share: Checkout.root)
        try await installation.migrate()
        try await installation.makeKeys()
        try await installation.importFeed(Checkout.path("simulations/feeds/demo-town"))
        let gatewayPort = try PortAllotment.allot()
        let consolePort = try PortAllotment.allot()
        let office = ProcessUnderTest(
            installation.serve(
                console: consolePort, gateway: gatewayPort, roles: roles,
                timetableClock: clock.isReal ? nil : clock.text))
        _ = try await office.startUntilReady()
        return Town(
            folder: folder, installation: installation, office: office,
            gateway: "https://localhost:\(gatewayPort)",
            console: "http://127.0.0.1:\(consolePort)")
    }

    /// A town for the length of `body`, which ends with it however it ends.
    package static func live<Value>(
        database: String? = nil, roles: [String]? = nil, clock: TimetableClock = .real,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (Town) async throws -> Value
    ) async throws -> Value {
        let town = try await start(database: database, roles: roles, clock: clock)
        do {
            let value = try await body(town)
            await town.stop()
            return value
        } catch {
            await town.stop()
            throw error
        }
    }

    /// A bus of this town for the length of `body`.
    package func withBus<Value>(
        _ vehicle: String, doors: Int, meddlerSeed: UInt64? = nil,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (Bus) async throws -> Value
    ) async throws -> Value {
        let bus = try await Bus.start(
            vehicle, doors: doors, in: installation, gateway: gateway, meddlerSeed: meddlerSeed)
        do {
            let value = try await body(bus)
            await bus.stop()
            return value
        } catch {
            await bus.stop()
            throw error
        }
    }

    /// Power cut in the back office: every process of it dies at this instant, and it starts
    /// again at the same address.
    package func cutOfficePower() async throws {
        _ = await office.kill9()
        _ = try await office.startUntilReady()
    }

    private func stop() async {
        _ = await office.stop()
        folder.remove()
    }
}

extension Timestamp {
    /// The system's wall clock; for simulations only.
    package static var now: Timestamp {
        Timestamp(millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1_000))
    }
}

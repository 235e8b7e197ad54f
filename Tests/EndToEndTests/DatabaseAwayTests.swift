import DeviceProtocol
import Foundation
import LocalStack
import PostgresClient
import SmallTown
import Testing
import TransitModel
import VirtualCards

/// The database goes away under a running system and comes back later.
@Suite("The database is away", .serialized)
struct DatabaseAwayTests {
    private static let cardsPerRound = 6

    /// KVYTOK_OUTAGE_SECONDS asks for another length.
    private static var outage: Duration {
        let asked = ProcessInfo.processInfo.environment["KVYTOK_OUTAGE_SECONDS"]
        return .seconds(asked.flatMap(Int.init) ?? 8)
    }

    @Test(
        "Riders board on, nothing is lost, and all goes on by itself when it is back",
        .timeLimit(.minutes(5)))
    func outage() async throws {
        let folder = try ScratchFolder("database")
        let server = try PrivatePostgres(folder: folder.path, durability: .forgetful)
        try await server.start()
        try await server.ensureDatabase("town")
        try await Town.live(database: server.url(database: "town")) { town in
            try await town.withBus("tram-101", doors: 1) { bus in
                try await ride(town, bus, server)
            }
        }
        await server.stop()
    }

    private func ride(_ town: Town, _ bus: Bus, _ server: PrivatePostgres) async throws {
        let riders = try Riders(of: town, now: .now)
        try await bus.drive(route: "tram-1", trip: "trip-1")
        var accepted = try await board(bus, riders, from: 1)
        let (office, validator) = (await town.office.run, await bus.validator.run)

        await server.kill9()
        let back = ContinuousClock.now + Self.outage
        while ContinuousClock.now < back {
            accepted += try await board(bus, riders, from: accepted + 1)
        }
        try await server.start()

        let evidence = Evidence(database: PostgresClient(town.installation.database))
        try await eventually("every tap to have its charge", within: .seconds(90)) {
            guard try await evidence.count("select count(*) as count from tap_log") >= accepted
            else { return false }
            return try await evidence.isQuiet()
        }
        let logged = try await evidence.loggedTaps()
        #expect(logged.count == accepted)
        #expect(Set(logged.map(\.id)).count == accepted)
        #expect(try await evidence.ratedTapCount() == accepted)
        #expect(office?.isRunning == true, "the back office had to be started again")
        #expect(validator?.isRunning == true, "the validator had to be started again")
    }

    /// - Returns: How many boarded.
    private func board(_ bus: Bus, _ riders: Riders, from first: Int) async throws -> Int {
        for number in first..<(first + Self.cardsPerRound) {
            let answer = try await bus.tap(try riders.card(number), at: bus.doors[0])
            #expect(answer.verdict == "accepted")
        }
        return Self.cardsPerRound
    }
}

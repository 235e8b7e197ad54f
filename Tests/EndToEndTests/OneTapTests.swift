import FareMedia
import Foundation
import LocalStack
import PostgresClient
import SmallTown
import Testing
import TransitModel
import VirtualCards

/// The spine in one breath, as passenger and accountant live it.
@Suite("One tap", .enabled(if: BrowserScript.isReady, Comment(rawValue: BrowserScript.advice)))
struct OneTapTests {
    @Test("A card on a real reader is green, and an explained charge on the accountant's page")
    func cardToPage() async throws {
        try await Town.live { town in
            try await town.withBus("tram-101", doors: 2) { bus in
                let card = try Riders(of: town, now: .now).card(1)
                let script = BrowserScript(
                    "Tests/Browser/real_tap.py", at: town.console, password: Town.demoPassword)
                try await script.run { line in
                    try await Self.answer(line, card, bus, town)
                }
            }
        }
    }

    private static func answer(
        _ line: String, _ card: VirtualCard, _ bus: Bus, _ town: Town
    ) async throws {
        switch line {
        case "tap":
            try await bus.drive(route: "tram-1", trip: "morning")
            #expect(try await bus.tap(card, at: bus.doors[0]).verdict == "accepted")
            // The same card at the other door of the same trip.
            #expect(try await bus.tap(card, at: bus.doors[1]).verdict == "passback")
        case "transfer":
            try await bus.drive(route: "bus-3", trip: "later")
            #expect(try await bus.tap(card, at: bus.doors[0]).verdict == "accepted")
            let database = PostgresClient(town.installation.database, connectionLimit: 1)
            let evidence = Evidence(database: database)
            try await eventually("both rides to be charged") {
                try await evidence.chargedTapCount() == 2
            }
            await database.close()
        default:
            Issue.record("the script said: \(line)")
        }
    }
}

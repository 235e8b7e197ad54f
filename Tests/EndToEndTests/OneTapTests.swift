import FareMedia
import Foundation
import LocalStack
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
            let bus = try await Bus.start(
                "tram-101", doors: 2, in: town.installation, gateway: town.gateway)
            defer { bus.letGo() }
            let card = try Riders(of: town, now: .now).card(1)
            let script = BrowserScript(
                "Tests/Browser/real_tap.py", at: town.console, password: Town.demoPassword)
            try await script.run { line in
                switch line {
                case "tap":
                    try await bus.drive(route: "tram-1", trip: "morning")
                    #expect(try await bus.tap(card, at: bus.doors[0]).verdict == "accepted")
                    // The same card at the other door of the same trip.
                    #expect(try await bus.tap(card, at: bus.doors[1]).verdict == "passback")
                case "transfer":
                    try await bus.drive(route: "bus-3", trip: "later")
                    #expect(try await bus.tap(card, at: bus.doors[0]).verdict == "accepted")
                    try await town.everythingRated()
                default: Issue.record("the script said: \(line)")
                }
            }
        }
    }
}

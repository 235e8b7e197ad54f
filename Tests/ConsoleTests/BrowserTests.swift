import Foundation
import LocalStack
import Store
import Testing
import TransitModel

/// The pages in a real browser. Scripts are in Tests/Browser; they print a line when they want
/// something to happen, and end with a message when something is wrong.
@Suite(
    "In a browser", .enabled(if: BrowserScript.isReady, "\(BrowserScript.advice)"),
    .timeLimit(.minutes(5)))
struct BrowserTests {
    @Test("Sign in, watch a charge arrive, open it, switch the language, sign out")
    func accountantsDay() async throws {
        let site = try await TestSite()
        try await site.serve { address in
            try await Browser.run("accountant_day.py", address, whenAsked: "charge") {
                try await site.town.charge(Browser.ride(at: site.clock.now))
            }
        }
    }

    @Test("Everything is reached with the keyboard alone")
    func keyboard() async throws {
        let site = try await TestSite()
        try await site.town.charge(Browser.ride(at: site.clock.now))
        try await site.serve { address in
            try await Browser.run("keyboard.py", address)
        }
    }

    @Test("axe-core finds no serious fault on any page, in light and dark, narrow and wide")
    func accessibility() async throws {
        let site = try await TestSite()
        try await site.fillDay()
        try await site.serve { address in
            try await Browser.run("accessibility.py", address)
        }
    }
}

enum Browser {
    /// - Parameters:
    ///   - line: What the script prints when it is ready for `action`.
    static func run(
        _ script: String, _ address: String, whenAsked line: String? = nil,
        _ action: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        try await BrowserScript(
            "Tests/Browser/\(script)", at: address, password: TestConsole.password
        ).run { asked in
            #expect(asked == line)
            try await action()
        }
    }

    /// - Parameter answer: Called with each line that the script prints.
    static func run(
        _ script: String, _ address: String,
        answering answer: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        try await BrowserScript(
            "Tests/Browser/\(script)", at: address, password: TestConsole.password
        ).run(whenAsked: answer)
    }

    static func ride(at instant: Timestamp) -> TestTown.Ride {
        var random = SeededGenerator(seed: 11)
        return TestTown.Ride(
            charge: ChargeID(using: &random), rider: RiderAccountID(using: &random), at: instant)
    }
}

extension TestSite {
    /// A busy morning: rides with and without a price, refusals, one revised charge.
    func fillDay() async throws {
        var random = SeededGenerator(seed: 3)
        let batch = JournalEntryID(using: &random)
        let start = clock.now.advanced(by: .seconds(-5_400))
        let routes = ["12", "5", "3"]
        for number in 0..<16 {
            let instant = start.advanced(by: .seconds(number * 331 + 7))
            let ride = TestTown.Ride(
                charge: ChargeID(using: &random), rider: RiderAccountID(using: &random),
                at: instant, route: routes[number % 3], vehicle: "AA 45\(20 + number % 5)",
                sequence: Int64(number + 1))
            try await town.charge(ride, batch: number < 12 ? batch : nil)
            if number == 15 {
                try await town.revise(ride, to: 0, at: instant.advanced(by: .seconds(90)))
            }
        }
        try await town.post(batch, amountMinor: 18_000, at: clock.now)
        for (number, refusal) in [
            TapRefusal.passback, .passback, .passback, .unreadable, .unreadable, .denied, .expired,
        ].enumerated() {
            try await town.refuse(
                refusal, at: start.advanced(by: .seconds(number * 400)),
                sequence: Int64(number + 100))
        }
        try await town.leaveUnpriced(
            "unknown_route", "route \"99\" is not in routes.txt",
            at: start.advanced(by: .seconds(600)), sequence: 200)
        try await town.leaveUnpriced(
            "no_tariff", "no tariff was in force at the time of the tap",
            at: start.advanced(by: .seconds(-200_000)), sequence: 201)
    }
}

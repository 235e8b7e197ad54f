import Fares
import Testing
import TransitModel
import Wording

@testable import Console

@Suite("Rules in words")
struct RuleWordsTests {
    @Test("Every code of the fare engine has its words", arguments: FareRuleCode.allCases)
    func everyCode(code: FareRuleCode) {
        #expect(ConsolePhrase(rawValue: "console.rule.\(code.rawValue)") != nil)
    }

    @Test("Every window of a cap has its words", arguments: FareWindowKind.allCases)
    func everyWindow(window: FareWindowKind) {
        #expect(ConsolePhrase(rawValue: "console.window.\(window.rawValue)") != nil)
    }

    @Test(
        "Every refusal of the fare engine has its words",
        arguments: [
            FareRefusal.noLegs, .legsOutOfOrder, .arrivalBeforeDeparture, .unknownRoute("x"),
            .unknownNetwork("x"), .unknownStop("x"), .unknownRiderCategory("x"),
            .unknownFareMedia("x"), .routeNotGiven, .boardingStopNotGiven, .alightingStopNotGiven,
            .arrivalTimeNotGiven, .noMatchingRule, .noEligibleProduct, .tooManyChoices,
            .unknownFareProduct("x"), .tariffNotInForce(FareDay(daysSince1970: 0)),
            .distanceNotGiven, .distanceTooLong(metres: 1),
        ])
    func everyRefusal(refusal: FareRefusal) {
        #expect(ConsolePhrase(rawValue: "console.cause.\(refusal.code)") != nil)
    }

    @Test("A transfer tells its minutes")
    func transfer() async throws {
        let explanation = try #require(
            ChargeExplanation(
                json: """
                    {"legs": [{"tap": "d/e/1", "amount_minor": 0, "fare_product_id": "single",
                      "rules": [
                        {"rule": "fare_transfer_rule", "code": "transfer_free", "amount_minor": 0,
                         "detail": {"elapsed_seconds": 2250, "duration_limit": 3600}},
                        {"rule": "fare_transfer_rule", "code": "transfer_free", "amount_minor": 0},
                        {"rule": "fare_leg_rule", "code": "leg_fare", "amount_minor": 1500},
                        {"rule": "new", "code": "unheard_of", "detail": null}]}]}
                    """))
        let rules = try #require(explanation.legs.first).rules
        let speaker = try await TestConsole().routes.speaker(.ukrainian)
        #expect(
            rules.map { speaker.rule($0, product: "Разовий", currency: .uah) } == [
                "Безоплатна пересадка через 37 хвилин, дозволено 60 хвилин", "Безоплатна пересадка",
                "Вартість поїздки: Разовий", "unheard_of",
            ])
    }

    @Test("A cap tells what is paid towards it")
    func cap() async throws {
        let explanation = try #require(
            ChargeExplanation(
                json: """
                    {"legs": [{"tap": "d/e/1", "amount_minor": 500, "rules": [
                      {"rule": "fare_cap", "code": "cap_counted", "amount_minor": 0,
                       "detail": {"cap_id": "day", "window": "day", "cap_minor": 5000,
                         "paid_before_minor": 1500, "paid_after_minor": 3000}},
                      {"rule": "fare_cap", "code": "capped", "amount_minor": -1000,
                       "detail": {"cap_id": "week", "window": "week", "cap_minor": 20000,
                         "paid_before_minor": 19500, "paid_after_minor": 20000}},
                      {"rule": "fare_cap", "code": "capped", "amount_minor": -1000}]}]}
                    """))
        let rules = try #require(explanation.legs.first).rules
        let speaker = try await TestConsole().routes.speaker(.english)
        #expect(
            rules.map { speaker.rule($0, product: nil, currency: .uah) } == [
                "Counted towards the cap for the day: UAH\u{A0}30.00 of UAH\u{A0}50.00",
                "Cap for the week reached: no more than UAH\u{A0}200.00", "Cap reached",
            ])
    }

    @Test(
        "Ages in the unit that says enough",
        arguments: [
            (0, "just now"), (59, "just now"), (60, "1 minute"), (3_599, "59 minutes"),
            (3_600, "1 hour"), (172_799, "47 hours"), (172_800, "2 days"), (-5, "just now"),
        ])
    func ages(seconds: Int64, words: String) async throws {
        let speaker = try await TestConsole().routes.speaker(.english)
        let now = Timestamp(secondsSince1970: 1_795_341_600)
        let then = now.advanced(by: .seconds(-seconds))
        #expect(speaker.age(of: then, at: now) == words)
    }
}

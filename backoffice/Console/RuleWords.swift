import TransitModel
import Wording

/// The rating's codes in words. A code that this program does not know is shown as it is: an
/// odd word explains more than a gap.
extension Speaker {
    /// One rule of an explanation as a sentence.
    func rule(
        _ rule: ChargeExplanation.Rule, product: String?, currency: Currency
    ) -> String {
        var values: [String: PhraseValue] = ["product": .text(product ?? say(.valueUnknown))]
        for (name, detail) in rule.detail ?? [:] {
            switch (name, detail) {
            case ("elapsed_seconds", .number(let seconds)):
                values["elapsed"] = .text(span(seconds: seconds))
            case ("duration_limit", .number(let seconds)):
                values["limit"] = .text(span(seconds: seconds))
            case ("cap_minor", .number(let minorUnits)):
                values["cap"] = .text(
                    money(Money(minorUnits: minorUnits, currency: currency)))
            case ("paid_after_minor", .number(let minorUnits)):
                values["paid"] = .text(
                    money(Money(minorUnits: minorUnits, currency: currency)))
            case ("window", .text(let window)):
                values["window"] = ConsolePhrase(rawValue: "console.window.\(window)")
                    .map { .text(say($0)) }
            default: continue
            }
        }
        // Where the figures of a time limit are known, the sentence tells them.
        let isTimed = values["elapsed"] != nil && values["limit"] != nil
        let timed = ConsolePhrase(rawValue: "console.rule.\(rule.code)_within")
        if isTimed, let timed { return say(timed, values) }
        let hasFigures = ["cap", "paid", "window"].allSatisfy { values[$0] != nil }
        let figured = ConsolePhrase(rawValue: "console.rule.\(rule.code)_figures")
        if hasFigures, let figured { return say(figured, values) }
        let plain = ConsolePhrase(rawValue: "console.rule.\(rule.code)")
        return plain.map { say($0, values) } ?? rule.code
    }

    /// Why a tap has no price.
    func cause(_ code: String) -> String {
        ConsolePhrase(rawValue: "console.cause.\(code)").map { say($0) } ?? code
    }

    /// A length of time in whole minutes, or in hours when it is whole hours: `37 хвилин`,
    /// `2 години`.
    private func span(seconds: Int64) -> String {
        let minutes = seconds / 60
        return minutes > 60 && minutes.isMultiple(of: 60)
            ? say(.ageHours, ["count": .number(minutes / 60)])
            : say(.ageMinutes, ["count": .number(minutes)])
    }
}

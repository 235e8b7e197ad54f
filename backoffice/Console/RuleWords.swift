import TransitModel
import Wording

/// The rating's codes in words. A code that this program does not know is shown as it is: an
/// odd word explains more than a gap.
extension Speaker {
    /// One rule of an explanation as a sentence.
    func rule(_ rule: ChargeExplanation.Rule, product: String?, currency: Currency) -> String {
        guard let phrase = ConsolePhrase(rawValue: "console.rule.\(rule.code)") else {
            return rule.code
        }
        var values: [String: PhraseValue] = ["product": .text(product ?? say(.valueUnknown))]
        for (name, detail) in rule.detail ?? [:] {
            switch detail {
            case .text(let text):
                values[name] = .text(text)
            case .number(let number) where name.hasSuffix("_minor"):
                let amount = Money(minorUnits: number, currency: currency)
                values[String(name.dropLast("_minor".count))] = .text(money(amount))
            case .number(let number) where name.hasSuffix("_seconds"):
                values[String(name.dropLast("_seconds".count))] = .text(span(seconds: number))
            case .number(let number):
                values[name] = .number(number)
            case .other:
                continue
            }
        }
        return say(phrase, values)
    }

    /// Why a tap has no price.
    func cause(_ code: String) -> String {
        ConsolePhrase(rawValue: "console.cause.\(code)").map { say($0) } ?? code
    }

    /// A length of time in its largest whole unit: `60 хвилин`, `2 години`.
    private func span(seconds: Int64) -> String {
        let minutes = seconds / 60
        return minutes > 60 && minutes.isMultiple(of: 60)
            ? say(.ageHours, ["count": .number(minutes / 60)])
            : say(.ageMinutes, ["count": .number(minutes)])
    }
}

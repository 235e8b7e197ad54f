/// The keys of one program's phrases. The raw value is the key in `wording/catalogue.json`.
///
/// Each program has an enumeration of its own, so that a key which nobody says, or which nobody
/// translated, is found by a test and not by a rider.
package protocol Phrase: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}

/// What goes into a placeholder.
package enum PhraseValue: Hashable, Sendable {
    /// Written as it is.
    case text(String)
    /// Grouped as the language does it. A number in `{count}` also picks the plural form.
    case number(Int64)
}

extension PhraseValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .number(value) }
}

/// The plural forms that our languages tell apart (Unicode CLDR, cardinal rules).
package enum PluralForm: String, Hashable, Sendable, CaseIterable {
    case one
    case few
    case many
    case other
}

extension Language {
    /// The forms that a counted phrase must have, and no others.
    package var pluralForms: Set<PluralForm> {
        switch self {
        case .ukrainian: [.one, .few, .many]
        case .english: [.one, .other]
        }
    }

    /// 1 квиток, 2 квитки, 5 квитків, 11 квитків, 21 квиток; 1 ticket, 2 tickets.
    package func pluralForm(for count: Int64) -> PluralForm {
        let magnitude = count.magnitude
        switch self {
        case .english:
            return magnitude == 1 ? .one : .other
        case .ukrainian:
            let (tens, units) = (magnitude % 100, magnitude % 10)
            if units == 1, tens != 11 { return .one }
            if (2...4).contains(units), !(12...14).contains(tens) { return .few }
            return .many
        }
    }
}

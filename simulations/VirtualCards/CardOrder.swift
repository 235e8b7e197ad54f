import TransitModel

/// What a card is to the validator that reads it.
package enum CardKind: String, Sendable, CaseIterable, Decodable {
    /// A good ticket, valid now.
    case ticket
    case expired
    case notYetValid = "not_yet_valid"
    /// Genuine keys, but the issuer's signature does not hold.
    case forged
    /// Another scheme's ticket, under our card keys.
    case otherScheme = "other_scheme"
    /// Our application under keys that are not ours.
    case otherKeys = "other_keys"
    /// No card of this kind at all: a door key, a loyalty card.
    case unknown
}

/// A card by name, and what is to be wrong with it. The same name is the same card each time.
package struct CardOrder: Hashable, Sendable {
    package var name: String
    package var kind = CardKind.ticket
    package var riderCategory: RiderCategoryID?
    package var fault: CardFault?

    package init(
        name: String, kind: CardKind = .ticket, riderCategory: RiderCategoryID? = nil,
        fault: CardFault? = nil
    ) {
        self.name = name
        self.kind = kind
        self.riderCategory = riderCategory
        self.fault = fault
    }
}

/// One thing to do at one reader.
package struct CardInstruction: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case insert(CardOrder)
        case remove
    }

    /// Since the script began.
    package var at: Duration
    /// Counts from 0.
    package var reader: Int
    package var action: Action

    package init(at: Duration, reader: Int, action: Action) {
        self.at = at
        self.reader = reader
        self.action = action
    }
}

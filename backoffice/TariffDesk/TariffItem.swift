internal import Wording

/// One rule of a tariff as a sentence, and as facts that may change.
struct TariffItem {
    enum Kind: Int, CaseIterable {
        case product, category, medium
        case cap, discount, pass, distance, transfer, journey, join, limit, group, incomplete
        case set, timeframe, network, area, share
        case tariff
    }

    struct Fact {
        let label: TariffPhrase
        let text: String
        /// What makes two facts equal: identifiers rather than names, which may be the same for
        /// different things.
        let identity: String
        /// For a list of which only the difference is worth telling.
        var members: Set<String>?

        init(_ label: TariffPhrase, _ text: String?, identity: String? = nil) {
            self.label = label
            self.text = text ?? ""
            self.identity = identity ?? text ?? ""
        }

        init(_ label: TariffPhrase, members: [String]) {
            self.label = label
            text = ""
            identity = Set(members).sorted().joined(separator: "\u{1F}")
            self.members = Set(members)
        }
    }

    let kind: Kind
    /// Stays when its facts change; several rules may share one.
    let identity: String
    /// How a change calls it.
    let name: String
    let sentence: String
    let facts: [Fact]

    /// Whatever the order of the records is.
    static func inOrder(_ items: [TariffItem]) -> [TariffItem] {
        items.sorted {
            $0.sentence != $1.sentence
                ? NaturalOrder.precedes($0.sentence, $1.sentence) : $0.identity < $1.identity
        }
    }

    /// A second rule with the same words tells a reader nothing new.
    static func sentences(_ items: [TariffItem]) -> [String] {
        var seen: Set<String> = []
        return inOrder(items).map(\.sentence).filter { seen.insert($0).inserted }
    }
}

extension TariffItem.Kind {
    var phrase: TariffPhrase {
        switch self {
        case .product: .kindProduct
        case .category: .kindCategory
        case .medium: .kindMedium
        case .cap: .kindCap
        case .discount: .kindDiscount
        case .pass: .kindPass
        case .distance: .kindDistance
        case .transfer: .kindTransfer
        case .journey: .kindJourney
        case .join: .kindJoin
        case .limit: .kindLimit
        case .group: .kindGroup
        case .incomplete: .kindIncomplete
        case .set: .kindSet
        case .timeframe: .kindTimeframe
        case .network: .kindNetwork
        case .area: .kindArea
        case .share: .kindShare
        case .tariff: .kindTariff
        }
    }
}

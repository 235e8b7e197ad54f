package import TransitModel

/// Which table of the tariff a reason comes from.
package enum FareRuleKind: String, Hashable, Sendable, CaseIterable {
    case fareLegRule = "fare_leg_rule"
    case fareLegJoinRule = "fare_leg_join_rule"
    case fareTransferRule = "fare_transfer_rule"
}

/// Why an amount was charged or not. The raw value is stored, and worded by the catalogue.
package enum FareRuleCode: String, Hashable, Sendable, CaseIterable {
    /// The leg's own fare.
    case legFare = "leg_fare"
    /// The leg's own fare is zero for this rider.
    case legFree = "leg_free"
    /// The leg's own fare is not charged: the transfer before it covers it.
    case coveredByTransfer = "covered_by_transfer"
    /// The leg and those before it are one; what was charged for those is taken off.
    case legJoined = "leg_joined"
    /// The transfer costs nothing.
    case transferFree = "transfer_free"
    /// The transfer costs something.
    case transferCharge = "transfer_charge"
    /// The transfer takes something off.
    case transferDiscount = "transfer_discount"
    /// The transfer's fare replaces the fare of the leg before it, which is given back here.
    case fareReplaced = "fare_replaced"
    /// No transfer: it came after the rule's time limit. Explains; the amount is zero.
    case transferExpired = "transfer_expired"
    /// No transfer: the rule's number of transfers is used up. Explains; the amount is zero.
    case transferCountReached = "transfer_count_reached"
}

/// One step of the way to a price.
package struct FareRule: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case text(String)
        case number(Int64)
    }

    /// A named figure that the step rests on.
    package struct Detail: Hashable, Sendable {
        /// In snake case, named as the tariff's field where there is one.
        package let name: String
        package let value: Value

        package init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }

    package let kind: FareRuleKind
    package let code: FareRuleCode
    /// What the step adds to the leg's charge; may be negative.
    package let amount: Money
    /// Always in the same order for the same code.
    package let details: [Detail]
}

/// What one leg costs and why.
package struct PricedLeg: Hashable, Sendable {
    package let leg: FareLeg
    /// What this leg adds to the journey's price; below zero when a transfer's fare replaces a
    /// dearer one that is already charged.
    package let charge: Money
    /// The product that the leg travels on, also when a transfer pays for it.
    package let fareProduct: FareProductID
    package let fareProductName: String?
    /// In the order in which they made the charge; their amounts add up to it.
    package let rules: [FareRule]
}

/// The price of an ordered run of legs.
package struct PricedHistory: Hashable, Sendable {
    package let legs: [PricedLeg]
    package let total: Money
}

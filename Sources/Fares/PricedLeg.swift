package import TransitModel

/// Which table of the tariff a reason comes from.
package enum FareRuleKind: String, Hashable, Sendable, CaseIterable {
    case fareLegRule = "fare_leg_rule"
    case fareLegJoinRule = "fare_leg_join_rule"
    case fareTransferRule = "fare_transfer_rule"
    case transferTerms = "transfer_terms"
    case fareLimit = "fare_limit"
    case groupFare = "group_fare"
    case rideDiscount = "ride_discount"
    case rounding
    case farePass = "fare_pass"
    case fareCap = "fare_cap"
    case incompleteLeg = "incomplete_leg"
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
    /// Only what the leg costs more than an earlier one is charged.
    case transferDifference = "transfer_difference"
    /// A surcharge stands for the leg's own fare.
    case transferSurcharge = "transfer_surcharge"
    /// The change ends the chain of transfers; the leg is charged by itself.
    case transferEnd = "transfer_end"
    /// The least that the leg or journey costs.
    case raisedToMinimum = "raised_to_minimum"
    /// The most that the leg or journey costs.
    case loweredToMaximum = "lowered_to_maximum"
    case groupReduction = "group_reduction"
    /// What the others on the medium pay.
    case companions
    /// The ride is one of those that cost less after a number of others.
    case rideReduced = "ride_reduced"
    case rounded
    /// A product that the rider holds pays for it.
    case coveredByPass = "covered_by_pass"
    /// The tap buys the ticket.
    case ticketBought = "ticket_bought"
    /// The tap exchanges an earlier ticket for this one.
    case ticketUpgraded = "ticket_upgraded"
    /// The ticket of an earlier tap covers the leg.
    case coveredByTicket = "covered_by_ticket"
    /// The leg counts towards a cap that is not reached. Explains; the amount is zero.
    case capCounted = "cap_counted"
    /// The cap is reached: the rest is not charged.
    case capped
    /// The leg's end is not known, and its price would need it.
    case incompleteCharge = "incomplete_charge"
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

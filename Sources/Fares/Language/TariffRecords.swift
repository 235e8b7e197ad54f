package import Timetable
package import TransitModel

package enum AreaSetKind {}
package enum LegSetKind {}
package enum FareCapKind {}
package enum RideDiscountKind {}
/// Some areas (`area_sets.area_set_id`).
package typealias AreaSetID = Identifier<AreaSetKind>
/// The legs that a rule is about (`leg_sets.leg_set_id`).
package typealias LegSetID = Identifier<LegSetKind>
package typealias FareCapID = Identifier<FareCapKind>
package typealias RideDiscountID = Identifier<RideDiscountKind>

/// How a history is priced where nothing else is asked for.
package enum PricingOrder: String, Hashable, Sendable, CaseIterable {
    /// The lowest legal total of the whole history.
    case lowest
    /// Each tap as it comes, without looking ahead.
    case inOrder = "in_order"
}

/// A record of `area_sets.txt`.
package struct AreaSetMember: Hashable, Sendable {
    package let set: AreaSetID
    package let area: AreaID
    package let line: Int
}

/// A record of `leg_sets.txt`: a leg that is all of this belongs to the set. What is absent does
/// not matter.
package struct LegSetRecord: Hashable, Sendable {
    package let set: LegSetID
    package let name: String?
    package let network: NetworkID?
    package let route: RouteID?
    package let routeType: Int?
    package let agency: AgencyID?
    package let fareProduct: FareProductID?
    package let legGroup: LegGroupID?
    package let fromArea: AreaID?
    package let toArea: AreaID?
    package let withinAreaSet: AreaSetID?
    package let timeframeGroup: TimeframeGroupID?
    package let riderCategory: RiderCategoryID?
    package let fareMedia: FareMediaID?
    /// Bit 0 is Monday.
    package let weekdays: UInt8?
    package let service: ServiceID?
    package let line: Int
}

/// Over what a rule counts.
package enum FareWindowKind: String, Hashable, Sendable, CaseIterable {
    /// The legs that are one journey (`fare_journeys.txt`).
    case journey
    /// At every leg, the time just before it.
    case rolling
    /// From the first leg that counts; the first one after its end opens the next.
    case firstUse = "first_use"
    /// A fare day.
    case day
    /// Seven fare days from the tariff's first day of the week.
    case week
    /// The fare days of a calendar month.
    case month
    /// Without an end.
    case ever
}

package struct FareWindow: Hashable, Sendable {
    package let kind: FareWindowKind
    /// For ``FareWindowKind/rolling`` and ``FareWindowKind/firstUse``.
    package let duration: Duration?
}

/// A record of `fare_caps.txt`: the most that a rider pays for some legs within a window.
package struct FareCapRecord: Hashable, Sendable {
    package let cap: FareCapID
    package let name: String?
    package let legSet: LegSetID?
    package let riderCategory: RiderCategoryID?
    package let fareMedia: FareMediaID?
    package let window: FareWindow
    package let amount: Money
    package let line: Int
}

/// What counts as a ride.
package enum RideUnit: String, Hashable, Sendable, CaseIterable {
    case leg
    /// However many legs it has.
    case journey
}

/// A record of `ride_discounts.txt`: after some rides the next ones cost less or nothing.
package struct RideDiscountRecord: Hashable, Sendable {
    package let discount: RideDiscountID
    package let name: String?
    package let legSet: LegSetID?
    package let riderCategory: RiderCategoryID?
    package let window: FareWindow
    package let unit: RideUnit
    /// How many rides are paid in full first.
    package let afterRides: Int
    /// How many are then reduced, before counting begins anew; absent: all until the window ends.
    package let reducedRides: Int?
    /// In hundredths of a per cent; 10 000 is a free ride.
    package let reduction: Int
    package let line: Int
}

/// For how long a pass holds.
package enum PassValidity: Hashable, Sendable {
    /// As long as it is held.
    case unlimited
    /// Fare days, weeks or months of the calendar, beginning with the one of its first day.
    case calendar(FareWindowKind, count: Int)
    /// From the instant that it is valid from; where none is known, from its first use.
    case rolling(Duration)
    case firstUse(Duration)
}

/// Who sells a product, and when.
package enum PassSale: String, Hashable, Sendable, CaseIterable {
    /// Before the ride: a tap uses it where the rider holds it, and never buys it.
    case advance
    /// A tap may buy it.
    case atTap = "at_tap"
}

/// A record of `fare_passes.txt`: a fare product that covers more than one leg.
package struct FarePassRecord: Hashable, Sendable {
    package let product: FareProductID
    /// Absent: the legs whose leg rule names the product.
    package let legSet: LegSetID?
    package let sale: PassSale
    package let validity: PassValidity
    /// How many rides it is good for.
    package let rideLimit: Int?
    /// How much of each leg it covers; the rest is charged.
    package let coversUpTo: Money?
    /// Whether a tap beyond an earlier ticket buys this one for the difference.
    package let isUpgrade: Bool
    package let line: Int
}

/// How long a leg is.
package enum DistanceType: String, Hashable, Sendable, CaseIterable {
    /// As the vehicle goes: what the leg itself says.
    case travelled
    /// Over the ground between its two stops.
    case straightLine = "straight_line"
}

/// What a distance is summed over.
package enum DistanceSum: String, Hashable, Sendable, CaseIterable {
    case leg
    /// The legs of a journey that have the same product.
    case journey
}

/// A record of `fare_distances.txt`: a fare product whose price grows with the distance.
package struct FareDistanceRecord: Hashable, Sendable {
    package let product: FareProductID
    package let type: DistanceType
    package let sum: DistanceSum
    package let line: Int
}

/// A record of `fare_distance_bands.txt`.
package struct FareDistanceBandRecord: Hashable, Sendable {
    package let product: FareProductID
    package let riderCategory: RiderCategoryID?
    /// In metres, included; absent: without an end.
    package let upTo: Int?
    /// At the band's beginning.
    package let amount: Money
    /// Added for each further distance of so many metres that is begun.
    package let step: Int?
    package let stepAmount: Money?
    /// Added in proportion, in ten-thousandths of a minor unit for a kilometre.
    package let perKilometre: Int64?
    package let line: Int
}

/// When the time of day of a later leg is judged.
package enum TimeframeMoment: String, Hashable, Sendable, CaseIterable {
    case eachLeg = "each_leg"
    case firstLeg = "first_leg"
}

/// A record of `fare_journeys.txt`: which legs in a row are one journey.
package struct FareJourneyRecord: Hashable, Sendable {
    package let legSet: LegSetID?
    /// From leaving a vehicle (where that is unknown, from boarding it) to boarding the next.
    package let gapLimit: Duration?
    /// From boarding the first vehicle to boarding the last.
    package let durationLimit: Duration?
    package let legLimit: Int?
    /// Whether boarding the route just left begins a new journey.
    package let endsOnSameRoute: Bool
    package let timeframes: TimeframeMoment
    package let line: Int
}

/// What a change costs.
package enum TransferTerms: String, Hashable, Sendable, CaseIterable {
    /// Nothing.
    case free
    /// What the leg costs more than an earlier one.
    case difference
    /// The product's price, instead of the leg's own fare.
    case surcharge
    /// The leg's own fare less the product's price or a share.
    case discount
    /// The leg's own fare; transfers count anew from it.
    case end
}

/// To what a difference is paid.
package enum DifferenceBase: String, Hashable, Sendable, CaseIterable {
    /// The dearest leg of the chain so far, by its own fare.
    case dearestLeg = "dearest_leg"
    /// The leg before, by its own fare.
    case previousLeg = "previous_leg"
    /// All that the chain has cost so far.
    case paid
}

/// A record of `transfer_terms.txt`: a cell of the matrix of who changes from what to what.
package struct TransferTermsRecord: Hashable, Sendable {
    package let from: LegSetID?
    package let to: LegSetID?
    package let terms: TransferTerms
    /// The surcharge, or what a discount takes off.
    package let product: FareProductID?
    /// Of a discount, in hundredths of a per cent.
    package let reduction: Int?
    package let difference: DifferenceBase
    /// How many transfers a chain may have when this one is counted in.
    package let transferCount: Int?
    package let durationLimit: Duration?
    package let durationLimitType: DurationLimitType
    /// Whether the chain ends with the leg.
    package let isLast: Bool
    package let exceptSameRoute: Bool
    package let priority: Int
    package let line: Int
}

/// A record of `fare_limits.txt`: the least and the most that a leg or a journey costs.
package struct FareLimitRecord: Hashable, Sendable {
    package enum Scope: String, Hashable, Sendable, CaseIterable {
        case leg
        case journey
    }

    package let legSet: LegSetID?
    package let riderCategory: RiderCategoryID?
    package let scope: Scope
    package let minimum: Money?
    package let maximum: Money?
    package let line: Int
}

/// A record of `incomplete_legs.txt`: what a leg costs whose price would need an end that is not
/// known.
package struct IncompleteLegRecord: Hashable, Sendable {
    package let legSet: LegSetID?
    package let product: FareProductID
    package let countsTowardsCaps: Bool
    package let line: Int
}

/// A record of `group_fares.txt`: several people on one medium.
package struct GroupFareRecord: Hashable, Sendable {
    package let legSet: LegSetID?
    package let riders: ClosedRange<Int>
    /// In hundredths of a per cent.
    package let reduction: Int
    /// How many of them ride for nothing.
    package let freeRiders: Int
    package let line: Int
}

/// A record of `operator_shares.txt`: who gets how much of what some legs cost.
package struct OperatorShareRecord: Hashable, Sendable {
    package let legSet: LegSetID
    package let agency: AgencyID
    package let weight: Int
    package let line: Int
}

/// The record of `tariff.txt`.
package struct TariffRecord: Hashable, Sendable {
    package var id: TariffID?
    package var version: String?
    package var name: String?
    package var effectiveFrom: FareDay?
    /// The last day.
    package var effectiveUntil: FareDay?
    package var pricing = PricingOrder.lowest
    /// When a fare day begins, in seconds of the clock on the wall.
    package var fareDayStart = 0
    /// 1 is Monday.
    package var weekStart = 1
    package var rounding = Rounding.halfUp
    /// What prices are whole multiples of, in minor units.
    package var roundingUnit: Int64 = 1
    package var line = 2
}

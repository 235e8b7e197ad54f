package import TransitModel

package enum LegGroupKind {}
package enum TimeframeGroupKind {}
/// A group of fare leg rules between which transfers are ruled (`fare_leg_rules.leg_group_id`).
package typealias LegGroupID = Identifier<LegGroupKind>
package typealias TimeframeGroupID = Identifier<TimeframeGroupKind>

/// What holds a fare product (`fare_media.fare_media_type`).
package enum FareMediaType: Int, Hashable, Sendable, CaseIterable {
    /// Nothing, such as cash paid to a driver.
    case none = 0
    case paperTicket = 1
    case transitCard = 2
    case contactlessEMV = 3
    case mobileApp = 4
}

/// A record of `fare_media.txt`.
package struct FareMedium: Hashable, Sendable {
    package let id: FareMediaID
    package let name: String?
    package let type: FareMediaType
}

/// A record of `rider_categories.txt`.
package struct RiderCategory: Hashable, Sendable {
    package let id: RiderCategoryID
    package let name: String
    package let isDefault: Bool
}

/// A record of `fare_products.txt`: one price of one product.
package struct FareProduct: Hashable, Sendable {
    package let id: FareProductID
    package let name: String?
    /// Absent: any rider may have it.
    package let riderCategory: RiderCategoryID?
    /// Absent: the medium does not matter.
    package let fareMedia: FareMediaID?
    package let amount: Money
    package let line: Int
}

/// A record of `fare_leg_rules.txt`.
package struct FareLegRule: Hashable, Sendable {
    package let legGroup: LegGroupID?
    package let network: NetworkID?
    package let fromArea: AreaID?
    package let toArea: AreaID?
    package let fromTimeframeGroup: TimeframeGroupID?
    package let toTimeframeGroup: TimeframeGroupID?
    package let fareProduct: FareProductID
    /// Zero when empty or when the file has no such field.
    package let priority: Int
    package let line: Int
}

/// Between which validations `fare_transfer_rules.duration_limit` runs.
package enum DurationLimitType: Int, Hashable, Sendable, CaseIterable {
    case departureToArrival = 0
    case departureToDeparture = 1
    case arrivalToDeparture = 2
    case arrivalToArrival = 3
}

/// How a transfer changes what is paid (`fare_transfer_rules.fare_transfer_type`), where A and B
/// are the legs' own fares and AB is the transfer's.
package enum FareTransferType: Int, Hashable, Sendable, CaseIterable {
    /// A + AB.
    case fromLegPlusTransfer = 0
    /// A + AB + B.
    case bothLegsPlusTransfer = 1
    /// AB.
    case transferOnly = 2
}

/// A record of `fare_transfer_rules.txt`.
package struct FareTransferRule: Hashable, Sendable {
    package let fromLegGroup: LegGroupID?
    package let toLegGroup: LegGroupID?
    /// How many transfers in a row it may span; absent means no limit, or that a limit is
    /// forbidden because the two groups differ.
    package let transferCount: Int?
    package let durationLimit: Duration?
    package let durationLimitType: DurationLimitType
    package let type: FareTransferType
    /// Absent: the transfer costs nothing.
    package let fareProduct: FareProductID?
    package let line: Int
}

/// A record of `areas.txt`.
package struct Area: Hashable, Sendable {
    package let id: AreaID
    package let name: String?
}

/// A record of `stop_areas.txt`.
package struct StopArea: Hashable, Sendable {
    package let area: AreaID
    package let stop: StopID
    let line: Int
}

/// A record of `networks.txt`, or a `routes.network_id`.
package struct Network: Hashable, Sendable {
    package let id: NetworkID
    package let name: String?
}

/// A record of `route_networks.txt`.
package struct RouteNetwork: Hashable, Sendable {
    package let network: NetworkID
    package let route: RouteID
    let line: Int
}

/// A record of `timeframes.txt`: a span of the clock on the wall, on the dates of a service.
package struct Timeframe: Hashable, Sendable {
    package let group: TimeframeGroupID
    /// Seconds since local midnight, within 0 and 86 400.
    package let seconds: Range<Int>
    package let service: ServiceID
    package let line: Int
}

/// A record of `fare_leg_join_rules.txt`: which two legs in a row are one for the leg rules.
///
/// Both networks are there, or neither; so are both stops.
package struct FareLegJoinRule: Hashable, Sendable {
    package let fromNetwork: NetworkID?
    package let toNetwork: NetworkID?
    package let fromStop: StopID?
    package let toStop: StopID?
    package let line: Int
}

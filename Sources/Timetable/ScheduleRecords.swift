package import TransitModel

package enum ServiceKind {}
/// A set of dates on which trips run (`calendar.service_id`).
package typealias ServiceID = Identifier<ServiceKind>

/// A record of `agency.txt`.
package struct Agency: Hashable, Sendable {
    /// May be left out by a feed with a single agency.
    package let id: AgencyID?
    package let name: String
    /// IANA name, such as `Europe/Kyiv`.
    package let timeZone: String
    package let language: String?
}

/// What a record of `stops.txt` describes (`stops.location_type`).
package enum LocationType: Int, Hashable, Sendable, CaseIterable {
    case stop = 0
    case station = 1
    case entrance = 2
    case genericNode = 3
    case boardingArea = 4
}

/// A record of `stops.txt`.
package struct Stop: Hashable, Sendable {
    package let id: StopID
    package let name: String
    package let locationType: LocationType
    package let parentStation: StopID?
    /// IANA name; absent means the parent station's, or else the agency's.
    package let timeZone: String?
    package let position: GeoPoint?
    package let line: Int
}

/// A record of `routes.txt`.
package struct Route: Hashable, Sendable {
    package let id: RouteID
    package let agency: AgencyID?
    package let shortName: String
    package let longName: String
    /// GTFS's basic or extended route type: 0 tram, 3 bus, 11 trolleybus, ….
    package let type: Int
    /// From `routes.network_id`; see ``GTFSTables/networkOfRoute``.
    package let network: NetworkID?
    /// Six hexadecimal digits.
    package let colour: String?
    /// Six hexadecimal digits.
    package let textColour: String?
    let line: Int
}

/// What fares need of a record of `trips.txt`.
package struct TripRecord: Hashable, Sendable {
    package let id: TripID
    package let route: RouteID
    package let service: ServiceID
    package let direction: Direction?
    let line: Int
}

/// The record of `feed_info.txt`.
package struct FeedInfo: Hashable, Sendable {
    package let publisherName: String
    package let language: String
    package let startDate: ServiceDate?
    package let endDate: ServiceDate?
    package let version: String?
}

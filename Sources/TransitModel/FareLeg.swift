/// One paid ride on one vehicle, from boarding to alighting, as the tariff sees it.
package struct FareLeg: Hashable, Sendable {
    /// The tap that boards; where there is none (an offline quotation) it is `nil`.
    package let boarding: TapID?
    package let route: RouteID?
    package let network: NetworkID?
    package let trip: TripID?
    /// Who runs it, where that is not the route's agency.
    package let agency: AgencyID?
    package let fromStop: StopID?
    /// Absent while the alighting is unknown.
    package let toStop: StopID?
    /// The instant of validation.
    package let departedAt: Timestamp
    package let arrivedAt: Timestamp?
    /// As the vehicle went, in metres.
    package let distanceMetres: Int?

    package init(
        boarding: TapID?, route: RouteID?, network: NetworkID? = nil, trip: TripID? = nil,
        agency: AgencyID? = nil, fromStop: StopID?, toStop: StopID?, departedAt: Timestamp,
        arrivedAt: Timestamp? = nil, distanceMetres: Int? = nil
    ) {
        self.boarding = boarding
        self.route = route
        self.network = network
        self.trip = trip
        self.agency = agency
        self.fromStop = fromStop
        self.toStop = toStop
        self.departedAt = departedAt
        self.arrivedAt = arrivedAt
        self.distanceMetres = distanceMetres
    }
}

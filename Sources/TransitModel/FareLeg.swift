/// One paid ride on one vehicle, from boarding to alighting, as the tariff sees it.
package struct FareLeg: Hashable, Sendable {
    /// The tap that boards; where there is none (an offline quotation) it is `nil`.
    package let boarding: TapID?
    package let route: RouteID?
    package let network: NetworkID?
    package let trip: TripID?
    package let fromStop: StopID?
    /// Absent while the alighting is unknown.
    package let toStop: StopID?
    /// The instant of validation.
    package let departedAt: Timestamp
    package let arrivedAt: Timestamp?

    package init(
        boarding: TapID?, route: RouteID?, network: NetworkID? = nil, trip: TripID? = nil,
        fromStop: StopID?, toStop: StopID?, departedAt: Timestamp, arrivedAt: Timestamp? = nil
    ) {
        self.boarding = boarding
        self.route = route
        self.network = network
        self.trip = trip
        self.fromStop = fromStop
        self.toStop = toStop
        self.departedAt = departedAt
        self.arrivedAt = arrivedAt
    }
}

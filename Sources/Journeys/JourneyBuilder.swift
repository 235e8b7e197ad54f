package import Timetable
internal import TransitModel

/// Turns one rider's taps into legs, and legs into journeys.
///
/// Each accepted tap boards a vehicle and begins a leg; where it ends is unknown until
/// alightings are observed or inferred.
///
/// A leg continues the journey when it begins no later than the linking window after the leg
/// before it ended, or began where its end is unknown; otherwise it begins a new journey. With
/// the longest transfer window of the tariff as linking window, no transfer ever crosses from one
/// journey to the next, so that each journey can be priced by itself.
///
/// The result depends on the set of taps alone: copies count once, and the order of arrival does
/// not matter. Taps are ordered by time, and at the same instant by ``TapID``.
package struct JourneyBuilder: Sendable {
    package struct Result: Hashable, Sendable {
        /// In order of their first taps.
        package var journeys: [Journey] = []
        /// In order of their identifiers.
        package var setAside: [SetAsideTap] = []
    }

    private let linkingWindow: Duration
    private let routeOfTrip: [TripID: RouteID]

    /// - Parameter timetable: Where trips are given, a tap that names a trip and no route gets
    ///   the trip's route.
    package init(linkingWindow: Duration, timetable: GTFSTables? = nil) {
        self.linkingWindow = linkingWindow
        var routes: [TripID: RouteID] = [:]
        for trip in timetable?.trips ?? [] { routes[trip.id] = trip.route }
        routeOfTrip = routes
    }

    package func build(from taps: some Sequence<RiderTap>) -> Result {
        var result = Result()
        var legs: [JourneyLeg] = []
        for tap in inOrder(taps, settingAside: &result.setAside) {
            let leg = JourneyLeg(tap: tap, fareLeg: makeFareLeg(tap))
            if let previous = legs.last, !continues(previous.fareLeg, with: leg.fareLeg) {
                result.journeys.append(Journey(legs: legs))
                legs.removeAll(keepingCapacity: true)
            }
            legs.append(leg)
        }
        if !legs.isEmpty { result.journeys.append(Journey(legs: legs)) }
        return result
    }

    private func continues(_ earlier: FareLeg, with later: FareLeg) -> Bool {
        later.departedAt.elapsed(since: earlier.arrivedAt ?? earlier.departedAt) <= linkingWindow
    }

    private func makeFareLeg(_ tap: RiderTap) -> FareLeg {
        FareLeg(
            boarding: tap.id,
            route: tap.service.route ?? tap.service.trip.flatMap { routeOfTrip[$0] },
            trip: tap.service.trip, fromStop: tap.service.stop, toStop: nil,
            departedAt: tap.tappedAt)
    }

    /// Distinct taps by time and then identifier, without those that must wait for a person.
    private func inOrder(
        _ taps: some Sequence<RiderTap>, settingAside setAside: inout [SetAsideTap]
    ) -> [RiderTap] {
        var distinct: [TapID: RiderTap] = [:]
        var contradicted: Set<TapID> = []
        for tap in taps {
            if let known = distinct[tap.id], known != tap {
                contradicted.insert(tap.id)
            } else {
                distinct[tap.id] = tap
            }
        }
        var usable: [RiderTap] = []
        usable.reserveCapacity(distinct.count)
        for (id, tap) in distinct {
            if contradicted.contains(id) {
                setAside.append(SetAsideTap(id: id, reason: .contradictoryCopies))
            } else if tap.riders > 1 {
                setAside.append(SetAsideTap(id: id, reason: .groupRiders))
            } else {
                usable.append(tap)
            }
        }
        setAside.sort { $0.id < $1.id }
        usable.sort { ($0.tappedAt, $0.id) < ($1.tappedAt, $1.id) }
        return usable
    }
}

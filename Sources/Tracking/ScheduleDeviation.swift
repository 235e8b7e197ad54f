package import Timetable
package import TransitModel

/// What is known of a vehicle at one moment.
package struct VehicleObservation: Hashable, Sendable {
    package var point: GeoPoint
    /// Degrees clockwise from north; leave it out for a vehicle that hardly moves, whose receiver
    /// then invents one.
    package var bearing: Double?
    /// How far along the same trip the vehicle was when last seen: on a line that passes a place
    /// twice, only the past tells the passes apart.
    package var previousMetres: Double?

    package init(point: GeoPoint, bearing: Double? = nil, previousMetres: Double? = nil) {
        self.point = point
        self.bearing = bearing
        self.previousMetres = previousMetres
    }
}

/// Where a vehicle is on its trip, and how late.
package struct ScheduleDeviation: Hashable, Sendable {
    /// How far along the trip's shape.
    package let distanceMetres: Double
    /// How far beside it.
    package let offsetMetres: Double
    /// Too far beside the line to be on it. Straight lines that stand in for missing shapes
    /// cannot tell, and a vehicle before its first departure may come from anywhere.
    package let isOffRoute: Bool
    /// The last call whose stop lies behind the vehicle or at it, counted from 0 within the
    /// trip's calls.
    package let previousCall: Int?
    /// The first call whose stop lies ahead; `nil` at the trip's end.
    package let nextCall: Int?
    /// Whether the vehicle is at the previous call's stop.
    package let isAtStop: Bool
    /// Positive when late; `nil` where it would mean nothing: off route, on the way to the first
    /// stop, or on a trip that repeats without exact times.
    package let delay: Duration?

    /// A receiver among houses and a shape drawn by hand may well differ by so much.
    package static let offRouteMetres = 120.0
    /// Within so many metres along the line a vehicle is at the stop.
    package static let stopRadiusMetres = 25.0

    /// - Parameters:
    ///   - trip: An index of the schedule's trips.
    ///   - second: When, in seconds since the trip's service day began; may pass 24 hours.
    /// - Returns: `nil` for a trip without calls or without a line.
    package init?(
        of trip: Int, in schedule: Schedule, _ observation: VehicleObservation, second: Int
    ) {
        let record = schedule.trips[trip]
        let calls = schedule.calls(of: trip)
        guard let number = record.shape, let first = calls.first else { return nil }
        let shape = schedule.shapes[number]
        let plan = TripPlan(calls)
        let matched = LineMatch.find(
            observation, on: shape, expectedMetres: plan.distanceMetres(atSecond: second))
        distanceMetres = matched.distanceMetres
        offsetMetres = matched.offsetMetres
        let isBeside = shape.id != nil && matched.offsetMetres > Self.offRouteMetres
        let isComing =
            second < first.departure
            && matched.distanceMetres <= first.distanceMetres + Self.stopRadiusMetres
        isOffRoute = isBeside && !isComing
        let place = plan.place(
            atMetres: matched.distanceMetres, second: second, radius: Self.stopRadiusMetres)
        previousCall = place.previous
        nextCall = place.next
        isAtStop = place.isAtStop && !isBeside
        let isMeaningful = !isBeside && record.repetition?.isExact ?? true
        delay = isMeaningful ? .seconds(place.delaySeconds) : nil
    }
}

/// Where a vehicle was at an instant, and what it believed to be doing.
///
/// The words are those of GTFS Realtime (`VehiclePosition`) and TIDES (`vehicle_locations`).
/// Beliefs can be missing or wrong, as in ``ServiceContext``.
package struct VehicleLocation: Hashable, Sendable {
    /// How the vehicle stands to ``VehicleLocation/stop`` (GTFS Realtime, `VehicleStopStatus`).
    package enum StopStatus: UInt8, Sendable, CaseIterable {
        case incomingAt = 1
        case stoppedAt = 2
        case inTransitTo = 3
    }

    /// What the position was taken from.
    package enum Source: UInt8, Sendable, CaseIterable {
        /// A satellite receiver.
        case gnss = 1
        /// A simulation: no law of motion holds for it, since a city may live faster than we do.
        case simulated = 2
    }

    package var recordedAt: Timestamp
    package var point: GeoPoint
    /// Degrees clockwise from true north, 0 up to but not 360; `nil` while standing or unknown.
    package var bearing: Double?
    package var speedMetresPerSecond: Double?
    package var trip: TripID?
    package var route: RouteID?
    package var stop: StopID?
    package var stopStatus: StopStatus?
    package var source: Source

    package init(
        recordedAt: Timestamp, point: GeoPoint, bearing: Double? = nil,
        speedMetresPerSecond: Double? = nil, trip: TripID? = nil, route: RouteID? = nil,
        stop: StopID? = nil, stopStatus: StopStatus? = nil, source: Source = .gnss
    ) {
        self.recordedAt = recordedAt
        self.point = point
        self.bearing = bearing
        self.speedMetresPerSecond = speedMetresPerSecond
        self.trip = trip
        self.route = route
        self.stop = stop
        self.stopStatus = stopStatus
        self.source = source
    }
}

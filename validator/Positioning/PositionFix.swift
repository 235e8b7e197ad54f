import TransitModel

/// Where the vehicle was, as its receiver said, and when we heard of it.
package struct PositionFix: Hashable, Sendable {
    package let point: GeoPoint
    /// Degrees from true north; absent when the vehicle stands or the receiver cannot tell.
    package let bearing: Double?
    package let speedMetresPerSecond: Double?
    /// Horizontal error at 95 % confidence.
    package let errorMetres: Double?
    /// By the device's own clocks: the receiver's time can be spoofed with its position.
    package let heardAt: PositionInstant

    package init(
        point: GeoPoint, bearing: Double? = nil, speedMetresPerSecond: Double? = nil,
        errorMetres: Double? = nil, heardAt: PositionInstant
    ) {
        self.point = point
        self.bearing = bearing
        self.speedMetresPerSecond = speedMetresPerSecond
        self.errorMetres = errorMetres
        self.heardAt = heardAt
    }

    package func age(at now: MonotonicTime) -> Duration {
        max(.zero, now.elapsed(since: heardAt.monotonic))
    }
}

/// The device's two clocks, read together.
package struct PositionInstant: Hashable, Sendable {
    package let wall: Timestamp
    package let monotonic: MonotonicTime

    package init(wall: Timestamp, monotonic: MonotonicTime) {
        self.wall = wall
        self.monotonic = monotonic
    }
}

/// How far the vehicle's position can be believed.
package enum PositionState: Hashable, Sendable {
    /// gpsd cannot be reached.
    case disconnected
    /// gpsd answers; the receiver has no fix: indoors, jammed, or just started.
    case noFix
    case fix(PositionFix)
    /// There was a fix, and nothing new has come for a while.
    case stale(PositionFix)
    /// The receiver claims a place that the vehicle cannot have come to. What it says is not
    /// used before it has said so for some time.
    case implausible(claimed: GeoPoint, last: PositionFix)

    /// Stable, for logs and the status.
    package var name: String {
        switch self {
        case .disconnected: "disconnected"
        case .noFix: "no_fix"
        case .fix: "fix"
        case .stale: "stale"
        case .implausible: "implausible"
        }
    }
}

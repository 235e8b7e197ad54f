/// Where a tap stands in its device's journal. Identifies the tap for ever.
package struct TapID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let device: DeviceID
    package let epoch: EpochID
    /// Counts from 1 within the epoch.
    package let sequence: UInt64

    package init(device: DeviceID, epoch: EpochID, sequence: UInt64) {
        self.device = device
        self.epoch = epoch
        self.sequence = sequence
    }

    package var description: String { "\(device)/\(epoch)/\(sequence)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.device, left.epoch, left.sequence) < (right.device, right.epoch, right.sequence)
    }
}

/// A direction of travel along a route, as `trips.direction_id` has it (GTFS Schedule).
package enum Direction: UInt8, Sendable {
    case outbound = 0
    case inbound = 1
}

/// The service that the device believes it is on. Beliefs can be missing or wrong; the back
/// office repairs them.
package struct ServiceContext: Hashable, Sendable {
    package var vehicle: VehicleID
    package var route: RouteID?
    package var trip: TripID?
    package var stop: StopID?
    package var direction: Direction?

    package init(
        vehicle: VehicleID, route: RouteID? = nil, trip: TripID? = nil, stop: StopID? = nil,
        direction: Direction? = nil
    ) {
        self.vehicle = vehicle
        self.route = route
        self.trip = trip
        self.stop = stop
        self.direction = direction
    }
}

/// A position in WGS 84 with its age at the moment of the tap.
package struct AgedPosition: Hashable, Sendable {
    /// Degrees times ten million.
    package let latitudeE7: Int32
    package let longitudeE7: Int32
    package let age: Duration

    package init(latitudeE7: Int32, longitudeE7: Int32, age: Duration) {
        self.latitudeE7 = latitudeE7
        self.longitudeE7 = longitudeE7
        self.age = age
    }
}

/// Versions of the signed documents that a verdict rests on; zero means none was held.
package struct DocumentVersions: Hashable, Sendable {
    package var denyListBase: UInt64
    package var denyListOverlay: UInt64
    package var configuration: UInt64

    package init(denyListBase: UInt64, denyListOverlay: UInt64, configuration: UInt64) {
        self.denyListBase = denyListBase
        self.denyListOverlay = denyListOverlay
        self.configuration = configuration
    }
}

/// One presentation of media at one validator and what was decided. Immutable.
package struct Tap: Hashable, Sendable {
    package let tappedAt: Timestamp
    package let monotonic: MonotonicTime
    package let clockQuality: ClockQuality
    package let position: AgedPosition?
    package let service: ServiceContext
    /// Absent when the medium could not be identified.
    package let mediaKey: MediaKey?
    package let mediaKind: MediaKind?
    /// The category that the medium proves, such as a pupil's; absent for the default one.
    package let riderCategory: RiderCategoryID?
    package let verdict: TapVerdict
    package let documents: DocumentVersions
    /// Riders paid for by this tap, at least 1.
    package let riders: UInt8
    /// SHA-256 of the sealed payment data that lies beside the record; absent for e-tickets.
    package let sealedPaymentDigest: [UInt8]?

    package init(
        tappedAt: Timestamp, monotonic: MonotonicTime, clockQuality: ClockQuality,
        position: AgedPosition? = nil, service: ServiceContext, mediaKey: MediaKey?,
        mediaKind: MediaKind?, riderCategory: RiderCategoryID? = nil, verdict: TapVerdict,
        documents: DocumentVersions, riders: UInt8 = 1, sealedPaymentDigest: [UInt8]? = nil
    ) {
        self.tappedAt = tappedAt
        self.monotonic = monotonic
        self.clockQuality = clockQuality
        self.position = position
        self.service = service
        self.mediaKey = mediaKey
        self.mediaKind = mediaKind
        self.riderCategory = riderCategory
        self.verdict = verdict
        self.documents = documents
        self.riders = riders
        self.sealedPaymentDigest = sealedPaymentDigest
    }
}

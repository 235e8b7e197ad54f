import SwiftProtobuf
import TransitModel

/// What a device says about itself about once a second: where its vehicle was since the last
/// time, and how it fares.
///
/// Reports are hints, not evidence: they are not signed, not chained and not kept on the device.
/// The certificate of the connection says who speaks and thereby which vehicle it is.
package struct PositionReport: Hashable, Sendable {
    /// A minute of positions: who was cut off for longer has no news but the newest ones.
    package static let locationLimit = 60
    package static let byteLimit = 64 * 1_024

    /// Oldest first.
    package let locations: [VehicleLocation]
    package let health: DeviceHealth?
    /// Locations that could not be read, each with its reason. Empty for a report made here.
    package let flaws: [WireFailure]

    /// - Parameter locations: Oldest first; the newest ``locationLimit`` of them are kept.
    package init(locations: [VehicleLocation], health: DeviceHealth?) {
        self.locations = Array(locations.suffix(Self.locationLimit))
        self.health = health
        flaws = []
    }
}

// MARK: - Bytes

extension PositionReport {
    /// Reads a report; a location that cannot be understood in full costs itself and nothing else.
    ///
    /// - Throws: When the whole is no report of at most ``byteLimit`` bytes and
    ///   ``locationLimit`` locations, or when the health says what cannot be.
    package init(serialized bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= Self.byteLimit else { throw .invalid(field: "length") }
        let wire = try WireFields.decode(Kvytok_Device_V1_PositionReport.self, from: bytes)
        guard wire.locations.count <= Self.locationLimit else {
            throw .tooManyRecords(wire.locations.count)
        }
        var locations: [VehicleLocation] = []
        var flaws: [WireFailure] = []
        for location in wire.locations {
            do throws(WireFailure) {
                locations.append(try VehicleLocation(wire: location))
            } catch {
                flaws.append(error)
            }
        }
        self.locations = locations
        self.flaws = flaws
        health = wire.hasHealth ? try DeviceHealth(wire: wire.health) : nil
    }

    /// Positions are rounded to about a centimetre, bearings to tenths of a degree, speeds to
    /// centimetres a second.
    package func serialized() -> [UInt8] {
        var wire = Kvytok_Device_V1_PositionReport()
        wire.locations = locations.map(\.wire)
        if let health { wire.health = health.wire }
        return WireFields.encode(wire)
    }
}

extension VehicleLocation {
    /// Above what any vehicle of ours reaches and any rail line in the world allows.
    private static let speedLimitCentimetres: UInt32 = 20_000

    init(wire: Kvytok_Device_V1_VehicleLocation) throws(WireFailure) {
        guard wire.recordedAtMs > 0 else { throw .missing(field: "recorded_at_ms") }
        guard let point = GeoPoint(latitudeE7: wire.latitudeE7, longitudeE7: wire.longitudeE7)
        else { throw .invalid(field: "position") }
        if wire.hasBearingTenths, wire.bearingTenths >= 3_600 {
            throw .invalid(field: "bearing_tenths")
        }
        if wire.hasSpeedCmS, wire.speedCmS > Self.speedLimitCentimetres {
            throw .invalid(field: "speed_cm_s")
        }
        self.init(
            recordedAt: Timestamp(millisecondsSince1970: wire.recordedAtMs), point: point,
            bearing: wire.hasBearingTenths ? Double(wire.bearingTenths) / 10 : nil,
            speedMetresPerSecond: wire.hasSpeedCmS ? Double(wire.speedCmS) / 100 : nil,
            trip: try WireFields.reference(wire.tripID, "trip_id"),
            route: try WireFields.reference(wire.routeID, "route_id"),
            stop: try WireFields.reference(wire.stopID, "stop_id"),
            stopStatus: try Self.stopStatus(wire.stopStatus),
            source: try Self.source(wire.source))
    }

    var wire: Kvytok_Device_V1_VehicleLocation {
        .with {
            $0.recordedAtMs = recordedAt.millisecondsSince1970
            $0.latitudeE7 = point.latitudeE7
            $0.longitudeE7 = point.longitudeE7
            if let bearing {
                $0.bearingTenths = UInt32(clamping: bearing * 10, to: 0...3_600) % 3_600
            }
            if let speedMetresPerSecond {
                $0.speedCmS = UInt32(
                    clamping: speedMetresPerSecond * 100, to: 0...Self.speedLimitCentimetres)
            }
            $0.tripID = trip?.rawValue ?? ""
            $0.routeID = route?.rawValue ?? ""
            $0.stopID = stop?.rawValue ?? ""
            switch stopStatus {
            case .incomingAt: $0.stopStatus = .incomingAt
            case .stoppedAt: $0.stopStatus = .stoppedAt
            case .inTransitTo: $0.stopStatus = .inTransitTo
            case nil: $0.stopStatus = .unspecified
            }
            switch source {
            case .gnss: $0.source = .gnss
            case .simulated: $0.source = .simulated
            }
        }
    }

    private static func stopStatus(
        _ wire: Kvytok_Device_V1_StopStatus
    ) throws(WireFailure) -> StopStatus? {
        switch wire {
        case .unspecified: return nil
        case .incomingAt: return .incomingAt
        case .stoppedAt: return .stoppedAt
        case .inTransitTo: return .inTransitTo
        case .UNRECOGNIZED(let value):
            throw .unknown(field: "stop_status", value: UInt64(truncatingIfNeeded: value))
        }
    }

    private static func source(
        _ wire: Kvytok_Device_V1_PositionSource
    ) throws(WireFailure) -> Source {
        switch wire {
        case .gnss: return .gnss
        case .simulated: return .simulated
        case .unspecified: throw .missing(field: "source")
        case .UNRECOGNIZED(let value):
            throw .unknown(field: "source", value: UInt64(truncatingIfNeeded: value))
        }
    }
}

extension GeoPoint {
    private static let scale = 10_000_000.0

    /// `nil` for what lies on no globe.
    init?(latitudeE7: Int32, longitudeE7: Int32) {
        guard (-900_000_000...900_000_000).contains(latitudeE7),
            (-1_800_000_000...1_800_000_000).contains(longitudeE7)
        else { return nil }
        self.init(
            latitude: Double(latitudeE7) / Self.scale, longitude: Double(longitudeE7) / Self.scale)
    }

    fileprivate var latitudeE7: Int32 { Self.scaled(latitude, limit: 90) }
    fileprivate var longitudeE7: Int32 { Self.scaled(longitude, limit: 180) }

    private static func scaled(_ degrees: Double, limit: Double) -> Int32 {
        guard !degrees.isNaN else { return .max }
        return Int32((min(max(degrees, -limit), limit) * scale).rounded())
    }
}

extension UInt32 {
    /// The nearest whole number within a range; the lower end for what is no number.
    fileprivate init(clamping value: Double, to range: ClosedRange<UInt32>) {
        guard !value.isNaN else {
            self = range.lowerBound
            return
        }
        let bounded = Swift.min(
            Swift.max(value, Double(range.lowerBound)), Double(range.upperBound))
        self = UInt32(bounded.rounded())
    }
}

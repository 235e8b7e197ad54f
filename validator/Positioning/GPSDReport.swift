import Foundation
import TransitModel

/// One line of gpsd's JSON protocol (gpsd_json(5), protocol 3), as far as a vehicle has a use for
/// it.
package enum GPSDReport: Hashable, Sendable {
    case version(release: String, major: Int)
    /// What the receiver knows about time, position and velocity.
    case position(TimePositionVelocity)
    /// How many satellites are seen, and how many of them the fix rests on.
    case sky(visible: Int, used: Int)
    /// The daemon could not follow a command.
    case error(String)
    /// Well formed, and nothing to us: devices, watches, raw data.
    case other(String)

    /// `TPV`. What a receiver does not know is absent.
    package struct TimePositionVelocity: Hashable, Sendable {
        /// 0 and 1 mean no fix, 2 a fix without, 3 one with altitude.
        package var mode: Int
        /// The receiver's own time. Spoofed as easily as its position: only looked at to tell a
        /// new fix from one that is repeated.
        package var time: String?
        package var point: GeoPoint?
        /// Degrees from true north.
        package var track: Double?
        package var speedMetresPerSecond: Double?
        /// Horizontal error at 95 % confidence.
        package var errorMetres: Double?

        package init(
            mode: Int, time: String? = nil, point: GeoPoint? = nil, track: Double? = nil,
            speedMetresPerSecond: Double? = nil, errorMetres: Double? = nil
        ) {
            self.mode = mode
            self.time = time
            self.point = point
            self.track = track
            self.speedMetresPerSecond = speedMetresPerSecond
            self.errorMetres = errorMetres
        }
    }

    /// Reads one line without its end.
    ///
    /// - Returns: `nil` when it is no JSON object with a class, or a number is not one.
    package init?(line: some Collection<UInt8>) {
        guard let wire = try? JSONDecoder().decode(Line.self, from: Data(line)) else { return nil }
        switch wire.class {
        case "VERSION":
            self = .version(release: wire.release ?? "", major: wire.proto_major ?? 0)
        case "TPV": self = .position(wire.position)
        case "SKY":
            let used = wire.uSat ?? wire.satellites?.count { $0.used == true } ?? 0
            self = .sky(visible: wire.nSat ?? wire.satellites?.count ?? 0, used: used)
        case "ERROR": self = .error(wire.message ?? "")
        default: self = .other(wire.class)
        }
    }
}

/// The members that we know of all classes together; names are gpsd's own.
private struct Line: Decodable {
    struct Satellite: Decodable {
        let used: Bool?
    }

    let `class`: String
    // VERSION
    let release: String?
    let proto_major: Int?
    // TPV
    let mode: Int?
    let time: String?
    let lat: Double?
    let lon: Double?
    let track: Double?
    let speed: Double?
    let eph: Double?
    // SKY; the counts are missing before protocol 3.14
    let nSat: Int?
    let uSat: Int?
    let satellites: [Satellite]?
    // ERROR
    let message: String?

    var position: GPSDReport.TimePositionVelocity {
        GPSDReport.TimePositionVelocity(
            mode: mode ?? 0, time: time, point: point,
            track: track.flatMap { (0...360).contains($0) ? $0 : nil },
            speedMetresPerSecond: speed.flatMap { (0...1_000).contains($0) ? $0 : nil },
            errorMetres: eph.flatMap { $0 >= 0 ? $0 : nil })
    }

    private var point: GeoPoint? {
        guard let lat, let lon, (-90...90).contains(lat), (-180...180).contains(lon) else {
            return nil
        }
        return GeoPoint(latitude: lat, longitude: lon)
    }
}

import Foundation

/// What a satellite receiver on a serial line would write, for ``PositionDaemon``: an RMC and a GGA
/// sentence for each epoch (NMEA 0183).
package enum ReceiverLog {
    /// One moment of the receiver; epochs are a second apart as a rule.
    package struct Epoch: Sendable {
        package var at: Date
        /// Degrees of WGS 84.
        package var latitude: Double
        package var longitude: Double
        package var speedMetresPerSecond: Double
        /// Degrees from true north.
        package var course: Double
        /// Without one the receiver says so, as in a tunnel.
        package var hasFix: Bool

        package init(
            at: Date, latitude: Double, longitude: Double, speedMetresPerSecond: Double = 0,
            course: Double = 0, hasFix: Bool = true
        ) {
            self.at = at
            self.latitude = latitude
            self.longitude = longitude
            self.speedMetresPerSecond = speedMetresPerSecond
            self.course = course
            self.hasFix = hasFix
        }
    }

    /// How many sentences an epoch takes: two of them a second keep the pace of a real receiver.
    package static let sentencesPerEpoch = 2

    package static func text(of epochs: some Sequence<Epoch>) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return epochs.map { sentences(of: $0, calendar) }.joined()
    }

    private static func sentences(of epoch: Epoch, _ calendar: Calendar) -> String {
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: epoch.at)
        let time = padded(parts.hour) + padded(parts.minute) + padded(parts.second) + ".00"
        let date = padded(parts.day) + padded(parts.month) + padded(parts.year.map { $0 % 100 })
        let place =
            epoch.hasFix
            ? angle(epoch.latitude, width: 2, "N", "S") + ","
                + angle(epoch.longitude, width: 3, "E", "W")
            : ",,,"
        let knots = epoch.speedMetresPerSecond * 3_600 / 1_852
        let motion =
            epoch.hasFix ? "\(fixed(knots, 1, width: 3)),\(fixed(epoch.course, 1, width: 3))" : ","
        let quality = epoch.hasFix ? "1,09,0.9,120.0,M,30.0,M,," : "0,00,,,M,,M,,"
        return sentence(
            "GPRMC,\(time),\(epoch.hasFix ? "A" : "V"),\(place),\(motion),\(date),,,"
                + (epoch.hasFix ? "A" : "N"))
            + sentence("GPGGA,\(time),\(place),\(quality)")
    }

    private static func sentence(_ body: String) -> String {
        let sum = body.utf8.reduce(UInt8(0), ^)
        let digits = String(sum, radix: 16, uppercase: true)
        return "$\(body)*\(digits.count == 1 ? "0" : "")\(digits)\r\n"
    }

    /// Degrees and minutes as NMEA has them: `5027.12345,N`.
    private static func angle(
        _ degrees: Double, width: Int, _ positive: String, _ negative: String
    ) -> String {
        // In hundred-thousandths of a minute, so that no rounding shows sixty minutes.
        let units = Int((degrees.magnitude * 60 * 100_000).rounded())
        let (whole, rest) = units.quotientAndRemainder(dividingBy: 60 * 100_000)
        let (minutes, fraction) = rest.quotientAndRemainder(dividingBy: 100_000)
        return padded(whole, width) + padded(minutes) + "." + padded(fraction, 5) + ","
            + (degrees < 0 ? negative : positive)
    }

    private static func fixed(_ value: Double, _ places: Int, width: Int) -> String {
        let scale = places == 1 ? 10 : 100
        let units = Int((max(0, value) * Double(scale)).rounded())
        return padded(units / scale, width) + "." + padded(units % scale, places)
    }

    private static func padded(_ number: Int?, _ width: Int = 2) -> String {
        let digits = String(number ?? 0)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

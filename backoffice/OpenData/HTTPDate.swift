import TransitModel

/// Dates in headers (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Parts below a second are dropped.
    static func text(_ instant: Timestamp) -> String {
        let (date, second) = ZoneOffsets.utc.local(instant, as: ServiceDate.self)
        let (year, month, day) = date.components
        let time = [second / 3_600, second / 60 % 60, second % 60].map(padded)
        return "\(days[date.isoWeekday - 1]), \(padded(day)) \(months[month - 1]) \(year) "
            + "\(time.joined(separator: ":")) GMT"
    }

    /// - Returns: `nil` for anything but the form above; the two obsolete forms are older than
    ///   any client that we serve.
    static func instant(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", parts[0].hasSuffix(","),
            let day = Int(parts[1]), let month = months.firstIndex(of: String(parts[2])),
            let year = Int(parts[3]),
            let date = ServiceDate(year: year, month: month + 1, day: day)
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]),
            (0...60).contains(time[2])
        else { return nil }
        return Timestamp(
            secondsSince1970: Int64(date.daysSince1970) * 86_400
                + Int64(time[0] * 3_600 + time[1] * 60 + time[2]))
    }

    private static func padded(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}

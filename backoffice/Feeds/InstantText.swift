import TransitModel

extension Timestamp {
    /// Reads an instant as RFC 3339 has it: `2026-03-02T07:58:00+02:00`, `…T05:58:00.250Z`.
    ///
    /// - Returns: `nil` when it is malformed, names a time that no clock shows, or lacks its
    ///   offset from UTC: a wall time alone is no instant.
    package init?(rfc3339 text: String) {
        var rest = Substring(text)
        guard let date = ServiceDate(String(rest.prefix(10))), text.utf8.count >= 20 else {
            return nil
        }
        rest = rest.dropFirst(10)
        guard let separator = rest.popFirst(), "Tt ".contains(separator),
            let hour = rest.popNumber(upTo: 23), rest.popFirst() == ":",
            let minute = rest.popNumber(upTo: 59), rest.popFirst() == ":",
            let second = rest.popNumber(upTo: 59),
            let fraction = rest.popMilliseconds(), let offset = rest.popOffsetSeconds(),
            rest.isEmpty
        else { return nil }
        let seconds = date.daysSince1970 * 86_400 + hour * 3_600 + minute * 60 + second - offset
        self.init(millisecondsSince1970: Int64(seconds) * 1_000 + Int64(fraction))
    }

    /// The instant in UTC to the second: `2026-03-02T05:58:00Z`.
    package var rfc3339: String {
        let (date, second) = ZoneOffsets.utc.local(self, as: ServiceDate.self)
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let time = [second / 3_600, second / 60 % 60, second % 60].map(padded)
        return "\(date)T\(time.joined(separator: ":"))Z"
    }
}

extension Substring {
    /// Two digits.
    fileprivate mutating func popNumber(upTo limit: Int) -> Int? {
        let digits = prefix(2)
        guard digits.utf8.count == 2, digits.allSatisfy(\.isASCIIDigit), let number = Int(digits),
            number <= limit
        else { return nil }
        removeFirst(2)
        return number
    }

    /// A fraction of a second, if there is one; what is finer than a millisecond is dropped.
    fileprivate mutating func popMilliseconds() -> Int? {
        guard first == "." else { return 0 }
        removeFirst()
        let digits = prefix(while: \.isASCIIDigit)
        guard (1...9).contains(digits.count) else { return nil }
        removeFirst(digits.count)
        return Int((digits + "00").prefix(3))
    }

    fileprivate mutating func popOffsetSeconds() -> Int? {
        guard let sign = popFirst() else { return nil }
        if sign == "Z" || sign == "z" { return 0 }
        guard sign == "+" || sign == "-", let hours = popNumber(upTo: 23), popFirst() == ":",
            let minutes = popNumber(upTo: 59)
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

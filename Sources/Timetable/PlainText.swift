/// Numbers of long tables, read from bytes without making a `String` of each.
enum DecimalText {
    /// A plain decimal of up to 15 digits, exactly as `Double` would read it; `nil` for anything
    /// else, which is left to the slower reader.
    static func number(_ text: ArraySlice<UInt8>) -> Double? {
        var mantissa: Int64 = 0
        var digits = 0
        var decimals = 0
        var hasPoint = false
        let isNegative = text.first == UInt8(ascii: "-")
        for byte in isNegative ? text.dropFirst() : text {
            if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
                continue
            }
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10, digits < 15 else { return nil }
            mantissa = mantissa * 10 + Int64(digit)
            digits += 1
            if hasPoint { decimals += 1 }
        }
        guard digits > 0 else { return nil }
        // Both are exact in a Double, so that the quotient is the nearest one to the text.
        let value = Double(mantissa) / powersOfTen[decimals]
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}

enum TimeText {
    /// Ten days: longer than any vehicle's run.
    static let limit = 240 * 3_600

    /// `H:MM:SS` with one to three digits of hours.
    static func seconds(_ text: ArraySlice<UInt8>) -> Int? {
        let count = text.count
        guard (7...9).contains(count) else { return nil }
        let colon = UInt8(ascii: ":")
        let minutesStart = text.endIndex - 5
        guard text[minutesStart - 1] == colon, text[text.endIndex - 3] == colon else { return nil }
        var hours = 0
        for index in text.startIndex..<(minutesStart - 1) {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            hours = hours * 10 + Int(digit)
        }
        guard let minutes = pair(text, minutesStart), minutes < 60,
            let seconds = pair(text, text.endIndex - 2), seconds < 60
        else { return nil }
        let total = hours * 3_600 + minutes * 60 + seconds
        return total <= limit ? total : nil
    }

    /// `06:10:00`; hours grow beyond 24.
    static func text(_ seconds: Int) -> String {
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return [seconds / 3_600, seconds / 60 % 60, seconds % 60].map(padded)
            .joined(separator: ":")
    }

    private static func pair(_ text: ArraySlice<UInt8>, _ index: Int) -> Int? {
        let tens = text[index] &- UInt8(ascii: "0")
        let ones = text[index + 1] &- UInt8(ascii: "0")
        return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
    }
}

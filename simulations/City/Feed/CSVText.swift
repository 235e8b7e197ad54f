/// A GTFS file under construction.
struct CSVText {
    private(set) var bytes: [UInt8] = []
    private var isRowEmpty = true

    init(_ header: String) {
        bytes.append(contentsOf: header.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// A whole record.
    mutating func add(_ fields: String...) {
        for field in fields { append(field) }
        endRow()
    }

    mutating func append(_ text: String) {
        separate()
        let needsQuotes = text.utf8.contains {
            $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n")
        }
        guard needsQuotes else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func append(_ number: Int) {
        separate()
        bytes.append(contentsOf: String(number).utf8)
    }

    /// With so many digits after the point.
    mutating func append(_ number: Double, decimals: Int) {
        separate()
        bytes.append(contentsOf: number.text(decimals: decimals).utf8)
    }

    /// A time of day, `25:10:00` included.
    mutating func append(time second: Int) {
        separate()
        for (index, part) in [second / 3_600, second / 60 % 60, second % 60].enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ":")) }
            bytes.append(UInt8(ascii: "0") + UInt8(part / 10))
            bytes.append(UInt8(ascii: "0") + UInt8(part % 10))
        }
    }

    mutating func endRow() {
        bytes.append(UInt8(ascii: "\n"))
        isRowEmpty = true
    }

    private mutating func separate() {
        if !isRowEmpty { bytes.append(UInt8(ascii: ",")) }
        isRowEmpty = false
    }
}

extension Double {
    /// Plain digits, the same on every machine.
    func text(decimals: Int) -> String {
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let units = Int((magnitude * Double(scale)).rounded())
        let fraction = decimals == 0 ? "" : String(units % scale)
        let zeros = String(repeating: "0", count: decimals - fraction.count)
        let sign = self < 0 && units > 0 ? "-" : ""
        return decimals == 0 ? "\(sign)\(units)" : "\(sign)\(units / scale).\(zeros)\(fraction)"
    }
}

/// The part of JSON (RFC 8259) that a catalogue is written in: objects and strings.
///
/// Strict where readers often are not: a repeated name, a control character in a string, half a
/// surrogate pair and anything behind the value are refused.
enum JSONText {
    indirect enum Node {
        case text(String)
        /// Names are unique, in the order of the file.
        case object([(name: String, value: Node)])
    }

    /// Objects may nest this deep; a catalogue needs three.
    private static let depthLimit = 4

    static func parse(_ bytes: [UInt8]) throws(CatalogueError) -> Node {
        var scanner = Scanner(bytes: bytes)
        scanner.skipSpace()
        let node = try scanner.readNode(depth: 0)
        scanner.skipSpace()
        guard scanner.isAtEnd else { throw scanner.failure }
        return node
    }

    private struct Scanner {
        let bytes: [UInt8]
        var offset = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { offset == bytes.count }
        var failure: CatalogueError { .malformed(offset: offset) }

        mutating func skipSpace() {
            while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) {
                offset += 1
            }
        }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else {
                return false
            }
            offset += 1
            return true
        }

        mutating func expect(_ character: Unicode.Scalar) throws(CatalogueError) {
            guard take(character) else { throw failure }
        }

        mutating func readNode(depth: Int) throws(CatalogueError) -> Node {
            guard take("{") else { return .text(try readString()) }
            guard depth < JSONText.depthLimit else { throw failure }
            var members: [(name: String, value: Node)] = []
            var names: Set<String> = []
            skipSpace()
            if take("}") { return .object([]) }
            repeat {
                skipSpace()
                let name = try readString()
                guard names.insert(name).inserted else { throw .repeatedKey(name) }
                skipSpace()
                try expect(":")
                skipSpace()
                members.append((name, try readNode(depth: depth + 1)))
                skipSpace()
            } while take(",")
            try expect("}")
            return .object(members)
        }

        mutating func readString() throws(CatalogueError) -> String {
            try expect("\"")
            var units: [UInt8] = []
            while offset < bytes.count {
                let byte = bytes[offset]
                switch byte {
                case UInt8(ascii: "\""):
                    offset += 1
                    guard let text = String(validating: units, as: UTF8.self) else { throw failure }
                    return text
                case UInt8(ascii: "\\"):
                    offset += 1
                    units.append(contentsOf: String(try readEscape()).utf8)
                case 0..<0x20:
                    throw failure
                default:
                    units.append(byte)
                    offset += 1
                }
            }
            throw failure
        }

        mutating func readEscape() throws(CatalogueError) -> Unicode.Scalar {
            guard offset < bytes.count else { throw failure }
            let byte = bytes[offset]
            offset += 1
            switch Unicode.Scalar(byte) {
            case "\"", "\\", "/": return Unicode.Scalar(byte)
            case "b": return "\u{8}"
            case "f": return "\u{C}"
            case "n": return "\n"
            case "r": return "\r"
            case "t": return "\t"
            case "u":
                let high = try readHex()
                if let scalar = Unicode.Scalar(high) { return scalar }
                try expect("\\")
                try expect("u")
                let low = try readHex()
                guard (0xD800..<0xDC00).contains(high), (0xDC00..<0xE000).contains(low),
                    let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
                else { throw failure }
                return scalar
            default: throw failure
            }
        }

        mutating func readHex() throws(CatalogueError) -> UInt32 {
            guard offset + 4 <= bytes.count else { throw failure }
            var value: UInt32 = 0
            for byte in bytes[offset..<offset + 4] {
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                    throw failure
                }
                value = value << 4 | UInt32(digit)
            }
            offset += 4
            return value
        }
    }
}

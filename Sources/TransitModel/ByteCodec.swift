/// Reads fixed-layout binary, most significant byte first, never past the end.
///
/// Every read answers `nil` once the input is too short, and consumes nothing then; the caller
/// names the fault in its own words.
package struct ByteReader: Sendable {
    private let bytes: [UInt8]
    /// How many bytes have been consumed.
    package private(set) var offset = 0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var remaining: Int { bytes.count - offset }
    package var isAtEnd: Bool { remaining == 0 }

    package mutating func read(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= remaining else { return nil }
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    package mutating func read<Word: FixedWidthInteger>(_: Word.Type) -> Word? {
        let width = Word.bitWidth / 8
        guard width <= remaining else { return nil }
        var word: Word = 0
        for byte in bytes[offset..<offset + width] {
            word = word << 8 | Word(truncatingIfNeeded: byte)
        }
        offset += width
        return word
    }

    /// Reads text that must be well-formed UTF-8, so that two spellings never mean one thing.
    package mutating func readText(_ count: Int) -> String? {
        let start = offset
        guard let utf8 = read(count) else { return nil }
        guard let text = String(validating: utf8, as: UTF8.self) else {
            offset = start
            return nil
        }
        return text
    }
}

/// Writes what ``ByteReader`` reads.
package struct ByteWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func write(_ more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    package mutating func write<Word: FixedWidthInteger>(_ word: Word) {
        for shift in stride(from: Word.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: word >> Word(shift)))
        }
    }
}

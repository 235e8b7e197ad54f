/// Walks the records of one GTFS file, held in memory as bytes.
///
/// The text is CSV as RFC 4180 and GTFS's file requirements have it, and as feeds really are: a
/// byte-order mark, any of the three line ends, a last line without one, blank lines, quoted
/// fields with commas, line breaks and doubled quotes, spaces around values. A record whose
/// number of fields differs from the header's is refused, because its values may have slipped
/// into wrong columns.
package struct CSVCursor: Sendable {
    /// Bounds against hostile or broken input, such as a quote that is never closed.
    package struct Limits: Hashable, Sendable {
        package var fileBytes = 1 << 30
        package var fieldBytes = 1 << 16
        package var fieldsPerRecord = 256

        package init() {}
    }

    /// A field of the header, looked up once and then used for every record.
    package struct Column: Hashable, Sendable {
        package let name: String
        /// Absent when the file does not have the column: all its values are then empty.
        fileprivate let index: Int?

        package var isPresent: Bool { index != nil }
    }

    private struct FieldBounds {
        var start: Int
        var end: Int
        /// Quotes are doubled inside and must be halved.
        var hasDoubledQuotes = false
    }

    package let file: String
    /// The line on which the current record begins.
    package private(set) var line = 1

    private let bytes: [UInt8]
    private let limits: Limits
    private var position = 0
    private var nextLine = 1
    private var fields: [FieldBounds] = []
    private var header: [String: Int] = [:]

    /// Reads the header.
    package init(file: String, bytes: [UInt8], limits: Limits = Limits()) throws(FeedError) {
        self.file = file
        self.bytes = bytes
        self.limits = limits
        guard bytes.count <= limits.fileBytes else {
            throw FeedError(file: file, .tooLarge("over \(limits.fileBytes) bytes"))
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw FeedError(file: file, line: 1, .malformedText("UTF-16 is not UTF-8"))
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        guard try readRecord() else {
            throw FeedError(file: file, line: 1, .malformedText("there is no header"))
        }
        for index in fields.indices {
            let name = try text(at: index, named: "header")
            guard !name.isEmpty else {
                throw FeedError(
                    file: file, line: line, .malformedText("header field \(index + 1) is empty"))
            }
            guard header.updateValue(index, forKey: name) == nil else {
                throw FeedError(file: file, line: line, field: name, .duplicate(name))
            }
        }
    }

    package func column(_ name: String) -> Column {
        Column(name: name, index: header[name])
    }

    /// The header's fields, sorted.
    package var columnNames: [String] { header.keys.sorted() }

    package func requiredColumn(_ name: String) throws(FeedError) -> Column {
        guard let index = header[name] else {
            throw FeedError(file: file, line: 1, field: name, .missingField)
        }
        return Column(name: name, index: index)
    }

    /// Moves to the next record; `false` at the end of the file.
    package mutating func next() throws(FeedError) -> Bool {
        guard try readRecord() else { return false }
        guard fields.count == header.count else {
            throw FeedError(
                file: file, line: line,
                .malformedText("\(fields.count) fields where the header has \(header.count)"))
        }
        return true
    }

    /// The current record's value without surrounding spaces; empty when there is none.
    package func text(_ column: Column) throws(FeedError) -> String {
        guard let index = column.index else { return "" }
        return try text(at: index, named: column.name)
    }

    /// The current record's value as it stands in the file, for long tables: no text is made of
    /// it, and nothing checks that it is UTF-8. Empty when there is none.
    func bytes(_ column: Column) -> ArraySlice<UInt8> {
        guard let index = column.index else { return [] }
        let field = fields[index]
        guard !field.hasDoubledQuotes else { return withoutDoubledQuotes(field)[...] }
        return bytes[field.start..<field.end]
    }

    private func text(at index: Int, named name: String) throws(FeedError) -> String {
        let field = fields[index]
        let text: String? =
            if field.hasDoubledQuotes {
                String(validating: withoutDoubledQuotes(field), as: UTF8.self)
            } else {
                String(validating: bytes[field.start..<field.end], as: UTF8.self)
            }
        guard let text, !text.utf8.contains(0) else {
            throw FeedError(
                file: file, line: line, field: name, .malformedText("not text in UTF-8"))
        }
        return text
    }

    private func withoutDoubledQuotes(_ field: FieldBounds) -> [UInt8] {
        var result: [UInt8] = []
        var index = field.start
        while index < field.end {
            result.append(bytes[index])
            index += bytes[index] == CSVByte.quote ? 2 : 1
        }
        return result
    }
}

private enum CSVByte {
    static let quote = UInt8(ascii: "\"")
    static let comma = UInt8(ascii: ",")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    static func endsField(_ byte: UInt8) -> Bool {
        byte == comma || byte == lineFeed || byte == carriageReturn
    }
}

extension CSVCursor {
    /// Finds the bounds of the next record's fields, skipping blank lines.
    private mutating func readRecord() throws(FeedError) -> Bool {
        while position < bytes.count {
            line = nextLine
            fields.removeAll(keepingCapacity: true)
            let start = position
            repeat { try readField() } while takeComma()
            takeLineEnd()
            let isBlank = fields.count == 1 && fields[0].start == fields[0].end
            if !isBlank || bytes[start] == CSVByte.quote { return true }
        }
        return false
    }

    private mutating func readField() throws(FeedError) {
        guard fields.count < limits.fieldsPerRecord else {
            throw FeedError(
                file: file, line: line, .tooLarge("over \(limits.fieldsPerRecord) fields"))
        }
        skipSpaces()
        if position < bytes.count, bytes[position] == CSVByte.quote {
            try readQuotedField()
        } else {
            try readPlainField()
        }
    }

    private mutating func readPlainField() throws(FeedError) {
        var field = FieldBounds(start: position, end: position)
        while position < bytes.count, !CSVByte.endsField(bytes[position]) { position += 1 }
        field.end = position
        while field.end > field.start, CSVByte.isSpace(bytes[field.end - 1]) { field.end -= 1 }
        try append(field)
    }

    private mutating func readQuotedField() throws(FeedError) {
        position += 1
        var field = FieldBounds(start: position, end: position)
        while true {
            guard position < bytes.count, position - field.start <= limits.fieldBytes else {
                throw FeedError(
                    file: file, line: line,
                    .malformedText("the quote of field \(fields.count + 1) is never closed"))
            }
            let byte = bytes[position]
            if byte == CSVByte.quote {
                guard position + 1 < bytes.count, bytes[position + 1] == CSVByte.quote else {
                    break
                }
                field.hasDoubledQuotes = true
                position += 2
            } else if byte == CSVByte.lineFeed || byte == CSVByte.carriageReturn {
                takeLineEnd()
            } else {
                position += 1
            }
        }
        field.end = position
        position += 1
        skipSpaces()
        guard position == bytes.count || CSVByte.endsField(bytes[position]) else {
            throw FeedError(
                file: file, line: line,
                .malformedText("text follows the closing quote of field \(fields.count + 1)"))
        }
        try append(field)
    }

    private mutating func append(_ field: FieldBounds) throws(FeedError) {
        guard field.end - field.start <= limits.fieldBytes else {
            throw FeedError(
                file: file, line: line,
                .tooLarge("field \(fields.count + 1) is over \(limits.fieldBytes) bytes"))
        }
        fields.append(field)
    }

    private mutating func skipSpaces() {
        while position < bytes.count, CSVByte.isSpace(bytes[position]) { position += 1 }
    }

    private mutating func takeComma() -> Bool {
        guard position < bytes.count, bytes[position] == CSVByte.comma else { return false }
        position += 1
        return true
    }

    private mutating func takeLineEnd() {
        guard position < bytes.count else { return }
        nextLine += 1
        let isPair =
            bytes[position] == CSVByte.carriageReturn && position + 1 < bytes.count
            && bytes[position + 1] == CSVByte.lineFeed
        position += isPair ? 2 : 1
    }
}

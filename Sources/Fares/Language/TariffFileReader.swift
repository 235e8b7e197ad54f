internal import Timetable
internal import TransitModel

/// Walks one file of the extension.
///
/// A field that the table does not have is refused: in a tariff a misspelt name is a wrong price.
struct TariffRow {
    private let cursor: CSVCursor
    private let columns: [String: CSVCursor.Column]

    var line: Int { cursor.line }

    /// Reads all records of a file; none where it is missing.
    static func readAll<Record>(
        _ file: String, from files: [String: [UInt8]], fields: [String], required: [String] = [],
        key: ((Record) -> [String?])? = nil,
        _ make: (TariffRow) throws(FeedError) -> Record
    ) throws(FeedError) -> [Record] {
        guard let bytes = files[file] else { return [] }
        var cursor = try CSVCursor(file: file, bytes: bytes)
        for name in cursor.columnNames where !fields.contains(name) {
            throw FeedError(
                file: file, line: 1, field: name,
                .forbidden("not a field of this table, which has \(fields.joined(separator: ", "))")
            )
        }
        for name in required { _ = try cursor.requiredColumn(name) }
        let columns = Dictionary(uniqueKeysWithValues: fields.map { ($0, cursor.column($0)) })
        var records: [Record] = []
        var keys: Set<[String?]> = []
        while try cursor.next() {
            let record = try make(TariffRow(cursor: cursor, columns: columns))
            if let key = key?(record), !keys.insert(key).inserted {
                throw FeedError(
                    file: file, line: cursor.line,
                    .duplicate(key.map { $0 ?? "" }.joined(separator: ", ")))
            }
            records.append(record)
        }
        return records
    }

    private func column(_ name: String) -> CSVCursor.Column {
        columns[name] ?? cursor.column(name)
    }

    func failure(_ name: String, _ problem: FeedError.Problem) -> FeedError {
        cursor.failure(column(name), problem)
    }

    func has(_ name: String) throws(FeedError) -> Bool {
        try !cursor.text(column(name)).isEmpty
    }

    func text(_ name: String) throws(FeedError) -> String? {
        try cursor.optionalText(column(name))
    }

    func id<Kind>(_ name: String) throws(FeedError) -> Identifier<Kind> {
        try cursor.id(column(name))
    }

    func optionalID<Kind>(_ name: String) throws(FeedError) -> Identifier<Kind>? {
        try cursor.optionalID(column(name))
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(FeedError) -> Int? {
        try cursor.integer(
            column(name), in: range,
            expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }

    func flag(_ name: String, whenEmpty: Bool = false) throws(FeedError) -> Bool {
        try cursor.integer(column(name), in: 0...1, expected: "0 or 1").map { $0 == 1 }
            ?? whenEmpty
    }

    /// One of an enumeration's words.
    func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, whenEmpty: Word? = nil
    ) throws(FeedError) -> Word {
        guard let text = try text(name) else {
            guard let whenEmpty else { throw failure(name, .missingValue) }
            return whenEmpty
        }
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure(name, .malformedValue(text, expected: "one of \(known)"))
        }
        return word
    }

    /// Seconds from 1 to ten years.
    func duration(_ name: String) throws(FeedError) -> Duration? {
        try integer(name, in: 1...(3_660 * 86_400)).map { .seconds($0) }
    }

    func date<Meaning>(_ name: String) throws(FeedError) -> CivilDate<Meaning>? {
        try cursor.date(column(name))
    }

    func seconds(_ name: String) throws(FeedError) -> Int? { try cursor.seconds(column(name)) }

    func amount(_ name: String) throws(FeedError) -> Money {
        try cursor.amount(column(name), currency: column("currency"))
    }

    func optionalAmount(_ name: String) throws(FeedError) -> Money? {
        try has(name) ? try amount(name) : nil
    }

    /// A share of up to 100 % with up to two decimals, in hundredths of a per cent.
    func percent(_ name: String) throws(FeedError) -> Int? {
        guard let text = try text(name) else { return nil }
        guard let hundredths = DecimalNumber.scaled(text, digits: 2),
            (0...10_000).contains(hundredths)
        else {
            throw failure(
                name, .malformedValue(text, expected: "from 0 to 100 with up to two decimals"))
        }
        return Int(hundredths)
    }

    /// An amount that may be finer than a minor unit, in ten-thousandths of one.
    func fineAmount(_ name: String) throws(FeedError) -> Int64? {
        guard let text = try text(name) else { return nil }
        let digits = try amount("amount").currency.minorUnitDigits
        guard let fine = DecimalNumber.scaled(text, digits: digits + 4),
            (0...1_000_000_000_000).contains(fine)
        else {
            throw failure(name, .malformedValue(text, expected: "an amount"))
        }
        return fine
    }

    func window() throws(FeedError) -> FareWindow {
        let kind: FareWindowKind = try word("window")
        let duration = try duration("window_duration")
        switch kind {
        case .rolling, .firstUse:
            guard duration != nil else { throw failure("window_duration", .missingValue) }
        case .journey, .day, .week, .month, .ever:
            guard duration == nil else {
                throw failure(
                    "window_duration", .forbidden("only for rolling and first_use windows"))
            }
        }
        return FareWindow(kind: kind, duration: duration)
    }
}

/// Decimals of tables as whole numbers of their last place.
enum DecimalNumber {
    /// `1.5` with two digits is 150; `nil` for what is malformed, negative or finer.
    static func scaled(_ text: String, digits: Int) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numerals = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(numerals.contains) })
        else { return nil }
        var fraction = parts.count == 2 ? String(parts[1]) : ""
        while fraction.count > digits {
            guard fraction.removeLast() == "0" else { return nil }
        }
        fraction += String(repeating: "0", count: digits - fraction.count)
        return Int64(parts[0] + fraction)
    }
}

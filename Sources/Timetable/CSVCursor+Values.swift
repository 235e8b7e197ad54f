package import TransitModel

/// Reading typed values; each error names file, line and field.
extension CSVCursor {
    package func failure(_ column: Column, _ problem: FeedError.Problem) -> FeedError {
        FeedError(file: file, line: line, field: column.name, problem)
    }

    package func requiredText(_ column: Column) throws(FeedError) -> String {
        let text = try text(column)
        guard !text.isEmpty else { throw failure(column, .missingValue) }
        return text
    }

    package func optionalText(_ column: Column) throws(FeedError) -> String? {
        let text = try text(column)
        return text.isEmpty ? nil : text
    }

    package func id<Kind>(_ column: Column) throws(FeedError) -> Identifier<Kind> {
        Identifier(try requiredText(column))
    }

    package func optionalID<Kind>(_ column: Column) throws(FeedError) -> Identifier<Kind>? {
        let text = try text(column)
        return text.isEmpty ? nil : Identifier(text)
    }

    /// A whole number within a range; `nil` when the value is empty.
    package func integer(
        _ column: Column, in range: ClosedRange<Int>, expected: String
    ) throws(FeedError) -> Int? {
        let text = try text(column)
        guard !text.isEmpty else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw failure(column, .malformedValue(text, expected: expected))
        }
        return number
    }

    /// One of an enumeration's numbers; `whenEmpty` stands for an empty value, and without it the
    /// value is required.
    package func choice<Choice: RawRepresentable<Int> & CaseIterable>(
        _ column: Column, whenEmpty: Choice? = nil
    ) throws(FeedError) -> Choice {
        let text = try text(column)
        if text.isEmpty {
            guard let whenEmpty else { throw failure(column, .missingValue) }
            return whenEmpty
        }
        guard let number = Int(text), let choice = Choice(rawValue: number) else {
            let known = Choice.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
            throw failure(column, .malformedValue(text, expected: "one of \(known)"))
        }
        return choice
    }

    package func date<Meaning>(_ column: Column) throws(FeedError) -> CivilDate<Meaning>? {
        let text = try text(column)
        guard !text.isEmpty else { return nil }
        guard text.utf8.count == 8, let date = CivilDate<Meaning>(text) else {
            throw failure(column, .malformedValue(text, expected: "a date as YYYYMMDD"))
        }
        return date
    }

    /// Six hexadecimal digits; `nil` when the value is empty.
    func colour(_ column: Column) throws(FeedError) -> String? {
        let text = try text(column)
        guard !text.isEmpty else { return nil }
        guard text.utf8.count == 6, text.allSatisfy(\.isHexDigit) else {
            throw failure(column, .malformedValue(text, expected: "six hexadecimal digits"))
        }
        return text
    }

    /// A number with an optional sign and decimal point; `nil` when the value is empty.
    func decimal(_ column: Column, expected: String) throws(FeedError) -> Double? {
        let digits = bytes(column)
        guard !digits.isEmpty else { return nil }
        if let number = DecimalText.number(digits) { return number }
        let text = try text(column)
        guard let number = Double(text), number.isFinite else {
            throw failure(column, .malformedValue(text, expected: expected))
        }
        return number
    }

    /// A place; `nil` when both values are empty, or both are zero as of things never surveyed.
    func position(_ latitude: Column, _ longitude: Column) throws(FeedError) -> GeoPoint? {
        let north = try decimal(latitude, expected: "a latitude in degrees")
        let east = try decimal(longitude, expected: "a longitude in degrees")
        guard let north, let east else {
            if north != nil { throw failure(longitude, .missingValue) }
            if east != nil { throw failure(latitude, .missingValue) }
            return nil
        }
        guard (-90...90).contains(north) else {
            throw failure(
                latitude, .malformedValue(try text(latitude), expected: "from -90 to 90"))
        }
        guard (-180...180).contains(east) else {
            throw failure(
                longitude, .malformedValue(try text(longitude), expected: "from -180 to 180"))
        }
        return north == 0 && east == 0 ? nil : GeoPoint(latitude: north, longitude: east)
    }

    /// A whole number from 0, such as orders records; `nil` when the value is empty.
    package func wholeNumber(_ column: Column) throws(FeedError) -> Int? {
        let digits = bytes(column)
        guard !digits.isEmpty else { return nil }
        var number = 0
        for byte in digits {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10, number <= 99_999_999 else {
                throw failure(
                    column, .malformedValue(try text(column), expected: "a whole number from 0"))
            }
            number = number * 10 + Int(digit)
        }
        return number
    }

    /// A time as `H:MM:SS`, in seconds since the service day began; `nil` when the value is
    /// empty.
    package func seconds(_ column: Column) throws(FeedError) -> Int? {
        let digits = bytes(column)
        guard !digits.isEmpty else { return nil }
        guard let seconds = TimeText.seconds(digits) else {
            throw failure(
                column, .malformedValue(try text(column), expected: "a time as HH:MM:SS"))
        }
        return seconds
    }

    /// An amount in a currency with the decimal places that ISO 4217 gives it.
    package func amount(_ column: Column, currency currencyColumn: Column) throws(FeedError)
        -> Money
    {
        let code = try requiredText(currencyColumn)
        guard let currency = Currency(iso4217: code) else {
            throw failure(
                currencyColumn, .malformedValue(code, expected: "a currency code of ISO 4217"))
        }
        let text = try requiredText(column)
        guard let amount = Money(decimal: text, currency: currency),
            amount.minorUnits.magnitude <= CSVCursor.amountLimit
        else {
            throw failure(column, .malformedValue(text, expected: "an amount in \(code)"))
        }
        return amount
    }

    /// Larger amounts are mistakes; the bound also keeps every sum of fares far from overflow.
    private static let amountLimit: UInt64 = 100_000_000_000
}

extension Currency {
    /// A currency with the number of decimal places that ISO 4217 (list one, 2024) gives it.
    package init?(iso4217 code: String) {
        let digits =
            switch code {
            case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX",
                "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
                0
            case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
            case "CLF", "UYW": 4
            default: 2
            }
        self.init(code: code, minorUnitDigits: digits)
    }
}

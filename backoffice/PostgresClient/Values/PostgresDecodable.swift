import TransitModel

/// A value that a column of a result can become.
package protocol PostgresDecodable: Sendable {
    /// - Parameter bytes: The cell in binary format.
    /// - Returns: `nil` when the type does not fit or the bytes make no such value.
    init?(postgres bytes: ArraySlice<UInt8>, type: PostgresType)
}

extension String: PostgresDecodable {
    /// Reads text of any textual type; `jsonb` comes as its text.
    package init?(postgres bytes: ArraySlice<UInt8>, type: PostgresType) {
        switch type {
        case .bool, .bytea, .int2, .int4, .int8, .float4, .float8, .date, .timestamptz, .numeric,
            .uuid:
            return nil
        case .jsonb: self.init(validating: bytes.dropFirst(), as: UTF8.self)
        default: self.init(validating: bytes, as: UTF8.self)
        }
    }
}

extension Identifier: PostgresDecodable {
    package init?(postgres bytes: ArraySlice<UInt8>, type: PostgresType) {
        guard let text = String(postgres: bytes, type: type) else { return nil }
        self.init(text)
    }
}

extension Bool: PostgresDecodable {
    package init?(postgres bytes: ArraySlice<UInt8>, type: PostgresType) {
        guard type == .bool, bytes.count == 1 else { return nil }
        self = bytes.first != 0
    }
}

extension PostgresDecodable where Self: FixedWidthInteger {
    /// Reads any integer type, and `numeric` (which `sum(bigint)` gives) when it is whole;
    /// `nil` when the value does not fit.
    package init?(postgres bytes: ArraySlice<UInt8>, type: PostgresType) {
        let value: Int64? =
            switch type {
            case .int2: bytes.bigEndian(Int16.self).map(Int64.init)
            case .int4: bytes.bigEndian(Int32.self).map(Int64.init)
            case .int8: bytes.bigEndian(Int64.self)
            case .numeric: wholeNumber(ofNumeric: Array(bytes))
            default: nil
            }
        guard let value else { return nil }
        self.init(exactly: value)
    }
}

extension Int16: PostgresDecodable {}
extension Int32: PostgresDecodable {}
extension Int64: PostgresDecodable {}
extension Int: PostgresDecodable {}
extension UInt64: PostgresDecodable {}

/// Reads the binary layout of `numeric`: counts of base-10,000 digits, weight, sign, scale.
private func wholeNumber(ofNumeric bytes: [UInt8]) -> Int64? {
    guard bytes.count >= 8, let digitCount = bytes[0..<2].bigEndian(Int16.self),
        let weight = bytes[2..<4].bigEndian(Int16.self),
        let sign = bytes[4..<6].bigEndian(UInt16.self), sign == 0 || sign == 0x4000,
        bytes.count == 8 + 2 * Int(digitCount)
    else { return nil }
    guard digitCount > 0 else { return 0 }
    guard digitCount <= weight + 1, weight < 6 else { return nil }
    var value: Int128 = 0
    for index in 0...Int(weight) {
        let digit =
            index < Int(digitCount)
            ? bytes[(8 + 2 * index)..<(10 + 2 * index)].bigEndian(Int16.self) ?? 0 : 0
        value = value * 10_000 + Int128(digit)
    }
    return Int64(exactly: sign == 0 ? value : -value)
}

extension Double: PostgresDecodable {
    package init?(postgres bytes: ArraySlice<UInt8>, type: PostgresType) {
        switch type {
        case .float8:
            guard let bits = bytes.bigEndian(UInt64.self) else { return nil }
            self.init(bitPattern: bits)
        case .float4:
            guard let bits = bytes.bigEndian(UInt32.self) else { return nil }
            self.init(Float(bitPattern: bits))
        default: return nil
        }
    }
}

extension [UInt8]: PostgresDecodable {
    package init?(postgres bytes: ArraySlice<UInt8>, type: PostgresType) {
        guard type == .bytea else { return nil }
        self.init(bytes)
    }
}

extension Timestamp: PostgresDecodable {
    /// Parts below a millisecond are dropped; the infinities are no instants.
    package init?(postgres bytes: ArraySlice<UInt8>, type: PostgresType) {
        guard type == .timestamptz, let microseconds = bytes.bigEndian(Int64.self),
            microseconds != .min, microseconds != .max
        else { return nil }
        // Rounded towards the past, before 2000 as well as after.
        let milliseconds = (microseconds - (microseconds % 1_000 + 1_000) % 1_000) / 1_000
        self.init(millisecondsSince1970: milliseconds + PostgresEpoch.millisecondsSince1970)
    }
}

extension CivilDate: PostgresDecodable {
    package init?(postgres bytes: ArraySlice<UInt8>, type: PostgresType) {
        guard type == .date, let days = bytes.bigEndian(Int32.self) else { return nil }
        self.init(daysSince1970: Int(days) + PostgresEpoch.daysSince1970)
    }
}

extension RandomIdentifier: PostgresDecodable {
    package init?(postgres bytes: ArraySlice<UInt8>, type: PostgresType) {
        guard type == .uuid else { return nil }
        self.init(bytes: bytes)
    }
}

extension MediaToken: PostgresDecodable {
    package init?(postgres bytes: ArraySlice<UInt8>, type: PostgresType) {
        guard type == .bytea else { return nil }
        self.init(bytes: Array(bytes))
    }
}

/// A type by its number in `pg_type`; the built-in ones never change.
package struct PostgresType: Hashable, Sendable {
    package let oid: UInt32

    package init(oid: UInt32) {
        self.oid = oid
    }

    /// The server infers the type from where the parameter stands.
    package static let inferred = PostgresType(oid: 0)
    package static let bool = PostgresType(oid: 16)
    package static let bytea = PostgresType(oid: 17)
    package static let int8 = PostgresType(oid: 20)
    package static let int2 = PostgresType(oid: 21)
    package static let int4 = PostgresType(oid: 23)
    package static let text = PostgresType(oid: 25)
    package static let json = PostgresType(oid: 114)
    package static let float4 = PostgresType(oid: 700)
    package static let float8 = PostgresType(oid: 701)
    package static let date = PostgresType(oid: 1082)
    package static let timestamptz = PostgresType(oid: 1184)
    package static let numeric = PostgresType(oid: 1700)
    package static let uuid = PostgresType(oid: 2950)
    package static let jsonb = PostgresType(oid: 3802)

    /// The type of arrays of this type, where we bind such arrays.
    var array: PostgresType? {
        switch self {
        case .bytea: PostgresType(oid: 1001)
        case .int2: PostgresType(oid: 1005)
        case .int4: PostgresType(oid: 1007)
        case .int8: PostgresType(oid: 1016)
        case .inferred, .text: PostgresType(oid: 1009)
        case .date: PostgresType(oid: 1182)
        case .timestamptz: PostgresType(oid: 1185)
        case .uuid: PostgresType(oid: 2951)
        default: nil
        }
    }
}

/// How a value is laid out on the wire.
package enum PostgresFormat: Int32, Sendable {
    case text = 0
    case binary = 1
}

extension [UInt8] {
    mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

extension Collection<UInt8> {
    /// Reads exactly one integer; `nil` when the byte count differs.
    func bigEndian<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
        guard count == Value.bitWidth / 8 else { return nil }
        return reduce(into: Value.zero) { $0 = $0 << 8 | Value(truncatingIfNeeded: $1) }
    }
}

/// PostgreSQL counts instants and dates from 2000-01-01.
enum PostgresEpoch {
    static let daysSince1970 = 10_957
    static let millisecondsSince1970: Int64 = 946_684_800_000
}

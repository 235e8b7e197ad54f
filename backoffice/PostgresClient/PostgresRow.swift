/// One row of a result, decoded column by column into the type that the caller asks for.
package struct PostgresRow: Sendable {
    struct Columns: Sendable {
        let names: [String]
        let types: [PostgresType]
    }

    let columns: Columns
    /// All cells in one piece; a negative length marks null.
    let bytes: [UInt8]
    let cells: [(offset: Int, length: Int)]

    /// - Throws: ``PostgresFailure`` that names the column when it is missing, null, or of
    ///   another type.
    package func decode<Value: PostgresDecodable>(
        _ column: String, as type: Value.Type = Value.self
    ) throws(PostgresFailure) -> Value {
        guard let value = try decodeIfPresent(column, as: type) else {
            throw .undecodable(column: column, reason: "null")
        }
        return value
    }

    /// As ``decode(_:as:)``, with `nil` for null.
    package func decodeIfPresent<Value: PostgresDecodable>(
        _ column: String, as type: Value.Type = Value.self
    ) throws(PostgresFailure) -> Value? {
        guard let index = columns.names.firstIndex(of: column) else {
            throw .undecodable(column: column, reason: "no such column")
        }
        let (offset, length) = cells[index]
        guard length >= 0 else { return nil }
        let cellType = columns.types[index]
        guard let value = Value(postgres: bytes[offset..<(offset + length)], type: cellType) else {
            throw .undecodable(column: column, reason: "type \(cellType.oid) is no \(Value.self)")
        }
        return value
    }
}

/// Why bytes are no valid message of this protocol. `code` is stable and safe to log.
package enum WireFailure: Error, Hashable, Sendable {
    /// Not protobuf at all, or cut short.
    case notProtobuf
    /// A field that every message of this kind holds is absent.
    case missing(field: String)
    /// A field has a length or a value outside what the protocol allows.
    case invalid(field: String)
    /// A number from newer software: readable there, not here.
    case unknown(field: String, value: UInt64)
    /// More records than one batch may hold.
    case tooManyRecords(Int)
    /// One record larger than any validator writes.
    case recordTooLarge(Int)

    package var code: String {
        switch self {
        case .notProtobuf: "not_protobuf"
        case .missing(let field): "missing.\(field)"
        case .invalid(let field): "invalid.\(field)"
        case .unknown(let field, let value): "unknown.\(field).\(value)"
        case .tooManyRecords(let count): "too_many_records.\(count)"
        case .recordTooLarge(let count): "record_too_large.\(count)"
        }
    }
}

extension WireFailure: CustomStringConvertible {
    package var description: String { code }
}

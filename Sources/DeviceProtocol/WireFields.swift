import SwiftProtobuf
import TransitModel

/// Checked reading and plain writing of the fields that several messages share.
enum WireFields {
    static func decode<Message: SwiftProtobuf.Message>(
        _ type: Message.Type, from bytes: [UInt8]
    ) throws(WireFailure) -> Message {
        do {
            return try Message(serializedBytes: bytes)
        } catch {
            throw .notProtobuf
        }
    }

    /// Serializes a message without required fields, which cannot fail below protobuf's 2 GB.
    static func encode(_ message: some SwiftProtobuf.Message) -> [UInt8] {
        do {
            return try message.serializedBytes()
        } catch {
            preconditionFailure("A message without required fields failed to serialize")
        }
    }

    static func identifier<Kind>(
        _ text: String, _ field: String
    ) throws(WireFailure) -> Identifier<Kind> {
        guard !text.isEmpty else { throw .missing(field: field) }
        return Identifier(text)
    }

    /// No identifier of a feed or a device comes near this.
    static let identifierByteLimit = 255

    /// An identifier that may be absent. Control characters, which no feed has and no database
    /// takes, are refused here.
    static func reference<Kind>(
        _ text: String, _ field: String
    ) throws(WireFailure) -> Identifier<Kind>? {
        guard !text.isEmpty else { return nil }
        guard text.utf8.count <= identifierByteLimit, isPrintable(text) else {
            throw .invalid(field: field)
        }
        return Identifier(text)
    }

    static func isPrintable(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    static func epoch(
        _ bytes: some Sequence<UInt8>, _ field: String = "epoch_id"
    ) throws(WireFailure) -> EpochID {
        let bytes = Array(bytes)
        guard !bytes.isEmpty else { throw .missing(field: field) }
        guard let epoch = EpochID(bytes: bytes) else { throw .invalid(field: field) }
        return epoch
    }

    static func hash(
        _ bytes: some Sequence<UInt8>, _ field: String
    ) throws(WireFailure) -> ChainHash {
        let bytes = Array(bytes)
        guard !bytes.isEmpty else { throw .missing(field: field) }
        guard let hash = ChainHash(bytes: bytes) else { throw .invalid(field: field) }
        return hash
    }

    /// Sequences start at 1 and stay within what SQL's `bigint` holds.
    static func sequence(_ value: UInt64, _ field: String) throws(WireFailure) -> UInt64 {
        guard value > 0 else { throw .missing(field: field) }
        return try count(value, field)
    }

    static func count(_ value: UInt64, _ field: String) throws(WireFailure) -> UInt64 {
        guard value <= UInt64(Int64.max) else { throw .invalid(field: field) }
        return value
    }

    /// A number that must fit a narrower type.
    static func narrow<Value: FixedWidthInteger>(
        _ value: UInt32, _ field: String, to type: Value.Type = Value.self
    ) throws(WireFailure) -> Value {
        guard let narrow = Value(exactly: value) else { throw .invalid(field: field) }
        return narrow
    }
}

extension RangeReplaceableCollection<UInt8> {
    /// A `bytes` field's content; spares the core the module that `Data` comes from.
    init(field bytes: [UInt8]) {
        self.init(bytes)
    }
}

import TransitModel

/// A value that can stand as a parameter of a statement or a cell of a COPY.
package protocol PostgresBindable: Sendable {
    static var postgresType: PostgresType { get }
    static var postgresFormat: PostgresFormat { get }

    /// Appends the value's bytes.
    ///
    /// - Returns: `false` for null, having appended nothing.
    func encode(into bytes: inout [UInt8]) -> Bool
}

extension PostgresBindable {
    package static var postgresFormat: PostgresFormat { .binary }
}

extension Optional: PostgresBindable where Wrapped: PostgresBindable {
    package static var postgresType: PostgresType { Wrapped.postgresType }
    package static var postgresFormat: PostgresFormat { Wrapped.postgresFormat }

    package func encode(into bytes: inout [UInt8]) -> Bool {
        self?.encode(into: &bytes) ?? false
    }
}

/// Text goes untyped, so that it also fits columns of type `jsonb`, `date`, `inet`, ….
/// Where nothing tells the type, say it: `\(name)::text`.
extension String: PostgresBindable {
    package static var postgresType: PostgresType { .inferred }
    package static var postgresFormat: PostgresFormat { .text }

    package func encode(into bytes: inout [UInt8]) -> Bool {
        bytes += utf8
        return true
    }
}

extension Identifier: PostgresBindable {
    package static var postgresType: PostgresType { .inferred }
    package static var postgresFormat: PostgresFormat { .text }

    package func encode(into bytes: inout [UInt8]) -> Bool { rawValue.encode(into: &bytes) }
}

extension Bool: PostgresBindable {
    package static var postgresType: PostgresType { .bool }

    package func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.append(self ? 1 : 0)
        return true
    }
}

extension Int16: PostgresBindable {
    package static var postgresType: PostgresType { .int2 }

    package func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.appendBigEndian(self)
        return true
    }
}

extension Int32: PostgresBindable {
    package static var postgresType: PostgresType { .int4 }

    package func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.appendBigEndian(self)
        return true
    }
}

extension Int64: PostgresBindable {
    package static var postgresType: PostgresType { .int8 }

    package func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.appendBigEndian(self)
        return true
    }
}

extension Int: PostgresBindable {
    package static var postgresType: PostgresType { .int8 }

    package func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.appendBigEndian(Int64(self))
        return true
    }
}

/// `bigint`, for counters. None of ours comes near 2^63; one that does is held at the edge.
extension UInt64: PostgresBindable {
    package static var postgresType: PostgresType { .int8 }

    package func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.appendBigEndian(Int64(clamping: self))
        return true
    }
}

extension Double: PostgresBindable {
    package static var postgresType: PostgresType { .float8 }

    package func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.appendBigEndian(bitPattern)
        return true
    }
}

/// `bytea`. Arrays of other values bind through ``PostgresArray``.
extension [UInt8]: PostgresBindable {
    package static var postgresType: PostgresType { .bytea }

    package func encode(into bytes: inout [UInt8]) -> Bool {
        bytes += self
        return true
    }
}

extension Timestamp: PostgresBindable {
    package static var postgresType: PostgresType { .timestamptz }

    /// Instants outside PostgreSQL's range (4713 BC to AD 294276) go to its edge: a device's
    /// broken clock must not cost the record.
    package func encode(into bytes: inout [UInt8]) -> Bool {
        let earliest: Int64 = -210_866_803_200_000
        let latest: Int64 = 9_224_318_015_999_999
        let bounded = min(max(millisecondsSince1970, earliest), latest)
        bytes.appendBigEndian((bounded - PostgresEpoch.millisecondsSince1970) * 1_000)
        return true
    }
}

extension CivilDate: PostgresBindable {
    package static var postgresType: PostgresType { .date }

    package func encode(into bytes: inout [UInt8]) -> Bool {
        let days = daysSince1970 - PostgresEpoch.daysSince1970
        bytes.appendBigEndian(Int32(clamping: days))
        return true
    }
}

extension RandomIdentifier: PostgresBindable {
    package static var postgresType: PostgresType { .uuid }

    package func encode(into encoded: inout [UInt8]) -> Bool {
        encoded += bytes
        return true
    }
}

extension MediaToken: PostgresBindable {
    package static var postgresType: PostgresType { .bytea }

    package func encode(into encoded: inout [UInt8]) -> Bool {
        encoded += bytes
        return true
    }
}

/// A one-dimensional array, as `unnest` and `= any(…)` take it.
package struct PostgresArray<Element: PostgresBindable>: PostgresBindable {
    package let elements: [Element]

    package init(_ elements: some Sequence<Element>) {
        self.elements = Array(elements)
    }

    package static var postgresType: PostgresType { Element.postgresType.array ?? .inferred }

    package func encode(into bytes: inout [UInt8]) -> Bool {
        let elementType: PostgresType =
            Element.postgresType == .inferred ? .text : Element.postgresType
        bytes.appendBigEndian(Int32(1))
        bytes.appendBigEndian(Int32(1))
        bytes.appendBigEndian(elementType.oid)
        bytes.appendBigEndian(Int32(elements.count))
        bytes.appendBigEndian(Int32(1))
        for element in elements {
            bytes.appendCell(element)
        }
        return true
    }
}

extension [UInt8] {
    /// Appends a length and the value's bytes, or length -1 for null.
    mutating func appendCell(_ value: some PostgresBindable) {
        let start = count
        appendBigEndian(Int32(-1))
        guard value.encode(into: &self) else { return }
        let length = UInt32(count - start - 4)
        self[start] = UInt8(truncatingIfNeeded: length >> 24)
        self[start + 1] = UInt8(truncatingIfNeeded: length >> 16)
        self[start + 2] = UInt8(truncatingIfNeeded: length >> 8)
        self[start + 3] = UInt8(truncatingIfNeeded: length)
    }
}

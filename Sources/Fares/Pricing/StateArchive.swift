internal import TransitModel

/// Writes and reads the values of a stored state in one order.
///
/// A value's form is told once, by a function that both directions run: writing reads the value
/// and reading replaces it.
protocol StateArchive {
    mutating func word<Word: FixedWidthInteger>(_ value: inout Word) throws(FareStateError)
    mutating func text(_ value: inout String) throws(FareStateError)
    /// Whether there is a value; when reading, `makeValue` gives one to be replaced.
    mutating func optional<Value>(
        _ value: inout Value?, makeValue: () -> Value,
        _ body: (inout Self, inout Value) throws(FareStateError) -> Void
    ) throws(FareStateError)
    mutating func list<Value>(
        _ values: inout [Value], makeValue: () -> Value,
        _ body: (inout Self, inout Value) throws(FareStateError) -> Void
    ) throws(FareStateError)
}

/// Why stored bytes are no state.
package enum FareStateError: Error, Hashable, Sendable {
    /// They end too soon, go on too long, or hold what no state does.
    case malformed
    /// They were written by a later program.
    case unknownVersion(UInt8)
}

struct StateWriter: StateArchive {
    var writer = ByteWriter()

    mutating func word<Word: FixedWidthInteger>(_ value: inout Word) throws(FareStateError) {
        writer.write(value)
    }

    mutating func text(_ value: inout String) throws(FareStateError) {
        guard let length = UInt16(exactly: value.utf8.count) else { throw .malformed }
        writer.write(length)
        writer.write(value.utf8)
    }

    mutating func optional<Value>(
        _ value: inout Value?, makeValue: () -> Value,
        _ body: (inout Self, inout Value) throws(FareStateError) -> Void
    ) throws(FareStateError) {
        guard var present = value else {
            writer.write(UInt8(0))
            return
        }
        writer.write(UInt8(1))
        try body(&self, &present)
    }

    mutating func list<Value>(
        _ values: inout [Value], makeValue: () -> Value,
        _ body: (inout Self, inout Value) throws(FareStateError) -> Void
    ) throws(FareStateError) {
        guard let count = UInt16(exactly: values.count) else { throw .malformed }
        writer.write(count)
        for index in values.indices { try body(&self, &values[index]) }
    }
}

struct StateReader: StateArchive {
    var reader: ByteReader

    mutating func word<Word: FixedWidthInteger>(_ value: inout Word) throws(FareStateError) {
        guard let word = reader.read(Word.self) else { throw .malformed }
        value = word
    }

    mutating func text(_ value: inout String) throws(FareStateError) {
        guard let length = reader.read(UInt16.self), let text = reader.readText(Int(length)) else {
            throw .malformed
        }
        value = text
    }

    mutating func optional<Value>(
        _ value: inout Value?, makeValue: () -> Value,
        _ body: (inout Self, inout Value) throws(FareStateError) -> Void
    ) throws(FareStateError) {
        guard let flag = reader.read(UInt8.self), flag <= 1 else { throw .malformed }
        guard flag == 1 else {
            value = nil
            return
        }
        var present = makeValue()
        try body(&self, &present)
        value = present
    }

    mutating func list<Value>(
        _ values: inout [Value], makeValue: () -> Value,
        _ body: (inout Self, inout Value) throws(FareStateError) -> Void
    ) throws(FareStateError) {
        // Every element takes a byte at least, so that a count cannot ask for more than there is.
        guard let count = reader.read(UInt16.self), Int(count) <= reader.remaining else {
            throw .malformed
        }
        values = []
        for _ in 0..<count {
            var value = makeValue()
            try body(&self, &value)
            values.append(value)
        }
    }
}

extension StateArchive {
    mutating func number(_ value: inout Int) throws(FareStateError) {
        var word = Int64(value)
        try self.word(&word)
        value = Int(word)
    }

    mutating func flag(_ value: inout Bool) throws(FareStateError) {
        var word: UInt8 = value ? 1 : 0
        try self.word(&word)
        guard word <= 1 else { throw .malformed }
        value = word == 1
    }

    mutating func instant(_ value: inout Timestamp) throws(FareStateError) {
        var word = value.millisecondsSince1970
        try self.word(&word)
        value = Timestamp(millisecondsSince1970: word)
    }

    mutating func optionalInstant(_ value: inout Timestamp?) throws(FareStateError) {
        try optional(&value, makeValue: { Timestamp(millisecondsSince1970: 0) }) {
            archive, value throws(FareStateError) in try archive.instant(&value)
        }
    }

    mutating func id<Kind>(_ value: inout Identifier<Kind>) throws(FareStateError) {
        var text = value.rawValue
        try self.text(&text)
        value = Identifier(text)
    }

    mutating func optionalID<Kind>(_ value: inout Identifier<Kind>?) throws(FareStateError) {
        try optional(&value, makeValue: { Identifier("") }) {
            archive, value throws(FareStateError) in try archive.id(&value)
        }
    }

    mutating func optionalNumber(_ value: inout Int?) throws(FareStateError) {
        try optional(&value, makeValue: { 0 }) { archive, value throws(FareStateError) in
            try archive.number(&value)
        }
    }

    mutating func optionalWord(_ value: inout Int64?) throws(FareStateError) {
        try optional(&value, makeValue: { 0 }) { archive, value throws(FareStateError) in
            try archive.word(&value)
        }
    }
}

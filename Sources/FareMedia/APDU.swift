/// A command to a card in the short form of ISO/IEC 7816-4, clause 5.1.
///
/// Extended lengths are left out: every card and reader of the field takes the short form, and
/// a ticket needs no more.
package struct APDUCommand: Hashable, Sendable {
    /// The most that the short form carries in either direction.
    package static let dataLimit = 255

    /// How many response bytes are asked for (Le).
    package enum ExpectedLength: Hashable, Sendable {
        /// The field is absent: no data is due back.
        case absent
        /// As many as there are, up to 256: the field is zero.
        case anything
        case exactly(UInt8)
    }

    package let instructionClass: UInt8
    package let instruction: UInt8
    package let parameter1: UInt8
    package let parameter2: UInt8
    package let data: [UInt8]
    package let expectedLength: ExpectedLength

    /// - Precondition: `data` holds at most ``dataLimit`` bytes; callers build commands from
    ///   fixed layouts.
    package init(
        instructionClass: UInt8, instruction: UInt8, parameter1: UInt8 = 0, parameter2: UInt8 = 0,
        data: [UInt8] = [], expectedLength: ExpectedLength = .anything
    ) {
        precondition(data.count <= Self.dataLimit, "A short command carries at most 255 bytes")
        self.instructionClass = instructionClass
        self.instruction = instruction
        self.parameter1 = parameter1
        self.parameter2 = parameter2
        self.data = data
        self.expectedLength = expectedLength
    }

    /// Reads a command as a card receives it.
    ///
    /// - Returns: `nil` for anything that is not exactly one short-form command.
    package init?(bytes: [UInt8]) {
        guard bytes.count >= 4 else { return nil }
        var data: [UInt8] = []
        var expected = ExpectedLength.absent
        switch bytes.count {
        case 4: break
        case 5: expected = Self.expectedLength(field: bytes[4])
        default:
            let count = Int(bytes[4])
            let dataEnd = 5 + count
            guard count > 0, bytes.count == dataEnd || bytes.count == dataEnd + 1 else {
                return nil
            }
            data = Array(bytes[5..<dataEnd])
            if bytes.count > dataEnd { expected = Self.expectedLength(field: bytes[dataEnd]) }
        }
        self.init(
            instructionClass: bytes[0], instruction: bytes[1], parameter1: bytes[2],
            parameter2: bytes[3], data: data, expectedLength: expected)
    }

    /// The bytes on the wire.
    package var serialized: [UInt8] {
        var bytes = [instructionClass, instruction, parameter1, parameter2]
        if !data.isEmpty {
            bytes.append(UInt8(data.count))
            bytes += data
        }
        switch expectedLength {
        case .absent: break
        case .anything: bytes.append(0)
        case .exactly(let count): bytes.append(count)
        }
        return bytes
    }

    private static func expectedLength(field: UInt8) -> ExpectedLength {
        field == 0 ? .anything : .exactly(field)
    }
}

/// A card's answer: data and the two status bytes (ISO/IEC 7816-4, clause 5.1.3).
package struct APDUResponse: Hashable, Sendable {
    /// Data and status of the longest short-form answer.
    package static let sizeLimit = 258

    package let data: [UInt8]
    package let status: UInt16

    package init(data: [UInt8] = [], status: UInt16) {
        self.data = data
        self.status = status
    }

    /// - Returns: `nil` for fewer than two bytes or more than the short form allows.
    package init?(bytes: some RandomAccessCollection<UInt8>) {
        guard (2...Self.sizeLimit).contains(bytes.count) else { return nil }
        let all = Array(bytes)
        data = Array(all.dropLast(2))
        status = UInt16(all[all.count - 2]) << 8 | UInt16(all[all.count - 1])
    }

    package var serialized: [UInt8] {
        data + [UInt8(truncatingIfNeeded: status >> 8), UInt8(truncatingIfNeeded: status)]
    }
}

/// The ISO 7816 status words that decide something here.
package enum ISOStatus {
    package static let success: UInt16 = 0x9000
    package static let wrongLength: UInt16 = 0x6700
    package static let functionNotSupported: UInt16 = 0x6A81
    package static let fileNotFound: UInt16 = 0x6A82
    package static let instructionNotSupported: UInt16 = 0x6D00
    package static let classNotSupported: UInt16 = 0x6E00
}

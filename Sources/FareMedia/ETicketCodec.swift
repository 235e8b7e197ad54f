import TransitModel

/// The ticket's fixed layout on the card, version 1; numbers are big-endian.
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 1 | version, 1 |
/// | 1 | 1 | reserved, 0 |
/// | 2 | 4 | issuer key |
/// | 6 | 16 | scheme: printable ASCII, filled up with zeros |
/// | 22 | 16 | rider category, likewise; all zeros for none |
/// | 38 | 8 | serial |
/// | 46 | 8 | valid from, signed milliseconds since 1970 |
/// | 54 | 8 | valid until, likewise |
///
/// The issuer's 64-byte Ed25519 signature follows in the file.
package enum ETicketCodec {
    package static let payloadSize = 62
    package static let signatureSize = 64
    package static let fileSize = payloadSize + signatureSize
    package static let textLimit = 16

    static let version: UInt8 = 1

    package static func encode(_ ticket: ETicket) -> [UInt8] {
        var bytes: [UInt8] = [version, 0]
        append(UInt64(ticket.issuerKey.number), count: 4, to: &bytes)
        append(ticket.scheme.rawValue, to: &bytes)
        append(ticket.riderCategory?.rawValue ?? "", to: &bytes)
        append(ticket.serial, count: 8, to: &bytes)
        for instant in [ticket.validFrom, ticket.validUntil] {
            append(UInt64(bitPattern: instant.millisecondsSince1970), count: 8, to: &bytes)
        }
        return bytes
    }

    /// Reads a payload. Every accepted payload is what ``encode(_:)`` gives for its ticket.
    package static func decode(_ bytes: [UInt8]) throws(ETicketMalformation) -> ETicket {
        guard bytes.count == payloadSize else { throw .wrongLength }
        guard bytes[0] == version else { throw .unknownVersion }
        guard bytes[1] == 0 else { throw .reservedBitsSet }
        guard let scheme = text(bytes[6..<22]), let category = text(bytes[22..<38]) else {
            throw .badText
        }
        return try ETicket(
            scheme: SchemeID(scheme), serial: number(bytes[38..<46]),
            issuerKey: IssuerKeyID(UInt32(number(bytes[2..<6]))),
            riderCategory: category.isEmpty ? nil : RiderCategoryID(category),
            validFrom: timestamp(bytes[46..<54]), validUntil: timestamp(bytes[54..<62]))
    }

    /// Whether a text fits a field: 1 to 16 printable ASCII characters without spaces.
    static func canHold(_ text: String) -> Bool {
        (1...textLimit).contains(text.utf8.count) && text.utf8.allSatisfy(isPrintable)
    }

    private static func isPrintable(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

    private static func append(_ number: UInt64, count: Int, to bytes: inout [UInt8]) {
        for shift in stride(from: 8 * (count - 1), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        let field = Array(text.utf8)
        bytes += field + [UInt8](repeating: 0, count: textLimit - field.count)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func timestamp(_ bytes: ArraySlice<UInt8>) -> Timestamp {
        Timestamp(millisecondsSince1970: Int64(bitPattern: number(bytes)))
    }

    /// - Returns: `nil` unless zeros alone follow the printable characters.
    private static func text(_ field: ArraySlice<UInt8>) -> String? {
        let characters = field.prefix { $0 != 0 }
        guard characters.allSatisfy(isPrintable),
            field.dropFirst(characters.count).allSatisfy({ $0 == 0 })
        else { return nil }
        return String(decoding: characters, as: UTF8.self)
    }
}

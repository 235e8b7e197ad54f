import FareMedia
import Testing
import TransitModel

@Suite("E-ticket layout, version 1")
struct ETicketCodecTests {
    /// The committed bytes: whoever changes the layout sees it here, and takes a new version.
    private static let payloadHex =
        "01" + "00" + "00000007"
        + "6b7679746f6b2d64656d6f0000000000" + "707570696c0000000000000000000000"
        + "0000000000bc614e" + "0000019bc28b9c00" + "000001a38dff6000"

    private func makeTicket(category: RiderCategoryID? = "pupil") throws -> ETicket {
        try ETicket(
            scheme: "kvytok-demo", serial: 12_345_678, issuerKey: IssuerKeyID(7),
            riderCategory: category,
            validFrom: Timestamp(millisecondsSince1970: 0x0000_019B_C28B_9C00),
            validUntil: Timestamp(millisecondsSince1970: 0x0000_01A3_8DFF_6000))
    }

    @Test("Committed bytes")
    func committed() throws {
        let ticket = try makeTicket()
        #expect(ETicketCodec.encode(ticket).hex == Self.payloadHex)
        #expect(try ETicketCodec.decode(bytes(Self.payloadHex)) == ticket)
        #expect(Self.payloadHex.utf8.count == 2 * ETicketCodec.payloadSize)
    }

    @Test("No category, extreme instants and serials")
    func extremes() throws {
        let ticket = try ETicket(
            scheme: "s", serial: .max, issuerKey: IssuerKeyID(.max), riderCategory: nil,
            validFrom: Timestamp(millisecondsSince1970: .min),
            validUntil: Timestamp(millisecondsSince1970: .max))
        #expect(try ETicketCodec.decode(ETicketCodec.encode(ticket)) == ticket)
    }

    @Test(
        "Texts that the fields cannot hold", arguments: ["", "seventeen-letters", "два", "a b"])
    func texts(text: String) {
        #expect(throws: ETicketMalformation.badText) {
            try ETicket(
                scheme: SchemeID(text), serial: 1, issuerKey: IssuerKeyID(1),
                validFrom: Timestamp(secondsSince1970: 0),
                validUntil: Timestamp(secondsSince1970: 1))
        }
    }

    @Test("An empty validity is no ticket")
    func emptyValidity() throws {
        #expect(throws: ETicketMalformation.badValidity) {
            try ETicket(
                scheme: "s", serial: 1, issuerKey: IssuerKeyID(1),
                validFrom: Timestamp(secondsSince1970: 5),
                validUntil: Timestamp(secondsSince1970: 5))
        }
    }

    @Test("Validity includes its first instant and excludes its last")
    func validity() throws {
        let ticket = try makeTicket()
        #expect(ticket.isValid(at: ticket.validFrom))
        #expect(ticket.isValid(at: ticket.validUntil.advanced(by: .milliseconds(-1))))
        #expect(!ticket.isValid(at: ticket.validUntil))
        #expect(!ticket.isValid(at: ticket.validFrom.advanced(by: .milliseconds(-1))))
    }

    @Test(
        "Each kind of damage is named",
        arguments: [
            (0, UInt8(0), ETicketMalformation.unknownVersion),
            (0, 2, .unknownVersion), (1, 1, .reservedBitsSet),
            (6, 0, .badText), (7, 0, .badText), (8, 0x20, .badText), (8, 0x80, .badText),
            (21, 0x41, .badText), (22, 0, .badText), (46, 0x7F, .badValidity),
        ])
    func damage(offset: Int, value: UInt8, expected: ETicketMalformation) throws {
        var payload = try bytes(Self.payloadHex)
        payload[offset] = value
        #expect(throws: expected) { try ETicketCodec.decode(payload) }
    }

    @Test("Any other length is refused", arguments: Array(0..<62) + [63, 126, 1_000])
    func lengths(count: Int) {
        #expect(throws: ETicketMalformation.wrongLength) {
            try ETicketCodec.decode([UInt8](repeating: 1, count: count))
        }
    }

    @Test("One payload for one ticket: what decodes encodes to the same bytes")
    func canonical() throws {
        var random = SeededGenerator(seed: 7)
        let payload = try bytes(Self.payloadHex)
        for _ in 0..<20_000 {
            var altered = payload
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                altered[.random(in: 0..<62, using: &random)] = .random(in: 0...255, using: &random)
            }
            guard let ticket = try? ETicketCodec.decode(altered) else { continue }
            #expect(ETicketCodec.encode(ticket) == altered)
        }
    }
}

import FareMedia
import Testing
import TransitModel

/// ISO/IEC 7816-4, clause 5.1: the four cases of the short form.
@Suite("APDU")
struct APDUTests {
    @Test(
        "Every case reads as it writes",
        arguments: [
            "00a40400", "ffca000000", "00b0000010", "90af000001ff", "9071000002000000",
            "905a00000354564b00",
        ])
    func roundTrip(hex: String) throws {
        let command = try #require(APDUCommand(bytes: bytes(hex)))
        #expect(command.serialized.hex == hex)
    }

    @Test(
        "What is not one short command is refused",
        arguments: [
            "", "00", "00a404", "00a4040005aabb", "00a4040002aabbccdd", "00a404000000010011",
            "00a40400000000",
        ])
    func refused(hex: String) throws {
        #expect(APDUCommand(bytes: try bytes(hex)) == nil)
    }

    @Test("Responses are bounded")
    func responses() throws {
        #expect(try response("9100").data.isEmpty)
        #expect(try response("aabb91af").status == DESFire.Status.additionalFrame)
        #expect(APDUResponse(bytes: [UInt8]()) == nil)
        #expect(APDUResponse(bytes: [0x90]) == nil)
        #expect(APDUResponse(bytes: [UInt8](repeating: 0, count: 258)) != nil)
        #expect(APDUResponse(bytes: [UInt8](repeating: 0, count: 259)) == nil)
    }

    @Test("Random bytes never break the parser", arguments: UInt64(1)...32)
    func garbage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let count = Int.random(in: 0...300, using: &random)
            let raw = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            if let command = APDUCommand(bytes: raw) { #expect(command.serialized == raw) }
        }
    }
}

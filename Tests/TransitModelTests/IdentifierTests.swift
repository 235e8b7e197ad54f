import Testing
import TransitModel

@Suite("Identifiers")
struct IdentifierTests {
    @Test("A random identifier survives its text and its bytes", arguments: UInt64(0)..<32)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let id = EpochID(using: &random)
        #expect(EpochID(id.description) == id)
        #expect(EpochID(id.description.uppercased()) == id)
        #expect(EpochID(bytes: id.bytes) == id)
    }

    @Test(
        "What is not a UUID is refused",
        arguments: [
            "", "0", "00000000-0000-0000-0000-00000000000",
            "00000000000000000000000000000000",
            "g0000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-0000000000000",
        ])
    func refused(text: String) {
        #expect(ChargeID(text) == nil)
    }

    @Test("Order follows the bytes")
    func order() throws {
        let low = try #require(ChargeID("00000000-0000-0000-ffff-ffffffffffff"))
        let high = try #require(ChargeID("00000000-0000-0001-0000-000000000000"))
        #expect(low < high)
    }

    @Test("Media keys and tokens show nothing of themselves")
    func silence() throws {
        let bytes = [UInt8](repeating: 0xAB, count: 16)
        let key = try #require(MediaKey(bytes: bytes, generation: KeyGeneration(3)))
        let token = try #require(MediaToken(bytes: bytes))
        #expect(!"\(key)\(token)".contains("ab"))
        #expect(MediaKey(bytes: [1, 2, 3], generation: KeyGeneration(3)) == nil)
    }

    @Test("Every verdict has one number, and strangers have none")
    func verdictCodes() {
        let verdicts = [TapVerdict.accepted] + TapRefusal.allCases.map(TapVerdict.refused)
        #expect(Set(verdicts.map(\.code)).count == verdicts.count)
        #expect(verdicts.allSatisfy { TapVerdict(code: $0.code) == $0 })
        #expect(TapVerdict(code: 200) == nil)
    }

    @Test("Hexadecimal refuses odd counts and strangers", arguments: ["0", "0g", "0x00", "00 1"])
    func badHex(text: String) {
        #expect([UInt8](hex: text) == nil)
    }
}

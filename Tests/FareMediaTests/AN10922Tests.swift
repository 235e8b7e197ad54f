import FareMedia
import Testing
import TransitModel

/// NXP AN10922, "Symmetric key diversifications", rev. 2.2.
@Suite("AN10922 key diversification")
struct AN10922Tests {
    @Test("Section 2.2.1, AES-128 example")
    func publishedExample() throws {
        let master = try key("00112233445566778899aabbccddeeff")
        let (whole, padded) = AN10922.subkeys(of: master)
        #expect(whole.hex == "fbc9f75c9413c041dfee452d3f0706d1")
        #expect(padded.hex == "f793eeb928278083bfdc8a5a7e0e0d25")
        // UID, application identifier, system identifier.
        let input = try bytes("04782e21801d80" + "3042f5" + "4e585020416275")
        #expect(
            AN10922.diversify(master, by: input).bytes.hex == "a8dd63a3b89d54b37ca802473fda9175")
    }

    /// libfreefare issue 91: padding a short input to one block instead of two.
    @Test("The historic short padding is not what we compute")
    func wrongPadding() throws {
        let master = try key("f3f9377698707b688eaf84abe39e3791")
        let input = try bytes("04deadbeeffeed")
        #expect(
            AN10922.diversify(master, by: input).bytes.hex != "721e2c01e81af85d815633969cea2607")
        #expect(master.cmac([0x01] + input).hex == "721e2c01e81af85d815633969cea2607")
    }

    /// From 16 message bytes on, the two paddings coincide and plain CMAC is the reference.
    @Test("Inputs that need two blocks agree with CMAC", arguments: 16...31)
    func agreesWithCMAC(count: Int) throws {
        let master = try key("00112233445566778899aabbccddeeff")
        let input = (0..<count).map(UInt8.init(truncatingIfNeeded:))
        #expect(AN10922.diversify(master, by: input).bytes == master.cmac([0x01] + input))
    }

    @Test("Neighbouring cards share no key")
    func neighbours() throws {
        let keys = InMemoryCardKeys(masterKey: try key("00112233445566778899aabbccddeeff"))
        let uids = try (0..<64).map { number in
            try #require(CardUID(bytes: bytes("04782e21801d") + [UInt8(number)]))
        }
        let derived = Set(try uids.map { try keys.readKey(forUID: $0) })
        #expect(derived.count == uids.count)
    }

    @Test("Random and odd-sized UIDs are no basis for a key")
    func uids() throws {
        #expect(CardUID(bytes: try bytes("08112233")) == nil)
        #expect(CardUID(bytes: try bytes("04112233")) != nil)
        for count in 0...12 where ![4, 7, 10].contains(count) {
            #expect(CardUID(bytes: [UInt8](repeating: 4, count: count)) == nil)
        }
    }
}

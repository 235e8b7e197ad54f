import FareMedia
import Testing
import TransitModel

/// NIST SP 800-38B, appendix D.1 (the same as RFC 4493, section 4).
@Suite("AES-CMAC")
struct CMACTests {
    private let keyHex = "2b7e151628aed2a6abf7158809cf4f3c"

    @Test(
        "Published examples",
        arguments: [
            ("", "bb1d6929e95937287fa37d129b756746"),
            ("6bc1bee22e409f96e93d7e117393172a", "070a16b46b4d4144f79bdd9dd04a287c"),
            (
                "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411",
                "dfa66747de9ae63030ca32611497c827"
            ),
            (
                "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                    + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
                "51f0bebf7e3b9d92fc49741779363cfe"
            ),
        ])
    func published(message: String, code: String) throws {
        #expect(try key(keyHex).cmac(bytes(message)).hex == code)
    }

    @Test("Subkeys K1 and K2, appendix D.1")
    func subkeys() throws {
        let (whole, padded) = AN10922.subkeys(of: try key(keyHex))
        #expect(whole.hex == "fbeed618357133667c85e08f7236a8de")
        #expect(padded.hex == "f7ddac306ae266ccf90bc11ee46d513b")
    }

    @Test("Comparison sees every bit and every length")
    func comparison() {
        let code: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        #expect(isEqualInConstantTime(code, code))
        #expect(isEqualInConstantTime([], []))
        #expect(!isEqualInConstantTime(code, Array(code.dropLast())))
        for index in code.indices {
            for bit in 0..<8 {
                var other = code
                other[index] ^= 1 << bit
                #expect(!isEqualInConstantTime(code, other))
            }
        }
    }

    @Test("Padding comes off as it went on, and only then")
    func padding() throws {
        for count in 0...40 {
            let data = [UInt8](repeating: 0x80, count: count)
            let padded = Padding.pad(data)
            #expect(padded.count.isMultiple(of: 16) && padded.count > count)
            #expect(Padding.remove(from: padded) == data)
        }
        #expect(Padding.remove(from: []) == nil)
        #expect(Padding.remove(from: [UInt8](repeating: 0, count: 16)) == nil)
        #expect(Padding.remove(from: [1, 2, 0x81, 0, 0]) == nil)
        // The mark lies a whole block before the end.
        #expect(Padding.remove(from: [0x80] + [UInt8](repeating: 0, count: 16)) == nil)
    }
}

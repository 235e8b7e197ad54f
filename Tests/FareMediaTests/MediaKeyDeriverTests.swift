import FareMedia
import Testing
import TransitModel

@Suite("Media keys")
struct MediaKeyDeriverTests {
    private let secret = (0..<32).map(UInt8.init)

    /// HMAC-SHA256 of 01 || UID under the bytes 00 to 1f, cut to 16 bytes; computed with
    /// Python's hmac module.
    @Test("Known answer")
    func knownAnswer() throws {
        let deriver = try #require(MediaKeyDeriver(secret: secret, generation: KeyGeneration(2)))
        let key = deriver.mediaKey(kind: .eTicketCard, number: try bytes("04782e21801d80"))
        #expect(key.bytes.hex == "9bb4e171b2d256fb55c4dc98fa7a2859")
        #expect(key.generation == KeyGeneration(2))
    }

    @Test("Kind, number and secret all count")
    func distinct() throws {
        let deriver = try #require(MediaKeyDeriver(secret: secret, generation: KeyGeneration(1)))
        let other = try #require(
            MediaKeyDeriver(secret: secret.reversed(), generation: KeyGeneration(1)))
        let keys = [
            deriver.mediaKey(kind: .eTicketCard, number: [1, 2, 3, 4]),
            deriver.mediaKey(kind: .bankCard, number: [1, 2, 3, 4]),
            deriver.mediaKey(kind: .eTicketCard, number: [1, 2, 3, 5]),
            other.mediaKey(kind: .eTicketCard, number: [1, 2, 3, 4]),
        ]
        #expect(Set(keys).count == keys.count)
    }

    @Test("A secret of another size is refused", arguments: [0, 16, 31, 33])
    func secretSize(count: Int) {
        let secret = [UInt8](repeating: 1, count: count)
        #expect(MediaKeyDeriver(secret: secret, generation: KeyGeneration(1)) == nil)
    }
}

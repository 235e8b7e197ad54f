import SignedDocuments
import Testing
import TransitModel

@Suite("Envelope of a signed document")
struct SignedDocumentTests {
    private let publisher = Publisher(onlineKeys: 2)

    @Test("What is written is read, and written again the same")
    func roundTrip() throws {
        let bytes = try publisher.denyList(version: 7)
        let document = try SignedDocument(parsing: bytes)
        #expect(document.header.version == 7)
        #expect(document.header.role == .denyList)
        #expect(document.header.scheme == "demo")
        #expect(document.header.issuedAt == Publisher.issued)
        #expect(document.header.expiresAt == Publisher.expires)
        #expect(document.payload == Array("list 7".utf8))
        #expect(document.signatures.count == 2)
        #expect(document.serialized() == bytes)
    }

    @Test("The layout is the published one, to the byte")
    func knownLayout() {
        let header = DocumentHeader(
            role: .configuration, scheme: "lv", version: 0x0102,
            issuedAt: Timestamp(millisecondsSince1970: 1),
            expiresAt: Timestamp(millisecondsSince1970: 0x10))
        let bytes = SignedDocument(header: header, payload: [0xAA, 0xBB]).serialized()
        let expected =
            "4b564443" + "01" + "03" + "02" + "6c76" + "0000000000000102" + "0000000000000001"
            + "0000000000000010" + "00000002" + "aabb" + "00"
        #expect(bytes.hex == expected)
    }

    @Test("Cut short anywhere, it is refused")
    func truncated() throws {
        let bytes = try publisher.denyList(version: 7)
        for length in 0..<bytes.count {
            #expect(throws: DocumentRefusal.self, "cut to \(length)") {
                try SignedDocument(parsing: Array(bytes[..<length]))
            }
        }
    }

    @Test("Bytes behind the end are refused")
    func trailing() throws {
        let bytes = try publisher.denyList(version: 7) + [0]
        #expect(throws: DocumentRefusal.malformed(.trailingBytes)) {
            try SignedDocument(parsing: bytes)
        }
    }

    @Test("A length that promises more than there is allocates nothing and is refused")
    func lyingLength() throws {
        var bytes = try publisher.denyList(version: 7)
        let lengthOffset = 7 + 4 + 24
        for index in lengthOffset..<lengthOffset + 4 { bytes[index] = 0xFF }
        #expect(throws: DocumentRefusal.malformed(.length)) { try SignedDocument(parsing: bytes) }
    }

    @Test("Random bytes are refused and never trap", arguments: UInt64(1)...200)
    func noise(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 0...400, using: &random)
        var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        if seed.isMultiple(of: 2) { bytes = Array("KVDC".utf8) + [1, 2, 4] + bytes }
        #expect(throws: DocumentRefusal.self) { try SignedDocument(parsing: bytes) }
    }
}

import DenyList
import DenyListBuilder
import Testing
import TransitModel

func mediaKey(_ number: UInt128, generation: UInt16 = 1) -> MediaKey {
    let bytes = withUnsafeBytes(of: number.bigEndian) { Array($0) }
    guard let key = MediaKey(bytes: bytes, generation: KeyGeneration(generation)) else {
        preconditionFailure("Sixteen bytes make a media key")
    }
    return key
}

@Suite("Deny list")
struct DenyListTests {
    @Test("Membership agrees with a set, for any list", arguments: UInt64(1)...64)
    func agreesWithModel(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let generations = Int.random(in: 1...3, using: &random)
        let count = Int.random(in: 0...300, using: &random)
        // A narrow range of numbers makes neighbours and near misses likely.
        func draw() -> MediaKey {
            let spread: UInt128 = Bool.random(using: &random) ? 1 : 1 << 116
            return mediaKey(
                UInt128.random(in: 0...600, using: &random) * spread,
                generation: UInt16.random(in: 1...UInt16(generations), using: &random))
        }
        let listed = Set((0..<count).map { _ in draw() })
        let list = try DenyList(
            bytes: DenyListBuilder.build(version: seed, keys: listed.shuffled(using: &random)))
        #expect(list.version == seed)
        #expect(list.entryCount == listed.count)
        for key in listed { #expect(list.contains(key)) }
        for _ in 0..<300 {
            let key = draw()
            #expect(list.contains(key) == listed.contains(key))
        }
    }

    @Test("The first, the last and their outer neighbours")
    func edges() throws {
        let keys = [mediaKey(1), mediaKey(5), mediaKey(.max - 1)]
        let list = try DenyList(bytes: DenyListBuilder.build(version: 1, keys: keys))
        for key in keys { #expect(list.contains(key)) }
        for stranger in [0, 2, 4, 6, UInt128.max - 2, .max] {
            #expect(!list.contains(mediaKey(stranger)))
        }
    }

    @Test("A key is refused under its own generation alone")
    func generations() throws {
        let keys = [mediaKey(7, generation: 2), mediaKey(8, generation: 3)]
        let list = try DenyList(bytes: DenyListBuilder.build(version: 1, keys: keys))
        #expect(list.generations == [KeyGeneration(2), KeyGeneration(3)])
        #expect(!list.contains(mediaKey(7, generation: 3)))
        #expect(!list.contains(mediaKey(7, generation: 1)))
    }

    @Test("An empty list refuses nobody")
    func empty() throws {
        let list = try DenyList(bytes: DenyListBuilder.build(version: 3, keys: []))
        #expect(list.entryCount == 0)
        #expect(!list.contains(mediaKey(1)))
    }

    @Test("The layout is the published one, to the byte")
    func knownLayout() throws {
        let bytes = try DenyListBuilder.build(version: 2, keys: [mediaKey(3, generation: 4)])
        let expected =
            "4b56444c" + "01" + "10" + "0001" + "0000000000000002" + "0004" + "000000000000"
            + "0000000000000001" + "00000000000000000000000000000003"
        #expect(bytes.hex == expected)
    }
}

@Suite("Deny list from bad bytes")
struct DenyListRefusalTests {
    private func bytes() throws -> [UInt8] {
        try DenyListBuilder.build(
            version: 1,
            keys: [mediaKey(2), mediaKey(5), mediaKey(9), mediaKey(1, generation: 2)])
    }

    @Test("Cut short or grown, it is refused")
    func wrongLength() throws {
        let good = try bytes()
        for length in good.indices {
            #expect(throws: DenyListRefusal.self) { try DenyList(bytes: Array(good[..<length])) }
        }
        #expect(throws: DenyListRefusal.wrongLength(expected: good.count, found: good.count + 1)) {
            try DenyList(bytes: good + [0])
        }
    }

    @Test("Keys that repeat or fall are refused: a look-up would miss some")
    func disorder() throws {
        var repeated = try bytes()
        let keys = 16 + 2 * 16
        repeated.replaceSubrange(keys + 16..<keys + 32, with: repeated[keys..<keys + 16])
        #expect(throws: DenyListRefusal.entriesOutOfOrder(at: 1)) {
            try DenyList(bytes: repeated)
        }
        var fallen = try bytes()
        fallen[keys] = 0xFF
        #expect(throws: DenyListRefusal.entriesOutOfOrder(at: 1)) { try DenyList(bytes: fallen) }
    }

    @Test("A header that counts beyond the limits is refused before anything is read")
    func lyingHeader() throws {
        var huge = try bytes()
        for index in 24..<32 { huge[index] = 0xFF }
        #expect(throws: DenyListRefusal.tooManyEntries) { try DenyList(bytes: huge) }
        var sections = try bytes()
        sections[6] = 0xFF
        #expect(throws: DenyListRefusal.unknownFormat) { try DenyList(bytes: sections) }
        var swapped = try bytes()
        swapped[16 + 1] = 2
        #expect(throws: DenyListRefusal.sectionsOutOfOrder) { try DenyList(bytes: swapped) }
    }

    @Test("Random damage never traps", arguments: UInt64(1)...200)
    func damage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var damaged = try bytes()
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            damaged[Int.random(in: damaged.indices, using: &random)] =
                UInt8.random(in: 0...255, using: &random)
        }
        if let list = try? DenyList(bytes: damaged) { _ = list.contains(mediaKey(5)) }
    }
}

@Suite("Deny list builder")
struct DenyListBuilderTests {
    @Test("A key given twice is refused")
    func duplicates() {
        #expect(throws: DenyListBuilder.Refusal.duplicate(at: 2)) {
            try DenyListBuilder.build(version: 1, keys: [mediaKey(4), mediaKey(1), mediaKey(4)])
        }
    }

    @Test("Appending out of order is refused, by key and by generation")
    func order() throws {
        var builder = DenyListBuilder(version: 1)
        try builder.append(mediaKey(5, generation: 2))
        #expect(throws: DenyListBuilder.Refusal.outOfOrder(at: 1)) {
            try builder.append(mediaKey(4, generation: 2))
        }
        #expect(throws: DenyListBuilder.Refusal.outOfOrder(at: 1)) {
            try builder.append(mediaKey(9, generation: 1))
        }
        try builder.append(mediaKey(1, generation: 3))
    }

    @Test("The order of arrival leaves no trace")
    func deterministic() throws {
        let keys = (1...50).map { mediaKey(UInt128($0) << 64) }
        #expect(
            try DenyListBuilder.build(version: 1, keys: keys)
                == DenyListBuilder.build(version: 1, keys: keys.reversed()))
    }

    @Test("More generations than a rotation can need are refused")
    func tooManyGenerations() {
        let keys = (1...9).map { mediaKey(1, generation: UInt16($0)) }
        #expect(throws: DenyListBuilder.Refusal.tooManyGenerations) {
            try DenyListBuilder.build(version: 1, keys: keys)
        }
    }
}

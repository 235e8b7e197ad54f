import DeviceProtocol
import Testing
import TransitModel

@Suite("Tap record")
struct TapRecordTests {
    private func record(_ tap: Tap, using random: inout SeededGenerator) -> TapRecord {
        TapRecord(
            device: Sample.device, epoch: EpochID(using: &random), sequence: 41,
            previousHash: ChainHash.of([1, 2, 3]), tap: tap)
    }

    @Test("What was written is read again", arguments: UInt64(1)...200)
    func encodeThenDecode(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let record = record(try Sample.tap(using: &random), using: &random)
        #expect(try TapRecord(serialized: record.serialized()) == record)
    }

    @Test("Equal records have equal bytes")
    func encodingIsStable() throws {
        var random = SeededGenerator(seed: 1)
        let record = record(try Sample.tap(), using: &random)
        #expect(record.serialized() == record.serialized())
        #expect(record.serialized().count < 250)
    }

    @Test("No truncation reads as a whole record", arguments: UInt64(1)...20)
    func truncated(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let original = record(try Sample.tap(using: &random), using: &random)
        let bytes = original.serialized()
        for length in 0..<bytes.count {
            // Cut between two optional facts a record may still be readable, but never equal.
            let read = try? TapRecord(serialized: Array(bytes.prefix(length)))
            #expect(read != original, "\(length) of \(bytes.count) bytes")
            #expect(read?.tap.verdict.isAccepted != true || original.tap.verdict.isAccepted)
        }
    }

    @Test("Two records glued together are not one of them")
    func glued() throws {
        var random = SeededGenerator(seed: 3)
        let first = record(try Sample.tap(), using: &random)
        let second = record(try Sample.tap(verdict: .refused(.denied)), using: &random)
        let read = try? TapRecord(serialized: first.serialized() + second.serialized())
        #expect(read != first)
    }

    @Test("Random damage never traps", arguments: UInt64(1)...300)
    func damaged(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bytes = record(try Sample.tap(using: &random), using: &random).serialized()
        for _ in 0...3 {
            bytes[.random(in: bytes.indices, using: &random)] = .random(
                in: .min ... .max, using: &random)
        }
        _ = try? TapRecord(serialized: bytes)
    }

    @Test("A number from newer software is refused by name")
    func unknownNumbers() throws {
        var random = SeededGenerator(seed: 4)
        let accepted = record(try Sample.tap(), using: &random).serialized()
        // Appended fields replace those before them (protobuf: last one wins).
        #expect(throws: WireFailure.unknown(field: "verdict", value: 9)) {
            try TapRecord(serialized: accepted + [0x60, 9])
        }
        #expect(throws: WireFailure.unknown(field: "clock_quality", value: 7)) {
            try TapRecord(serialized: accepted + [0x38, 7])
        }
        let refused = record(try Sample.tap(verdict: .refused(.denied)), using: &random)
        #expect(throws: WireFailure.unknown(field: "refusal", value: 200)) {
            try TapRecord(serialized: refused.serialized() + [0x68, 0xC8, 0x01])
        }
    }

    @Test("A verdict must be stated, and fit its refusal")
    func verdictIsStated() throws {
        var random = SeededGenerator(seed: 5)
        let accepted = record(try Sample.tap(), using: &random).serialized()
        #expect(throws: WireFailure.missing(field: "verdict")) {
            try TapRecord(serialized: accepted + [0x60, 0])
        }
        #expect(throws: WireFailure.missing(field: "refusal")) {
            try TapRecord(serialized: accepted + [0x60, 2])
        }
        #expect(throws: WireFailure.invalid(field: "refusal")) {
            try TapRecord(serialized: accepted + [0x68, 1])
        }
    }

    @Test("Facts that are missing or absurd are refused by name")
    func absurd() throws {
        var random = SeededGenerator(seed: 6)
        let bytes = record(try Sample.tap(), using: &random).serialized()
        #expect(throws: WireFailure.missing(field: "riders")) {
            try TapRecord(serialized: bytes + [0x78, 0])
        }
        #expect(throws: WireFailure.invalid(field: "riders")) {
            try TapRecord(serialized: bytes + [0x78, 0x80, 0x02])
        }
        #expect(throws: WireFailure.missing(field: "sequence")) {
            try TapRecord(serialized: bytes + [0x18, 0])
        }
        #expect(throws: WireFailure.invalid(field: "epoch_id")) {
            try TapRecord(serialized: bytes + [0x12, 1, 5])
        }
        #expect(throws: WireFailure.invalid(field: "previous_hash")) {
            try TapRecord(serialized: bytes + [0x22, 1, 5])
        }
        #expect(throws: WireFailure.recordTooLarge(5_000)) {
            try TapRecord(serialized: Array(repeating: 0, count: 5_000))
        }
    }

    @Test("Facts that are not known here are passed over")
    func newFields() throws {
        var random = SeededGenerator(seed: 7)
        let record = record(try Sample.tap(), using: &random)
        // Field 100, varint 1.
        #expect(try TapRecord(serialized: record.serialized() + [0xA0, 0x06, 1]) == record)
    }

    @Test("An opening is read again, with and without a parent")
    func openings() throws {
        var random = SeededGenerator(seed: 8)
        for cause in EpochCause.allCases {
            let parent = EpochParent(
                epoch: EpochID(using: &random), lastSequence: 9, lastHash: ChainHash.of([9]))
            for parent in [nil, parent] {
                let opening = EpochOpening(
                    device: Sample.device, epoch: EpochID(using: &random), parent: parent,
                    openedAt: Timestamp(secondsSince1970: -5), cause: cause)
                #expect(try EpochOpening(serialized: opening.serialized()) == opening)
            }
        }
    }
}

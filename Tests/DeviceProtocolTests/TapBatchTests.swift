import Crypto
import DeviceProtocol
import Testing
import TransitModel

@Suite("Tap batch")
struct TapBatchTests {
    private let key = P256.Signing.PrivateKey()

    private func epoch(_ count: Int) throws -> SampleEpoch {
        var random = SeededGenerator(seed: 11)
        var epoch = SampleEpoch(using: &random)
        try epoch.append(count: count)
        return epoch
    }

    @Test("What was sent is received again")
    func encodeThenDecode() throws {
        let batch = try epoch(5).batch(2...5, key: key)
        #expect(try TapBatch(serialized: batch.serialized()) == batch)
        #expect(batch.lastSequence == 5)
    }

    @Test("A truncated batch is malformed or fails its signature")
    func truncated() throws {
        let bytes = try epoch(3).batch(1...3, key: key).serialized()
        for length in 0..<bytes.count {
            guard let batch = try? TapBatch(serialized: Array(bytes.prefix(length))) else {
                continue
            }
            let checked = CheckedBatch(batch, from: Sample.device, key: key.publicKey)
            #expect(checked.flaw == .badSignature)
        }
    }

    @Test("Empty and oversized batches are malformed")
    func limits() throws {
        let epoch = try epoch(1)
        #expect(throws: WireFailure.missing(field: "records")) {
            try TapBatch(
                openingBytes: epoch.openingBytes, firstSequence: 1,
                previousHash: epoch.hash(at: 0), records: [],
                headSignature: Array(repeating: 0, count: 64))
        }
        #expect(throws: WireFailure.tooManyRecords(501)) {
            try TapBatch(
                openingBytes: epoch.openingBytes, firstSequence: 1,
                previousHash: epoch.hash(at: 0),
                records: Array(repeating: epoch.records[0], count: 501),
                headSignature: Array(repeating: 0, count: 64))
        }
    }

    @Test("An honest batch has no flaw")
    func honest() throws {
        let epoch = try epoch(4)
        let checked = CheckedBatch(
            try epoch.batch(2...4, key: key), from: Sample.device, key: key.publicKey)
        #expect(checked.flaw == nil)
        #expect(checked.hash(at: 1) == epoch.hash(at: 1))
        #expect(checked.hash(at: 4) == epoch.hash(at: 4))
        #expect(checked.hash(at: 5) == nil)
    }

    @Test("Another key, another device and a broken chain are flaws")
    func flaws() throws {
        let epoch = try epoch(4)
        let batch = try epoch.batch(1...4, key: key)
        let other = P256.Signing.PrivateKey()
        #expect(
            CheckedBatch(batch, from: Sample.device, key: other.publicKey).flaw == .badSignature)
        #expect(CheckedBatch(batch, from: "other", key: key.publicKey).flaw == .wrongDevice)
        let missingOne = try TapBatch(
            openingBytes: epoch.openingBytes, firstSequence: 1, previousHash: epoch.hash(at: 0),
            records: [epoch.records[0], epoch.records[2]], signer: P256HeadSigner(key: key))
        #expect(
            CheckedBatch(missingOne, from: Sample.device, key: key.publicKey).flaw == .wrongChain)
        let wrongStart = try TapBatch(
            openingBytes: epoch.openingBytes, firstSequence: 1, previousHash: epoch.hash(at: 2),
            records: [epoch.records[0]], signer: P256HeadSigner(key: key))
        #expect(
            CheckedBatch(wrongStart, from: Sample.device, key: key.publicKey).flaw == .wrongChain)
    }

    @Test("A record that cannot be read is set aside; the chain runs through it")
    func poison() throws {
        var epoch = try epoch(2)
        epoch.append(rawBytes: [0xFF, 0xFF, 0xFF])
        try epoch.append(count: 2)
        let checked = CheckedBatch(
            try epoch.batch(1...5, key: key), from: Sample.device, key: key.publicKey)
        #expect(checked.flaw == nil)
        #expect(throws: WireFailure.notProtobuf) { try checked.links[2].record.get() }
        #expect(checked.links.count { (try? $0.record.get()) != nil } == 4)
    }

    @Test("An acknowledgement is read again")
    func acknowledgements() throws {
        var random = SeededGenerator(seed: 12)
        let dispositions: [Acknowledgement.Disposition] =
            [.appended, .repeated, .gap] + QuarantineReason.allCases.map { .quarantined($0) }
        for disposition in dispositions {
            let acknowledgement = Acknowledgement(
                epoch: EpochID(using: &random), headSequence: 9, headHash: ChainHash.of([1]),
                prunableThrough: 8, disposition: disposition, receivedThrough: 12)
            #expect(
                try Acknowledgement(serialized: acknowledgement.serialized()) == acknowledgement)
        }
    }
}

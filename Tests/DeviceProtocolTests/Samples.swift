import Crypto
import DeviceProtocol
import Testing
import TransitModel

/// Taps, epochs and batches to test with.
enum Sample {
    static let device: DeviceID = "validator-7"

    static func mediaKey(_ filler: UInt8) throws -> MediaKey {
        try #require(
            MediaKey(bytes: Array(repeating: filler, count: 16), generation: KeyGeneration(3)))
    }

    static func tap(
        at milliseconds: Int64 = 1_772_436_600_000, filler: UInt8 = 7,
        verdict: TapVerdict = .accepted
    ) throws -> Tap {
        Tap(
            tappedAt: Timestamp(millisecondsSince1970: milliseconds),
            monotonic: MonotonicTime(milliseconds: 12_345), clockQuality: .system,
            service: ServiceContext(vehicle: "tram-101", route: "1", trip: "1-0730"),
            mediaKey: try mediaKey(filler), mediaKind: .eTicketCard, verdict: verdict,
            documents: DocumentVersions(denyListBase: 4, denyListOverlay: 0, configuration: 2))
    }

    /// Any tap that can exist, drawn from a seed.
    static func tap(using random: inout SeededGenerator) throws -> Tap {
        let refusal = TapRefusal.allCases.randomElement(using: &random) ?? .denied
        let verdict: TapVerdict = Bool.random(using: &random) ? .accepted : .refused(refusal)
        let isIdentified = verdict.isAccepted || Bool.random(using: &random)
        func maybe<Value>(_ value: Value) -> Value? {
            Bool.random(using: &random) ? value : nil
        }
        return Tap(
            tappedAt: Timestamp(millisecondsSince1970: .random(in: .min ... .max, using: &random)),
            monotonic: MonotonicTime(milliseconds: .random(in: 0 ... .max, using: &random)),
            clockQuality: ClockQuality.allCases.randomElement(using: &random) ?? .unset,
            position: maybe(
                AgedPosition(
                    latitudeE7: .random(in: -900_000_000...900_000_000, using: &random),
                    longitudeE7: .random(in: -1_800_000_000...1_800_000_000, using: &random),
                    age: .milliseconds(Int64.random(in: 0...1_000_000, using: &random)))),
            service: ServiceContext(
                vehicle: "tram-101", route: maybe("1"), trip: maybe("трамвай 1"),
                stop: maybe("S 1"), direction: maybe(.inbound)),
            mediaKey: isIdentified
                ? try mediaKey(UInt8.random(in: .min ... .max, using: &random)) : nil,
            mediaKind: isIdentified ? MediaKind.allCases.randomElement(using: &random) : nil,
            riderCategory: maybe("pupil"), verdict: verdict,
            documents: DocumentVersions(
                denyListBase: .random(in: 0...9_999, using: &random), denyListOverlay: 0,
                configuration: .random(in: 0...9_999, using: &random)),
            riders: .random(in: 1...255, using: &random),
            sealedPaymentDigest: maybe(Array(repeating: 9, count: 32)))
    }
}

/// A device's chain under construction, as its journal would keep it.
struct SampleEpoch {
    let opening: EpochOpening
    let openingBytes: [UInt8]
    private(set) var records: [[UInt8]] = []

    init(_ opening: EpochOpening) {
        self.opening = opening
        openingBytes = opening.serialized()
    }

    init(
        device: DeviceID = Sample.device, parent: EpochParent? = nil, cause: EpochCause = .start,
        using random: inout SeededGenerator
    ) {
        self.init(
            EpochOpening(
                device: device, epoch: EpochID(using: &random), parent: parent,
                openedAt: Timestamp(secondsSince1970: 1_772_436_000), cause: cause))
    }

    var headSequence: UInt64 { UInt64(records.count) }

    func hash(at sequence: UInt64) -> ChainHash {
        ChainHash.of(sequence == 0 ? openingBytes : records[Int(sequence) - 1])
    }

    var head: EpochHead { head(at: headSequence) }

    func head(at sequence: UInt64, state: EpochHead.State = .open) -> EpochHead {
        EpochHead(
            opening: opening, openingHash: ChainHash.of(openingBytes), sequence: sequence,
            hash: hash(at: sequence), state: state)
    }

    /// What a successor opened now would say of this epoch.
    func asParent(at sequence: UInt64? = nil) -> EpochParent {
        let sequence = sequence ?? headSequence
        return EpochParent(
            epoch: opening.epoch, lastSequence: sequence, lastHash: hash(at: sequence))
    }

    mutating func append(_ tap: Tap) {
        let record = TapRecord(
            device: opening.device, epoch: opening.epoch, sequence: headSequence + 1,
            previousHash: hash(at: headSequence), tap: tap)
        records.append(record.serialized())
    }

    mutating func append(count: Int, filler: UInt8 = 7) throws {
        for number in 0..<count {
            append(try Sample.tap(at: 1_772_436_600_000 + Int64(number), filler: filler))
        }
    }

    mutating func append(rawBytes: [UInt8]) {
        records.append(rawBytes)
    }

    func batch(
        _ sequences: ClosedRange<UInt64>, key: P256.Signing.PrivateKey
    ) throws -> TapBatch {
        try TapBatch(
            openingBytes: openingBytes, firstSequence: sequences.lowerBound,
            previousHash: hash(at: sequences.lowerBound - 1),
            records: Array(
                records[Int(sequences.lowerBound - 1)...Int(sequences.upperBound - 1)]),
            signer: P256HeadSigner(key: key))
    }
}

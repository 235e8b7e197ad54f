import SwiftProtobuf
import TransitModel

/// Consecutive records of one epoch on their way to the back office.
package struct TapBatch: Hashable, Sendable {
    /// The most records that one batch carries.
    package static let recordLimit = 500
    /// The most bytes that a batch can need, for limits on request bodies.
    package static let byteLimit = (recordLimit + 1) * (TapRecord.byteLimit + 8) + 256
    package static let signatureByteCount = 64

    /// Stored bytes of ``opening``.
    package let openingBytes: [UInt8]
    package let opening: EpochOpening
    package let firstSequence: UInt64
    /// What the first record continues from.
    package let previousHash: ChainHash
    /// Stored bytes; one to ``recordLimit``.
    package let records: [[UInt8]]
    package let headSignature: [UInt8]

    package var epoch: EpochID { opening.epoch }
    package var lastSequence: UInt64 { firstSequence + UInt64(records.count) - 1 }

    /// Gathers stored records into a batch and has its head signed.
    ///
    /// - Parameter openingBytes: As stored; the epoch and the device are read from them.
    /// - Throws: ``WireFailure`` when the parts make no valid batch, or what the signer throws.
    package init(
        openingBytes: [UInt8], firstSequence: UInt64, previousHash: ChainHash,
        records: [[UInt8]], signer: some HeadSigner
    ) throws {
        let unsigned = try TapBatch(
            openingBytes: openingBytes, firstSequence: firstSequence, previousHash: previousHash,
            records: records,
            headSignature: Array(repeating: 0, count: Self.signatureByteCount))
        let headHash = records.last.map(ChainHash.of) ?? previousHash
        let signature = try signer.sign(unsigned.statement(headHash: headHash))
        try self.init(
            openingBytes: openingBytes, firstSequence: firstSequence, previousHash: previousHash,
            records: records, headSignature: signature)
    }

    package init(
        openingBytes: [UInt8], firstSequence: UInt64, previousHash: ChainHash,
        records: [[UInt8]], headSignature: [UInt8]
    ) throws(WireFailure) {
        opening = try EpochOpening(serialized: openingBytes)
        guard !records.isEmpty else { throw .missing(field: "records") }
        guard records.count <= Self.recordLimit else { throw .tooManyRecords(records.count) }
        for record in records where record.count > TapRecord.byteLimit {
            throw .recordTooLarge(record.count)
        }
        guard firstSequence > 0 else { throw .missing(field: "first_sequence") }
        guard firstSequence <= UInt64(Int64.max) - UInt64(Self.recordLimit) else {
            throw .invalid(field: "first_sequence")
        }
        guard headSignature.count == Self.signatureByteCount else {
            throw .invalid(field: "head_signature")
        }
        self.openingBytes = openingBytes
        self.firstSequence = firstSequence
        self.previousHash = previousHash
        self.records = records
        self.headSignature = headSignature
    }

    func statement(headHash: ChainHash) -> HeadStatement {
        HeadStatement(
            device: opening.device, epoch: opening.epoch,
            openingHash: ChainHash.of(openingBytes), firstSequence: firstSequence,
            previousHash: previousHash, lastSequence: lastSequence, headHash: headHash)
    }
}

// MARK: - Bytes

extension TapBatch {
    package init(serialized bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= Self.byteLimit else { throw .invalid(field: "length") }
        let wire = try WireFields.decode(Kvytok_Device_V1_TapBatch.self, from: bytes)
        guard wire.records.count <= Self.recordLimit else {
            throw .tooManyRecords(wire.records.count)
        }
        try self.init(
            openingBytes: [UInt8](wire.opening), firstSequence: wire.firstSequence,
            previousHash: try WireFields.hash(wire.previousHash, "previous_hash"),
            records: wire.records.map { [UInt8]($0) },
            headSignature: [UInt8](wire.headSignature))
    }

    package func serialized() -> [UInt8] {
        var wire = Kvytok_Device_V1_TapBatch()
        wire.opening = .init(field: openingBytes)
        wire.firstSequence = firstSequence
        wire.previousHash = .init(field: previousHash.bytes)
        wire.records = records.map { .init(field: $0) }
        wire.headSignature = .init(field: headSignature)
        return WireFields.encode(wire)
    }
}

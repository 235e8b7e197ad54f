import SwiftProtobuf
import TransitModel

/// The server's answer to a batch.
package struct Acknowledgement: Hashable, Sendable {
    package enum Disposition: Hashable, Sendable {
        case appended
        case repeated
        /// The batch does not continue from the head; send again from there.
        case gap
        /// Stored in quarantine. The device goes on after ``receivedThrough``.
        case quarantined(QuarantineReason)
    }

    package let epoch: EpochID
    /// The server's head; zero before the first record.
    package let headSequence: UInt64
    package let headHash: ChainHash
    /// Covered by a backup or an archive: the device may forget records up to here.
    package let prunableThrough: UInt64
    package let disposition: Disposition
    /// The last record that the server has stored in any form, quarantine included.
    package let receivedThrough: UInt64

    package init(
        epoch: EpochID, headSequence: UInt64, headHash: ChainHash, prunableThrough: UInt64,
        disposition: Disposition, receivedThrough: UInt64
    ) {
        self.epoch = epoch
        self.headSequence = headSequence
        self.headHash = headHash
        self.prunableThrough = prunableThrough
        self.disposition = disposition
        self.receivedThrough = receivedThrough
    }
}

// MARK: - Bytes

extension Acknowledgement {
    package init(serialized bytes: [UInt8]) throws(WireFailure) {
        let wire = try WireFields.decode(Kvytok_Device_V1_Acknowledgement.self, from: bytes)
        epoch = try WireFields.epoch(wire.epochID)
        headSequence = try WireFields.count(wire.headSequence, "head_sequence")
        headHash = try WireFields.hash(wire.headHash, "head_hash")
        prunableThrough = try WireFields.count(wire.prunableThrough, "prunable_through")
        receivedThrough = try WireFields.count(wire.receivedThrough, "received_through")
        guard prunableThrough <= headSequence else { throw .invalid(field: "prunable_through") }
        switch wire.disposition {
        case .appended: disposition = .appended
        case .repeated: disposition = .repeated
        case .gap: disposition = .gap
        case .quarantined:
            let number = wire.quarantineReason
            guard let reason = UInt8(exactly: number).flatMap(QuarantineReason.init) else {
                throw .unknown(field: "quarantine_reason", value: UInt64(number))
            }
            disposition = .quarantined(reason)
        case .unspecified: throw .missing(field: "disposition")
        case .UNRECOGNIZED(let value):
            throw .unknown(field: "disposition", value: UInt64(truncatingIfNeeded: value))
        }
    }

    package func serialized() -> [UInt8] {
        var wire = Kvytok_Device_V1_Acknowledgement()
        wire.epochID = .init(field: epoch.bytes)
        wire.headSequence = headSequence
        wire.headHash = .init(field: headHash.bytes)
        wire.prunableThrough = prunableThrough
        wire.receivedThrough = receivedThrough
        switch disposition {
        case .appended: wire.disposition = .appended
        case .repeated: wire.disposition = .repeated
        case .gap: wire.disposition = .gap
        case .quarantined(let reason):
            wire.disposition = .quarantined
            wire.quarantineReason = UInt32(reason.rawValue)
        }
        return WireFields.encode(wire)
    }
}

import SwiftProtobuf
import TransitModel

/// Where the epoch before ended, as far as the device knew when it opened the next.
package struct EpochParent: Hashable, Sendable {
    package let epoch: EpochID
    package let lastSequence: UInt64
    package let lastHash: ChainHash

    package init(epoch: EpochID, lastSequence: UInt64, lastHash: ChainHash) {
        self.epoch = epoch
        self.lastSequence = lastSequence
        self.lastHash = lastHash
    }
}

/// Why a device began a new epoch.
package enum EpochCause: UInt8, Sendable, CaseIterable {
    /// The program started.
    case start = 1
    /// The journal was damaged and set aside.
    case corruption = 2
    /// A backlog grew so large that live taps should not wait behind it.
    case backlog = 3
}

/// The first link of an epoch's chain: the hash of its stored bytes is what record 1 continues.
package struct EpochOpening: Hashable, Sendable {
    package let device: DeviceID
    package let epoch: EpochID
    /// Absent on a device's very first start, and when a damaged journal gave nothing away.
    package let parent: EpochParent?
    package let openedAt: Timestamp
    package let cause: EpochCause

    package init(
        device: DeviceID, epoch: EpochID, parent: EpochParent?, openedAt: Timestamp,
        cause: EpochCause
    ) {
        self.device = device
        self.epoch = epoch
        self.parent = parent
        self.openedAt = openedAt
        self.cause = cause
    }
}

// MARK: - Bytes

extension EpochOpening {
    package init(serialized bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= TapRecord.byteLimit else { throw .recordTooLarge(bytes.count) }
        let wire = try WireFields.decode(Kvytok_Device_V1_EpochOpening.self, from: bytes)
        device = try WireFields.identifier(wire.deviceID, "device_id")
        epoch = try WireFields.epoch(wire.epochID)
        parent = wire.hasParent ? try EpochParent(wire: wire.parent) : nil
        openedAt = Timestamp(millisecondsSince1970: wire.openedAtMs)
        switch wire.cause {
        case .start: cause = .start
        case .corruption: cause = .corruption
        case .backlog: cause = .backlog
        case .unspecified: throw .missing(field: "cause")
        case .UNRECOGNIZED(let value):
            throw .unknown(field: "cause", value: UInt64(truncatingIfNeeded: value))
        }
        guard parent?.epoch != epoch else { throw .invalid(field: "parent.epoch_id") }
    }

    package func serialized() -> [UInt8] {
        var wire = Kvytok_Device_V1_EpochOpening()
        wire.deviceID = device.rawValue
        wire.epochID = .init(field: epoch.bytes)
        if let parent {
            wire.parent = .with {
                $0.epochID = .init(field: parent.epoch.bytes)
                $0.lastSequence = parent.lastSequence
                $0.lastHash = .init(field: parent.lastHash.bytes)
            }
        }
        wire.openedAtMs = openedAt.millisecondsSince1970
        wire.cause =
            switch cause {
            case .start: .start
            case .corruption: .corruption
            case .backlog: .backlog
            }
        return WireFields.encode(wire)
    }
}

extension EpochParent {
    fileprivate init(wire: Kvytok_Device_V1_EpochParent) throws(WireFailure) {
        epoch = try WireFields.epoch(wire.epochID, "parent.epoch_id")
        lastSequence = try WireFields.count(wire.lastSequence, "parent.last_sequence")
        lastHash = try WireFields.hash(wire.lastHash, "parent.last_hash")
    }
}

import TransitModel

/// One tap in its place in the device's chain: what the journal stores, the uplink sends and
/// `tap_log` keeps, byte for byte.
package struct TapRecord: Hashable, Sendable {
    package let device: DeviceID
    package let epoch: EpochID
    /// Counts from 1 within the epoch.
    package let sequence: UInt64
    /// Of the record before; of the epoch's opening for sequence 1.
    package let previousHash: ChainHash
    package let tap: Tap

    package init(
        device: DeviceID, epoch: EpochID, sequence: UInt64, previousHash: ChainHash, tap: Tap
    ) {
        self.device = device
        self.epoch = epoch
        self.sequence = sequence
        self.previousHash = previousHash
        self.tap = tap
    }

    package var id: TapID { TapID(device: device, epoch: epoch, sequence: sequence) }
}

// MARK: - Bytes

extension TapRecord {
    /// Far above what the largest record needs, so that no device can fill a disk with one.
    package static let byteLimit = 4_096

    /// Reads stored bytes strictly: whatever cannot be understood in full is refused by name.
    ///
    /// Fields that are not known here are passed over: a later protocol may add facts, but never
    /// change what the present ones mean.
    package init(serialized bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= Self.byteLimit else { throw .recordTooLarge(bytes.count) }
        let wire = try WireFields.decode(Kvytok_Device_V1_TapRecord.self, from: bytes)
        device = try WireFields.identifier(wire.deviceID, "device_id")
        epoch = try WireFields.epoch(wire.epochID)
        sequence = try WireFields.sequence(wire.sequence, "sequence")
        previousHash = try WireFields.hash(wire.previousHash, "previous_hash")
        tap = try Tap(wire: wire)
    }

    /// The bytes to store. Spans lose what lies below a millisecond.
    package func serialized() -> [UInt8] {
        var wire = Kvytok_Device_V1_TapRecord()
        wire.deviceID = device.rawValue
        wire.epochID = .init(field: epoch.bytes)
        wire.sequence = sequence
        wire.previousHash = .init(field: previousHash.bytes)
        tap.write(to: &wire)
        return WireFields.encode(wire)
    }
}

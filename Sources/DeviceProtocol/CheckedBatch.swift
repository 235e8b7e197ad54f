import Crypto
import TransitModel

/// A batch whose chain and signature have been followed once, record by record.
package struct CheckedBatch: Sendable {
    /// One stored record with its hash, read as far as this software can read it.
    package struct Link: Sendable {
        package let sequence: UInt64
        package let bytes: [UInt8]
        package let hash: ChainHash
        /// A record that cannot be read is stored and set aside; the chain runs through its
        /// bytes all the same and blocks nothing.
        package let record: Result<TapRecord, WireFailure>
    }

    package let batch: TapBatch
    package let openingHash: ChainHash
    package let links: [Link]
    /// Why nobody can vouch for this batch; `nil` when chain and signature hold.
    package let flaw: QuarantineReason?

    /// - Parameters:
    ///   - device: Whom the connection's certificate names.
    ///   - key: The certificate's public key.
    package init(_ batch: TapBatch, from device: DeviceID, key: P256.Signing.PublicKey) {
        var links: [Link] = []
        links.reserveCapacity(batch.records.count)
        var previous = batch.previousHash
        var isChained = true
        for (offset, bytes) in batch.records.enumerated() {
            let sequence = batch.firstSequence + UInt64(offset)
            let record: Result<TapRecord, WireFailure>
            do throws(WireFailure) {
                let read = try TapRecord(serialized: bytes)
                isChained =
                    isChained && read.device == batch.opening.device
                    && read.epoch == batch.epoch && read.sequence == sequence
                    && read.previousHash == previous
                record = .success(read)
            } catch {
                record = .failure(error)
            }
            previous = ChainHash.of(bytes)
            links.append(Link(sequence: sequence, bytes: bytes, hash: previous, record: record))
        }
        self.batch = batch
        self.links = links
        openingHash = ChainHash.of(batch.openingBytes)
        let startsRight = batch.firstSequence > 1 || batch.previousHash == openingHash
        if batch.opening.device != device {
            flaw = .wrongDevice
        } else if !batch.statement(headHash: previous).isSigned(batch.headSignature, by: key) {
            flaw = .badSignature
        } else if !isChained || !startsRight {
            flaw = .wrongChain
        } else {
            flaw = nil
        }
    }

    /// The chain's hash at a sequence from just before the first record to the last one.
    package func hash(at sequence: UInt64) -> ChainHash? {
        if sequence + 1 == batch.firstSequence { return batch.previousHash }
        guard sequence >= batch.firstSequence, sequence <= batch.lastSequence else { return nil }
        return links[Int(sequence - batch.firstSequence)].hash
    }
}

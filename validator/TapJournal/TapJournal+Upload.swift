import DeviceProtocol
import Foundation
import TransitModel

/// Records on their way to a batch.
package struct JournalRun: Hashable, Sendable {
    package let openingBytes: [UInt8]
    package let firstSequence: UInt64
    package let previousHash: ChainHash
    package let records: [[UInt8]]
}

/// Taps that the server has not acknowledged.
package struct JournalBacklog: Hashable, Sendable {
    package var taps: UInt64 = 0
    /// When the oldest of them was tapped.
    package var oldestAt: Timestamp?
}

extension TapJournal {
    /// What waits to be sent, over all epochs.
    package func backlog() throws -> JournalBacklog {
        try mapped {
            var backlog = JournalBacklog()
            for epoch in try file.listEpochs() {
                let isLive = epoch.id == live.epoch.id
                let last = isLive ? live.head.sequence : try file.head(of: epoch).sequence
                let acknowledged = isLive ? live.acknowledged : epoch.acknowledgedSequence
                guard acknowledged < last else { continue }
                backlog.taps += last - acknowledged
                if let tappedAt = try file.tappedAt(in: epoch, after: acknowledged) {
                    backlog.oldestAt = min(tappedAt, backlog.oldestAt ?? tappedAt)
                }
            }
            return backlog
        }
    }

    /// A signal after each append, kept once while nobody listens. The first comes at once.
    package func wakes() -> AsyncStream<Void> {
        let number = nextListener
        nextListener += 1
        let (stream, continuation) = AsyncStream<Void>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        listeners[number] = continuation
        continuation.onTermination = { [weak self] _ in
            Task { await self?.forget(listener: number) }
        }
        continuation.yield()
        return stream
    }

    private func forget(listener number: Int) {
        listeners[number] = nil
    }

    /// Every epoch still held, oldest first.
    package func listProgress() throws -> [UplinkMachine.Progress] {
        try mapped {
            try file.listEpochs().map { epoch in
                let isLive = epoch.id == live.epoch.id
                let head = isLive ? live.head : try file.head(of: epoch)
                return UplinkMachine.Progress(
                    epoch: epoch.id, isLive: isLive, lastSequence: head.sequence,
                    acknowledgedThrough: epoch.acknowledgedSequence,
                    prunedThrough: epoch.prunedSequence)
            }
        }
    }

    /// The live epoch's progress, without asking the disk.
    package var liveProgress: UplinkMachine.Progress {
        UplinkMachine.Progress(
            epoch: live.epoch.id, isLive: true, lastSequence: live.head.sequence,
            acknowledgedThrough: live.acknowledged, prunedThrough: live.epoch.prunedSequence)
    }

    /// The stored bytes that an order asks for.
    ///
    /// - Returns: `nil` when they are no longer held.
    package func read(_ order: UplinkMachine.Order) throws -> JournalRun? {
        try mapped {
            guard let epoch = try find(order.epoch),
                let previous = try file.hash(in: epoch, at: order.firstSequence - 1)
                    ?? (order.firstSequence == 1 ? ChainHash.of(epoch.openingBytes) : nil)
            else { return nil }
            let records = try file.list(
                in: epoch, from: order.firstSequence, limit: order.count)
            guard records.first?.sequence == order.firstSequence else { return nil }
            return JournalRun(
                openingBytes: epoch.openingBytes, firstSequence: order.firstSequence,
                previousHash: previous, records: records.map(\.bytes))
        }
    }

    /// Writes down how far the server has come; its head counts, also when it went backwards.
    ///
    /// - Throws: ``JournalFailure/disagreement(_:)`` when the server's head has another hash
    ///   than the record here; then nothing is noted and nothing ever pruned on its word.
    package func record(_ acknowledgement: Acknowledgement) throws {
        try mapped {
            guard let epoch = try find(acknowledgement.epoch) else { return }
            let sequence = acknowledgement.headSequence
            if let held = try file.hash(in: epoch, at: sequence),
                held != acknowledgement.headHash
            {
                throw JournalFailure.disagreement(
                    TapID(device: device, epoch: epoch.id, sequence: sequence))
            }
            let isQuarantined: Bool
            var acknowledged = sequence
            if case .quarantined = acknowledgement.disposition {
                isQuarantined = true
                acknowledged = max(sequence, acknowledgement.receivedThrough)
            } else {
                isQuarantined = false
            }
            try file.recordAcknowledgement(
                epoch: epoch, acknowledged: acknowledged,
                prunable: acknowledgement.prunableThrough, isQuarantined: isQuarantined)
            if epoch.id == live.epoch.id { live.acknowledged = acknowledged }
        }
    }

    /// Forgets what the server calls prunable and what is older than an instant. The newest
    /// taps stay for the passback rule, and an epoch in quarantine stays whole as evidence.
    package func prune(olderThan instant: Timestamp) throws {
        try mapped {
            let epochs = try file.listEpochs()
            for epoch in epochs where !epoch.isQuarantined {
                let head = try file.head(of: epoch)
                let recent = try file.firstSequence(in: epoch, tappedSince: instant)
                let through = min(epoch.prunableSequence, (recent ?? .max) - 1)
                if through > epoch.prunedSequence, through <= head.sequence,
                    let hash = try file.hash(in: epoch, at: through)
                {
                    try file.prune(epoch, through: through, hash: hash)
                }
                let isNewest = epoch == epochs.last || epoch.id == live.epoch.id
                let isNamedByLive =
                    (try? EpochOpening(serialized: live.epoch.openingBytes))?.parent?.epoch
                    == epoch.id
                if !isNewest, !isNamedByLive, through >= head.sequence { try file.delete(epoch) }
            }
        }
    }

    func find(_ id: EpochID) throws -> JournalFile.Epoch? {
        try file.listEpochs().first { $0.id == id }
    }
}

import TransitModel

/// Why a batch is stored but not charged until staff decide. Numbers are wire and store values.
package enum QuarantineReason: UInt8, Sendable, CaseIterable {
    /// The epoch holds other content at the same sequence.
    case fork = 1
    /// An epoch grew beyond the head at which its successor says it ended.
    case closedEpochGrows = 2
    /// Two epochs name the same parent and both hold taps.
    case twoChildren = 3
    /// The records do not continue each other or the epoch's opening.
    case wrongChain = 4
    /// The head is not signed by the key of the device that sent it.
    case badSignature = 5
    /// The epoch belongs to another device than the certificate names.
    case wrongDevice = 6
    /// The epoch, or the one that it continues, is in quarantine already.
    case epochQuarantined = 7
    /// The device was revoked.
    case deviceRevoked = 8
    /// An old batch came again, and the hash to compare it with is no longer held.
    case historyUnavailable = 9

    /// A stable name for stores, logs and pages.
    package var code: String {
        switch self {
        case .fork: "fork"
        case .closedEpochGrows: "closed_epoch_grows"
        case .twoChildren: "two_children"
        case .wrongChain: "wrong_chain"
        case .badSignature: "bad_signature"
        case .wrongDevice: "wrong_device"
        case .epochQuarantined: "epoch_quarantined"
        case .deviceRevoked: "device_revoked"
        case .historyUnavailable: "history_unavailable"
        }
    }
}

/// How far an epoch has come on the server.
package struct EpochHead: Hashable, Sendable {
    package enum State: String, Sendable {
        case open, closed, quarantined
    }

    package let opening: EpochOpening
    package let openingHash: ChainHash
    /// Zero before the first record.
    package let sequence: UInt64
    /// The opening's hash before the first record.
    package let hash: ChainHash
    package let state: State

    package init(
        opening: EpochOpening, openingHash: ChainHash, sequence: UInt64, hash: ChainHash,
        state: State
    ) {
        self.opening = opening
        self.openingHash = openingHash
        self.sequence = sequence
        self.hash = hash
        self.state = state
    }

    package var epoch: EpochID { opening.epoch }

    fileprivate init(unborn checked: CheckedBatch) {
        self.init(
            opening: checked.batch.opening, openingHash: checked.openingHash, sequence: 0,
            hash: checked.openingHash, state: .open)
    }
}

/// The heads that bear on one epoch, as they stand under the lock.
package struct EpochLineage: Sendable {
    package var own: EpochHead?
    package var parent: EpochHead?
    /// Epochs that name this one as their parent.
    package var children: [EpochHead]
    /// Other epochs that name the same parent.
    package var siblings: [EpochHead]
    /// Of the stored record at the batch's last sequence, when the own head lies beyond it.
    package var storedHash: ChainHash?

    package init(
        own: EpochHead? = nil, parent: EpochHead? = nil, children: [EpochHead] = [],
        siblings: [EpochHead] = [], storedHash: ChainHash? = nil
    ) {
        self.own = own
        self.parent = parent
        self.children = children
        self.siblings = siblings
        self.storedHash = storedHash
    }
}

/// What to do with a batch.
package enum HeadDecision: Hashable, Sendable {
    /// Append the records from this sequence on; those before are there already.
    case append(from: UInt64)
    /// All of it is there already, with the same content.
    case acknowledgeAgain
    /// Records are missing in between: the device is to resume after the head.
    case gap
    /// Store the batch apart; the epochs named stay in quarantine until staff decide.
    case quarantine(QuarantineReason, epochs: [EpochID])
}

/// Decides whether a batch continues what the server holds. The whole guard against double and
/// lost taps, cloned devices and restored disks; it must be asked under the lock of the heads
/// that it is shown.
package enum HeadRule {
    package static func decide(_ checked: CheckedBatch, lineage: EpochLineage) -> HeadDecision {
        let batch = checked.batch
        if let flaw = checked.flaw { return .quarantine(flaw, epochs: [batch.epoch]) }
        let own = lineage.own ?? EpochHead(unborn: checked)
        if own.state == .quarantined {
            return .quarantine(.epochQuarantined, epochs: [batch.epoch])
        }
        guard own.openingHash == checked.openingHash else {
            return .quarantine(.fork, epochs: [batch.epoch])
        }
        guard batch.firstSequence <= own.sequence + 1 else { return .gap }

        // Where what is stored and what was sent meet, they must agree. One comparison covers
        // everything before it, since each hash holds all earlier ones.
        let meeting = min(own.sequence, batch.lastSequence)
        guard let known = meeting == own.sequence ? own.hash : lineage.storedHash else {
            return .quarantine(.historyUnavailable, epochs: [batch.epoch])
        }
        guard checked.hash(at: meeting) == known else {
            return .quarantine(.fork, epochs: [batch.epoch])
        }
        if batch.lastSequence <= own.sequence { return .acknowledgeAgain }

        return contradiction(checked, own: own, lineage: lineage)
            ?? .append(from: own.sequence + 1)
    }

    /// What speaks against growth although the chain itself continues.
    private static func contradiction(
        _ checked: CheckedBatch, own: EpochHead, lineage: EpochLineage
    ) -> HeadDecision? {
        let batch = checked.batch
        for child in lineage.children {
            guard let end = child.opening.parent else { continue }
            if batch.lastSequence > end.lastSequence {
                return .quarantine(.closedEpochGrows, epochs: [batch.epoch, child.epoch])
            }
            if batch.lastSequence == end.lastSequence,
                checked.hash(at: end.lastSequence) != end.lastHash
            {
                return .quarantine(.fork, epochs: [batch.epoch, child.epoch])
            }
        }
        if !lineage.siblings.isEmpty {
            return .quarantine(
                .twoChildren, epochs: [batch.epoch] + lineage.siblings.map(\.epoch))
        }
        guard let end = own.opening.parent, let parent = lineage.parent else { return nil }
        if parent.state == .quarantined {
            return .quarantine(.epochQuarantined, epochs: [batch.epoch])
        }
        // A damaged journal may have forgotten the parent's last records: only then may the
        // server know more of the parent than its successor does.
        if parent.sequence > end.lastSequence, own.opening.cause != .corruption {
            return .quarantine(.closedEpochGrows, epochs: [batch.epoch, parent.epoch])
        }
        if parent.sequence == end.lastSequence, parent.hash != end.lastHash {
            return .quarantine(.fork, epochs: [batch.epoch, parent.epoch])
        }
        return nil
    }
}

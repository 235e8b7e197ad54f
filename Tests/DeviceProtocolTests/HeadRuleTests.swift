import Crypto
import DeviceProtocol
import Testing
import TransitModel

@Suite("Head rule")
struct HeadRuleTests {
    private let key = P256.Signing.PrivateKey()

    private func epoch(
        _ count: Int, seed: UInt64 = 1, parent: EpochParent? = nil, cause: EpochCause = .start,
        filler: UInt8 = 7
    ) throws -> SampleEpoch {
        var random = SeededGenerator(seed: seed)
        var epoch = SampleEpoch(parent: parent, cause: cause, using: &random)
        try epoch.append(count: count, filler: filler)
        return epoch
    }

    private func decide(
        _ epoch: SampleEpoch, _ sequences: ClosedRange<UInt64>, _ lineage: EpochLineage
    ) throws -> HeadDecision {
        let batch = try epoch.batch(sequences, key: key)
        return HeadRule.decide(
            CheckedBatch(batch, from: Sample.device, key: key.publicKey), lineage: lineage)
    }

    // MARK: One epoch

    @Test("The first batch of an epoch is appended")
    func first() throws {
        #expect(try decide(epoch(3), 1...3, EpochLineage()) == .append(from: 1))
    }

    @Test("A batch right after the head is appended")
    func next() throws {
        let epoch = try epoch(5)
        #expect(
            try decide(epoch, 4...5, EpochLineage(own: epoch.head(at: 3))) == .append(from: 4))
    }

    @Test("A batch that reaches beyond the head is appended from the head on")
    func overlapping() throws {
        let epoch = try epoch(5)
        #expect(
            try decide(epoch, 2...5, EpochLineage(own: epoch.head(at: 3))) == .append(from: 4))
    }

    @Test("A batch that is there already is acknowledged again", arguments: 1...5)
    func again(stored: Int) throws {
        let epoch = try epoch(5)
        for last in 1...UInt64(stored) {
            let lineage = EpochLineage(
                own: epoch.head(at: UInt64(stored)), storedHash: epoch.hash(at: last))
            #expect(try decide(epoch, 1...last, lineage) == .acknowledgeAgain)
        }
    }

    @Test("A batch after a hole is answered with the head")
    func gap() throws {
        let epoch = try epoch(5)
        #expect(try decide(epoch, 4...5, EpochLineage(own: epoch.head(at: 2))) == .gap)
        #expect(try decide(epoch, 2...5, EpochLineage()) == .gap)
    }

    @Test("The same sequence with other content is a fork, wherever the two meet")
    func fork() throws {
        let (ours, theirs) = (try epoch(5), try epoch(5, filler: 8))
        let expected = HeadDecision.quarantine(.fork, epochs: [ours.opening.epoch])
        for head in 1...UInt64(4) {
            #expect(try decide(theirs, 1...5, EpochLineage(own: ours.head(at: head))) == expected)
        }
        #expect(try decide(theirs, 4...5, EpochLineage(own: ours.head(at: 3))) == expected)
        let lineage = EpochLineage(own: ours.head, storedHash: ours.hash(at: 2))
        #expect(try decide(theirs, 1...2, lineage) == expected)
    }

    @Test("The same epoch under another opening is a fork")
    func otherOpening() throws {
        let ours = try epoch(2)
        var theirs = SampleEpoch(
            EpochOpening(
                device: Sample.device, epoch: ours.opening.epoch, parent: nil,
                openedAt: Timestamp(secondsSince1970: 7), cause: .start))
        try theirs.append(count: 3)
        #expect(
            try decide(theirs, 3...3, EpochLineage(own: ours.head))
                == .quarantine(.fork, epochs: [ours.opening.epoch]))
    }

    @Test("An old batch whose past is no longer held is not taken on trust")
    func historyUnavailable() throws {
        let epoch = try epoch(5)
        #expect(
            try decide(epoch, 1...2, EpochLineage(own: epoch.head))
                == .quarantine(.historyUnavailable, epochs: [epoch.opening.epoch]))
    }

    @Test("An epoch in quarantine takes nothing more into the log")
    func quarantined() throws {
        let epoch = try epoch(5)
        let lineage = EpochLineage(own: epoch.head(at: 3, state: .quarantined))
        #expect(
            try decide(epoch, 4...5, lineage)
                == .quarantine(.epochQuarantined, epochs: [epoch.opening.epoch]))
    }

    @Test("A flaw of the batch goes before everything else")
    func flaw() throws {
        let epoch = try epoch(2)
        let checked = CheckedBatch(
            try epoch.batch(1...2, key: key), from: Sample.device,
            key: P256.Signing.PrivateKey().publicKey)
        #expect(
            HeadRule.decide(checked, lineage: EpochLineage(own: epoch.head))
                == .quarantine(.badSignature, epochs: [epoch.opening.epoch]))
    }

    // MARK: Parents and children

    @Test("A closed epoch may still deliver what its successor knows of")
    func closedDelivers() throws {
        let parent = try epoch(5)
        let child = try epoch(2, seed: 2, parent: parent.asParent())
        let lineage = EpochLineage(own: parent.head(at: 2), children: [child.head])
        #expect(try decide(parent, 3...5, lineage) == .append(from: 3))
        // The live epoch goes first: its parent may have come only halfway, or not at all.
        #expect(
            try decide(child, 1...2, EpochLineage(parent: parent.head(at: 2)))
                == .append(from: 1))
        #expect(try decide(child, 1...2, EpochLineage()) == .append(from: 1))
    }

    @Test("A closed epoch that grows beyond that is quarantined with its successor")
    func closedGrows() throws {
        let parent = try epoch(6)
        let child = try epoch(2, seed: 2, parent: parent.asParent(at: 5))
        let lineage = EpochLineage(own: parent.head(at: 5), children: [child.head])
        #expect(
            try decide(parent, 6...6, lineage)
                == .quarantine(
                    .closedEpochGrows, epochs: [parent.opening.epoch, child.opening.epoch]))
    }

    @Test("A closed epoch must end as its successor says")
    func closedEndsOtherwise() throws {
        let (parent, other) = (try epoch(5), try epoch(5, filler: 9))
        let child = try epoch(2, seed: 2, parent: other.asParent())
        let lineage = EpochLineage(own: parent.head(at: 2), children: [child.head])
        #expect(
            try decide(parent, 3...5, lineage)
                == .quarantine(.fork, epochs: [parent.opening.epoch, child.opening.epoch]))
    }

    @Test("A restored disk names an end that the server is beyond")
    func restoredDisk() throws {
        let parent = try epoch(5)
        let child = try epoch(1, seed: 2, parent: parent.asParent(at: 3))
        #expect(
            try decide(child, 1...1, EpochLineage(parent: parent.head))
                == .quarantine(
                    .closedEpochGrows, epochs: [child.opening.epoch, parent.opening.epoch]))
    }

    @Test("After damage a device may have forgotten its last taps")
    func afterCorruption() throws {
        let parent = try epoch(5)
        let child = try epoch(1, seed: 2, parent: parent.asParent(at: 3), cause: .corruption)
        #expect(
            try decide(child, 1...1, EpochLineage(parent: parent.head)) == .append(from: 1))
    }

    @Test("A successor that names another end of the same length is a fork")
    func parentEndsOtherwise() throws {
        let (parent, other) = (try epoch(3), try epoch(3, filler: 9))
        let child = try epoch(1, seed: 2, parent: other.asParent())
        #expect(
            try decide(child, 1...1, EpochLineage(parent: parent.head))
                == .quarantine(.fork, epochs: [child.opening.epoch, parent.opening.epoch]))
    }

    @Test("Two children of one epoch that both grow are a clone")
    func twoChildren() throws {
        let parent = try epoch(3)
        let child = try epoch(2, seed: 2, parent: parent.asParent())
        let clone = try epoch(2, seed: 3, parent: parent.asParent(), filler: 8)
        let lineage = EpochLineage(parent: parent.head, siblings: [child.head])
        #expect(
            try decide(clone, 1...2, lineage)
                == .quarantine(.twoChildren, epochs: [clone.opening.epoch, child.opening.epoch]))
    }

    @Test("A restart does not launder a quarantined epoch")
    func childOfQuarantined() throws {
        let parent = try epoch(3)
        let child = try epoch(1, seed: 2, parent: parent.asParent())
        let lineage = EpochLineage(parent: parent.head(at: 3, state: .quarantined))
        #expect(
            try decide(child, 1...1, lineage)
                == .quarantine(.epochQuarantined, epochs: [child.opening.epoch]))
    }
}

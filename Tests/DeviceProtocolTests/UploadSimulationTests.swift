import Crypto
import DeviceProtocol
import Testing
import TransitModel

/// A device and a server talk through a network that loses, repeats, delays and reorders. Both
/// decide with the production machines; a model of what the device wrote checks the outcome.
@Suite("Upload under faults")
struct UploadSimulationTests {
    @Test("Every record arrives exactly once, in order", arguments: UInt64(1)...60)
    func converges(seed: UInt64) throws {
        var world = UploadWorld(seed: seed)
        for _ in 0..<400 { try world.step(isFaulty: true) }
        var steps = 0
        while !world.isSettled {
            try world.step(isFaulty: false)
            steps += 1
            try #require(steps < 5_000, "No convergence under seed \(seed)")
        }
        #expect(world.server.quarantines.isEmpty, "seed \(seed)")
        for epoch in world.epochs {
            #expect(
                world.server.records[epoch.opening.epoch, default: []] == epoch.records,
                "seed \(seed)")
        }
    }
}

/// The server's side: heads and log in memory, decided by ``HeadRule``.
struct ModelServer {
    let device = Sample.device
    let key: P256.Signing.PublicKey
    var heads: [EpochID: EpochHead] = [:]
    var records: [EpochID: [[UInt8]]] = [:]
    var quarantines: [QuarantineReason] = []

    mutating func receive(_ batch: TapBatch) -> Acknowledgement {
        let checked = CheckedBatch(batch, from: device, key: key)
        let parent = batch.opening.parent?.epoch
        let grown = heads.values.filter { $0.epoch != batch.epoch && $0.sequence > 0 }
        var lineage = EpochLineage(
            own: heads[batch.epoch], parent: parent.flatMap { heads[$0] },
            children: grown.filter { $0.opening.parent?.epoch == batch.epoch },
            siblings: grown.filter {
                parent != nil && $0.opening.parent?.epoch == parent
            })
        let log = records[batch.epoch, default: []]
        if batch.lastSequence < UInt64(log.count) {
            lineage.storedHash = ChainHash.of(log[Int(batch.lastSequence) - 1])
        }
        let disposition: Acknowledgement.Disposition
        switch HeadRule.decide(checked, lineage: lineage) {
        case .append(let first):
            for link in checked.links where link.sequence >= first {
                records[batch.epoch, default: []].append(link.bytes)
                heads[batch.epoch] = EpochHead(
                    opening: batch.opening, openingHash: checked.openingHash,
                    sequence: link.sequence, hash: link.hash, state: .open)
            }
            disposition = .appended
        case .acknowledgeAgain: disposition = .repeated
        case .gap: disposition = .gap
        case .quarantine(let reason, _):
            quarantines.append(reason)
            disposition = .quarantined(reason)
        }
        let head = heads[batch.epoch]
        return Acknowledgement(
            epoch: batch.epoch, headSequence: head?.sequence ?? 0,
            headHash: head?.hash ?? checked.openingHash, prunableThrough: head?.sequence ?? 0,
            disposition: disposition, receivedThrough: head?.sequence ?? 0)
    }

    /// The database is restored to an older point of one epoch.
    mutating func forget(_ epoch: EpochID, downTo sequence: Int) {
        guard let log = records[epoch], sequence < log.count, sequence > 0,
            let head = heads[epoch]
        else { return }
        records[epoch] = Array(log.prefix(sequence))
        heads[epoch] = EpochHead(
            opening: head.opening, openingHash: head.openingHash, sequence: UInt64(sequence),
            hash: ChainHash.of(log[sequence - 1]), state: .open)
    }
}

/// Device, network and server on one thread, driven by a seed.
struct UploadWorld {
    private enum Message {
        case batch(TapBatch)
        case answer(Acknowledgement)
        case failure(EpochID)
    }

    private let key = P256.Signing.PrivateKey()
    private var random: SeededGenerator
    private var now = MonotonicTime(milliseconds: 0)
    private var machine = UplinkMachine(
        limits: .init(recordsPerBatch: 7, batchesInFlight: 2))
    private var network: [Message] = []
    private var restarts = 0
    /// What the device's journal has noted.
    private var acknowledged: [EpochID: UInt64] = [:]
    private(set) var epochs: [SampleEpoch] = []
    private(set) var server: ModelServer

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        server = ModelServer(key: key.publicKey)
        epochs = [SampleEpoch(using: &random)]
    }

    var isSettled: Bool {
        network.isEmpty && machine.isIdle
            && epochs.allSatisfy {
                server.records[$0.opening.epoch, default: []].count == $0.records.count
            }
    }

    mutating func step(isFaulty: Bool) throws {
        now = MonotonicTime(milliseconds: now.milliseconds + 50)
        let dice = random.next(upperBound: UInt64(100))
        if isFaulty, dice < 40 {
            epochs[epochs.count - 1].append(try Sample.tap(at: now.milliseconds))
            try receive(.journal(progress(of: epochs.count - 1)))
        } else if isFaulty, dice < 43, restarts < 6, epochs[epochs.count - 1].headSequence > 0 {
            try restart()
        } else if isFaulty, dice < 45, let epoch = epochs.randomElement(using: &random) {
            // The device holds everything, so it can send again whatever the server forgot.
            let length = Int(random.next(upperBound: epoch.headSequence + 1))
            server.forget(epoch.opening.epoch, downTo: length)
        } else if !network.isEmpty {
            try deliver(isFaulty: isFaulty)
        } else {
            // Only asking again shows that a server which is quiet has lost something.
            if machine.isIdle { try receive(.recheck) } else { try obey(machine.advance(at: now)) }
        }
    }

    /// Old epochs close, the journal's own notes come back, what was on its way is lost.
    private mutating func restart() throws {
        restarts += 1
        network.removeAll()
        machine = UplinkMachine(limits: .init(recordsPerBatch: 7, batchesInFlight: 2))
        if epochs[epochs.count - 1].headSequence > 0 {
            epochs.append(
                SampleEpoch(parent: epochs[epochs.count - 1].asParent(), using: &random))
        }
        for index in epochs.indices { try receive(.journal(progress(of: index))) }
    }

    private func progress(of index: Int) -> UplinkMachine.Progress {
        UplinkMachine.Progress(
            epoch: epochs[index].opening.epoch, isLive: index == epochs.count - 1,
            lastSequence: epochs[index].headSequence,
            acknowledgedThrough: acknowledged[epochs[index].opening.epoch] ?? 0)
    }

    private mutating func deliver(isFaulty: Bool) throws {
        // Whichever message comes first: order is not kept between them.
        let message = network.remove(at: Int(random.next(upperBound: UInt64(network.count))))
        switch (message, isFaulty ? random.next(upperBound: UInt64(10)) : 9) {
        case (.batch(let batch), 0):
            network.append(.failure(batch.epoch))
        case (.batch(let batch), 1):
            _ = server.receive(batch)
            network.append(.failure(batch.epoch))
        case (.batch(let batch), 2):
            _ = server.receive(batch)
            network.append(.answer(server.receive(batch)))
        case (.batch(let batch), _):
            network.append(.answer(server.receive(batch)))
        case (.answer(let answer), 0):
            try receive(.failed(answer.epoch))
        case (.answer(let answer), _):
            try receive(.answered(answer))
        case (.failure(let epoch), _):
            try receive(.failed(epoch))
        }
    }

    private mutating func receive(_ event: UplinkMachine.Event) throws {
        try obey(machine.receive(event, at: now, using: &random))
    }

    private mutating func obey(_ steps: [UplinkMachine.Step]) throws {
        for case .store(let answer) in steps { acknowledged[answer.epoch] = answer.headSequence }
        for case .send(let order) in steps {
            guard let epoch = epochs.first(where: { $0.opening.epoch == order.epoch }) else {
                continue
            }
            let last = order.firstSequence + UInt64(order.count) - 1
            network.append(.batch(try epoch.batch(order.firstSequence...last, key: key)))
        }
    }
}

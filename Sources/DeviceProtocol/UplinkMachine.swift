import TransitModel

/// The device's end of the upload: decides what to send next, and when.
///
/// It owns no journal, socket or clock. The server's head rules: whatever an acknowledgement
/// names as the head is where the epoch goes on, also backwards after a restore. The live epoch
/// goes first; older ones fill the other slots, one batch in flight an epoch.
package struct UplinkMachine: Sendable {
    package struct Limits: Sendable {
        package var recordsPerBatch: Int
        package var batchesInFlight: Int
        package var firstDelay: Duration
        package var longestDelay: Duration

        package init(
            recordsPerBatch: Int = TapBatch.recordLimit, batchesInFlight: Int = 3,
            firstDelay: Duration = .milliseconds(250), longestDelay: Duration = .seconds(20)
        ) {
            self.recordsPerBatch = min(recordsPerBatch, TapBatch.recordLimit)
            self.batchesInFlight = batchesInFlight
            self.firstDelay = firstDelay
            self.longestDelay = longestDelay
        }
    }

    /// One epoch as the journal knows it.
    package struct Progress: Hashable, Sendable {
        package let epoch: EpochID
        package let isLive: Bool
        package let lastSequence: UInt64
        package let acknowledgedThrough: UInt64
        /// Records up to here are gone from the journal.
        package let prunedThrough: UInt64

        package init(
            epoch: EpochID, isLive: Bool, lastSequence: UInt64, acknowledgedThrough: UInt64,
            prunedThrough: UInt64 = 0
        ) {
            self.epoch = epoch
            self.isLive = isLive
            self.lastSequence = lastSequence
            self.acknowledgedThrough = acknowledgedThrough
            self.prunedThrough = prunedThrough
        }
    }

    /// Records to read from the journal and send as one batch.
    package struct Order: Hashable, Sendable {
        package let epoch: EpochID
        package let firstSequence: UInt64
        package let count: Int

        package init(epoch: EpochID, firstSequence: UInt64, count: Int) {
            self.epoch = epoch
            self.firstSequence = firstSequence
            self.count = count
        }
    }

    package enum Event: Hashable, Sendable {
        /// The journal has an epoch, or more records in one, or has pruned one.
        case journal(Progress)
        case answered(Acknowledgement)
        /// No answer: the network, or a server that cannot serve now.
        case failed(EpochID)
        /// The server says that this batch can never be taken; a defect on one of the sides.
        case refused(EpochID)
        /// The server may have been restored to an older point without our noticing: the last
        /// record of each epoch that rests is sent once more, and the answer tells.
        case recheck
    }

    package enum Step: Hashable, Sendable {
        case send(Order)
        /// Write the acknowledgement into the journal.
        case store(Acknowledgement)
        case alarm(Alarm)
    }

    /// What people must look at. The upload goes on as far as it can.
    package enum Alarm: Hashable, Sendable {
        case quarantined(EpochID, QuarantineReason)
        /// The server knows more of this epoch than the device: its disk is older than its past.
        case serverAhead(EpochID)
        /// The server asks for records that are no longer held here; its archive has them.
        case recordsGone(EpochID)
        case refused(EpochID)
    }

    private struct Lane: Sendable {
        var progress: Progress
        /// The next batch starts after this.
        var cursor: UInt64
        var isInFlight = false
        var isQuarantined = false
        var failures = 0
        var heldUntil: MonotonicTime?

        var isPending: Bool { cursor < progress.lastSequence }

        mutating func doubt() {
            let isResting = !isInFlight && !isPending && !isQuarantined
            if isResting, progress.prunedThrough < cursor { cursor = progress.lastSequence - 1 }
        }
    }

    private let limits: Limits
    private var lanes: [Lane] = []
    private var failures = 0
    private var quietUntil: MonotonicTime?

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// When to call ``advance(at:)`` although nothing happened; `nil` when only events matter.
    package var wakeAt: MonotonicTime? {
        let held = lanes.filter { $0.isPending && !$0.isInFlight }.compactMap(\.heldUntil)
        let quiet = lanes.contains { $0.isPending && !$0.isInFlight } ? quietUntil : nil
        return ([quiet].compactMap(\.self) + held).min()
    }

    /// Nothing is left to send and nothing is on its way.
    package var isIdle: Bool { lanes.allSatisfy { !$0.isPending && !$0.isInFlight } }

    package mutating func receive(
        _ event: Event, at now: MonotonicTime, using random: inout some RandomNumberGenerator
    ) -> [Step] {
        var steps: [Step] = []
        switch event {
        case .journal(let progress):
            update(progress)
        case .answered(let acknowledgement):
            failures = 0
            quietUntil = nil
            steps += answered(acknowledgement, at: now, using: &random)
        case .failed(let epoch):
            land(epoch)
            failures += 1
            quietUntil = now.advanced(by: delay(afterFailures: failures, using: &random))
        case .refused(let epoch):
            hold(epoch, at: now, using: &random)
            steps.append(.alarm(.refused(epoch)))
        case .recheck:
            for index in lanes.indices { lanes[index].doubt() }
        }
        return steps + advance(at: now)
    }

    /// Batches that may leave now.
    package mutating func advance(at now: MonotonicTime) -> [Step] {
        if let quiet = quietUntil, now < quiet { return [] }
        quietUntil = nil
        var steps: [Step] = []
        var free = limits.batchesInFlight - lanes.count { $0.isInFlight }
        // While the server is away one batch at a time asks whether it is back.
        if failures > 0 { free = lanes.contains(where: \.isInFlight) ? 0 : min(free, 1) }
        let liveFirst = lanes.indices.sorted {
            (lanes[$0].progress.isLive ? 0 : 1, $0) < (lanes[$1].progress.isLive ? 0 : 1, $1)
        }
        for index in liveFirst where free > 0 {
            let lane = lanes[index]
            guard lane.isPending, !lane.isInFlight else { continue }
            if let held = lane.heldUntil, now < held { continue }
            let count = min(
                UInt64(limits.recordsPerBatch), lane.progress.lastSequence - lane.cursor)
            lanes[index].isInFlight = true
            lanes[index].heldUntil = nil
            free -= 1
            steps.append(
                .send(
                    Order(
                        epoch: lane.progress.epoch, firstSequence: lane.cursor + 1,
                        count: Int(count))))
        }
        return steps
    }
}

// MARK: - Events

extension UplinkMachine {
    private func index(of epoch: EpochID) -> Int? {
        lanes.firstIndex { $0.progress.epoch == epoch }
    }

    private mutating func update(_ progress: Progress) {
        if let index = index(of: progress.epoch) {
            lanes[index].progress = progress
        } else {
            lanes.append(Lane(progress: progress, cursor: progress.acknowledgedThrough))
        }
    }

    private mutating func answered(
        _ answer: Acknowledgement, at now: MonotonicTime,
        using random: inout some RandomNumberGenerator
    ) -> [Step] {
        guard let index = index(of: answer.epoch) else { return [] }
        lanes[index].isInFlight = false
        let progress = lanes[index].progress
        if case .quarantined(let reason) = answer.disposition {
            lanes[index].failures = 0
            lanes[index].isQuarantined = true
            lanes[index].cursor = max(lanes[index].cursor, answer.receivedThrough)
            return [.store(answer), .alarm(.quarantined(answer.epoch, reason))]
        }
        var steps: [Step] = [.store(answer)]
        lanes[index].isQuarantined = false
        lanes[index].cursor = answer.headSequence
        if answer.headSequence > progress.lastSequence {
            steps.append(.alarm(.serverAhead(answer.epoch)))
        } else if answer.headSequence < progress.prunedThrough {
            hold(answer.epoch, at: now, using: &random)
            steps.append(.alarm(.recordsGone(answer.epoch)))
        } else {
            lanes[index].failures = 0
        }
        return steps
    }

    private mutating func land(_ epoch: EpochID) {
        guard let index = index(of: epoch) else { return }
        lanes[index].isInFlight = false
    }

    /// Keeps one epoch back while the others go on.
    private mutating func hold(
        _ epoch: EpochID, at now: MonotonicTime, using random: inout some RandomNumberGenerator
    ) {
        guard let index = index(of: epoch) else { return }
        lanes[index].isInFlight = false
        lanes[index].failures += 1
        lanes[index].heldUntil = now.advanced(
            by: delay(afterFailures: lanes[index].failures + 3, using: &random))
    }

    /// Doubles with each failure up to the limit; between half of it and all of it, so that a
    /// fleet that lost its server together does not come back together.
    private func delay(
        afterFailures count: Int, using random: inout some RandomNumberGenerator
    ) -> Duration {
        let doublings = min(count - 1, 20)
        let full = min(limits.firstDelay * (1 << doublings), limits.longestDelay)
        return full / 2 + full / 2 * Int(random.next(upperBound: UInt64(1_024))) / 1_024
    }
}

extension MonotonicTime {
    fileprivate func advanced(by span: Duration) -> MonotonicTime {
        let (seconds, attoseconds) = span.components
        return MonotonicTime(
            milliseconds: milliseconds + seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    }
}

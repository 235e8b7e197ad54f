import DeviceProtocol
import Testing
import TransitModel

@Suite("Uplink machine")
struct UplinkMachineTests {
    private var random = SeededGenerator(seed: 21)
    private let epoch: EpochID
    private let older: EpochID
    private let start = MonotonicTime(milliseconds: 0)

    init() {
        var random = SeededGenerator(seed: 20)
        epoch = EpochID(using: &random)
        older = EpochID(using: &random)
    }

    private func progress(
        _ last: UInt64, acknowledged: UInt64 = 0, pruned: UInt64 = 0
    ) -> UplinkMachine.Event {
        .journal(
            .init(
                epoch: epoch, isLive: true, lastSequence: last,
                acknowledgedThrough: acknowledged, prunedThrough: pruned))
    }

    private func acknowledgement(
        _ head: UInt64, _ disposition: Acknowledgement.Disposition = .appended,
        received: UInt64? = nil
    ) -> Acknowledgement {
        Acknowledgement(
            epoch: epoch, headSequence: head, headHash: ChainHash.of([1]), prunableThrough: 0,
            disposition: disposition, receivedThrough: received ?? head)
    }

    private func order(_ first: UInt64, _ count: Int) -> UplinkMachine.Step {
        .send(.init(epoch: epoch, firstSequence: first, count: count))
    }

    @Test("A new tap leaves at once, and only one batch of an epoch is on its way")
    mutating func sendsAtOnce() {
        var machine = UplinkMachine()
        #expect(machine.receive(progress(1), at: start, using: &random) == [order(1, 1)])
        #expect(machine.receive(progress(2), at: start, using: &random) == [])
        let answer = acknowledgement(1)
        #expect(
            machine.receive(.answered(answer), at: start, using: &random)
                == [.store(answer), order(2, 1)])
        _ = machine.receive(.answered(acknowledgement(2)), at: start, using: &random)
        #expect(machine.isIdle)
        #expect(machine.wakeAt == nil)
    }

    @Test("A backlog goes in bounded batches, the live epoch first")
    mutating func liveFirst() {
        var machine = UplinkMachine(
            limits: .init(recordsPerBatch: 100, batchesInFlight: 1))
        let old = UplinkMachine.Progress(
            epoch: older, isLive: false, lastSequence: 250, acknowledgedThrough: 0)
        let oldOrder = UplinkMachine.Order(epoch: older, firstSequence: 1, count: 100)
        #expect(machine.receive(.journal(old), at: start, using: &random) == [.send(oldOrder)])
        #expect(machine.receive(progress(1), at: start, using: &random) == [])
        let answer = Acknowledgement(
            epoch: older, headSequence: 100, headHash: ChainHash.of([1]), prunableThrough: 0,
            disposition: .appended, receivedThrough: 100)
        #expect(
            machine.receive(.answered(answer), at: start, using: &random)
                == [.store(answer), order(1, 1)])
    }

    @Test("After a gap it goes on where the server says, also backwards")
    mutating func gap() {
        var machine = UplinkMachine()
        #expect(
            machine.receive(progress(9, acknowledged: 6), at: start, using: &random)
                == [order(7, 3)])
        let answer = acknowledgement(2, .gap)
        #expect(
            machine.receive(.answered(answer), at: start, using: &random)
                == [.store(answer), order(3, 7)])
    }

    @Test("A lost server is asked again after growing, jittered pauses")
    mutating func backOff() throws {
        var machine = UplinkMachine(
            limits: .init(firstDelay: .milliseconds(100), longestDelay: .milliseconds(800)))
        var now = start
        _ = machine.receive(progress(1), at: now, using: &random)
        var pauses: [Int64] = []
        for _ in 0..<6 {
            #expect(machine.receive(.failed(epoch), at: now, using: &random) == [])
            #expect(machine.advance(at: now) == [])
            let wake = try #require(machine.wakeAt)
            pauses.append(wake.milliseconds - now.milliseconds)
            now = wake
            #expect(machine.advance(at: now) == [order(1, 1)])
        }
        for (pause, full) in zip(pauses, [Int64(100), 200, 400, 800, 800, 800]) {
            #expect((full / 2...full).contains(pause))
        }
        _ = machine.receive(.answered(acknowledgement(1)), at: now, using: &random)
        #expect(machine.wakeAt == nil)
    }

    @Test("A quarantined batch is not sent again; the upload goes on and people are told")
    mutating func quarantine() {
        var machine = UplinkMachine(limits: .init(recordsPerBatch: 2))
        _ = machine.receive(progress(4), at: start, using: &random)
        let answer = acknowledgement(0, .quarantined(.twoChildren), received: 2)
        #expect(
            machine.receive(.answered(answer), at: start, using: &random)
                == [
                    .store(answer), .alarm(.quarantined(epoch, .twoChildren)), order(3, 2),
                ])
    }

    @Test("A server that knows more than the device, or asks for what is gone, is an alarm")
    mutating func alarms() throws {
        var machine = UplinkMachine()
        _ = machine.receive(progress(4), at: start, using: &random)
        #expect(
            machine.receive(.answered(acknowledgement(9, .repeated)), at: start, using: &random)
                .contains(.alarm(.serverAhead(epoch))))
        var other = UplinkMachine()
        _ = other.receive(
            progress(9, acknowledged: 6, pruned: 6), at: start, using: &random)
        let steps = other.receive(.answered(acknowledgement(2, .gap)), at: start, using: &random)
        #expect(steps.contains(.alarm(.recordsGone(epoch))))
        let wake = try #require(other.wakeAt)
        #expect(wake > start)
    }

    @Test("A refused batch holds its own epoch back and no other")
    mutating func refused() {
        var machine = UplinkMachine()
        let old = UplinkMachine.Progress(
            epoch: older, isLive: false, lastSequence: 2, acknowledgedThrough: 0)
        _ = machine.receive(.journal(old), at: start, using: &random)
        #expect(
            machine.receive(.refused(older), at: start, using: &random)
                == [.alarm(.refused(older))])
        #expect(machine.receive(progress(1), at: start, using: &random) == [order(1, 1)])
    }
}

import DeviceProtocol
import Testing
import TransitModel

/// A machine with its clock and its dice, for short conversations.
private final class Talk {
    private var machine: UplinkMachine
    private var random = SeededGenerator(seed: 21)
    var now = MonotonicTime(milliseconds: 0)

    init(_ limits: UplinkMachine.Limits = .init()) {
        machine = UplinkMachine(limits: limits)
    }

    func receive(_ event: UplinkMachine.Event) -> [UplinkMachine.Step] {
        machine.receive(event, at: now, using: &random)
    }

    func advance() -> [UplinkMachine.Step] { machine.advance(at: now) }

    var isIdle: Bool { machine.isIdle }
    var wakeAt: MonotonicTime? { machine.wakeAt }
}

@Suite("Uplink machine")
struct UplinkMachineTests {
    private let epoch: EpochID
    private let older: EpochID

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
    func sendsAtOnce() {
        let machine = Talk()
        #expect(machine.receive(progress(1)) == [order(1, 1)])
        #expect(machine.receive(progress(2)) == [])
        let answer = acknowledgement(1)
        #expect(
            machine.receive(.answered(answer))
                == [.store(answer), order(2, 1)])
        _ = machine.receive(.answered(acknowledgement(2)))
        #expect(machine.isIdle)
        #expect(machine.wakeAt == nil)
    }

    @Test("A backlog goes in bounded batches, the live epoch first")
    func liveFirst() {
        let machine = Talk(.init(recordsPerBatch: 100, batchesInFlight: 1))
        let old = UplinkMachine.Progress(
            epoch: older, isLive: false, lastSequence: 250, acknowledgedThrough: 0)
        let oldOrder = UplinkMachine.Order(epoch: older, firstSequence: 1, count: 100)
        #expect(machine.receive(.journal(old)) == [.send(oldOrder)])
        #expect(machine.receive(progress(1)) == [])
        let answer = Acknowledgement(
            epoch: older, headSequence: 100, headHash: ChainHash.of([1]), prunableThrough: 0,
            disposition: .appended, receivedThrough: 100)
        #expect(
            machine.receive(.answered(answer))
                == [.store(answer), order(1, 1)])
    }

    @Test("After a gap it goes on where the server says, also backwards")
    func gap() {
        let machine = Talk()
        #expect(
            machine.receive(progress(9, acknowledged: 6))
                == [order(7, 3)])
        let answer = acknowledgement(2, .gap)
        #expect(
            machine.receive(.answered(answer))
                == [.store(answer), order(3, 7)])
    }

    @Test("A lost server is asked again after growing, jittered pauses")
    func backOff() throws {
        let machine = Talk(
            .init(firstDelay: .milliseconds(100), longestDelay: .milliseconds(800)))
        _ = machine.receive(progress(1))
        var pauses: [Int64] = []
        for _ in 0..<6 {
            #expect(machine.receive(.failed(epoch)) == [])
            #expect(machine.advance() == [])
            let wake = try #require(machine.wakeAt)
            pauses.append(wake.milliseconds - machine.now.milliseconds)
            machine.now = wake
            #expect(machine.advance() == [order(1, 1)])
        }
        for (pause, full) in zip(pauses, [Int64(100), 200, 400, 800, 800, 800]) {
            #expect((full / 2...full).contains(pause))
        }
        _ = machine.receive(.answered(acknowledgement(1)))
        #expect(machine.wakeAt == nil)
    }

    @Test("A quarantined batch is not sent again; the upload goes on and people are told")
    func quarantine() {
        let machine = Talk(.init(recordsPerBatch: 2))
        _ = machine.receive(progress(4))
        let answer = acknowledgement(0, .quarantined(.twoChildren), received: 2)
        #expect(
            machine.receive(.answered(answer))
                == [
                    .store(answer), .alarm(.quarantined(epoch, .twoChildren)), order(3, 2),
                ])
    }

    @Test("A server that knows more than the device, or asks for what is gone, is an alarm")
    func alarms() throws {
        let machine = Talk()
        _ = machine.receive(progress(4))
        #expect(
            machine.receive(.answered(acknowledgement(9, .repeated)))
                .contains(.alarm(.serverAhead(epoch))))
        let other = Talk()
        _ = other.receive(
            progress(9, acknowledged: 6, pruned: 6))
        let steps = other.receive(.answered(acknowledgement(2, .gap)))
        #expect(steps.contains(.alarm(.recordsGone(epoch))))
        let wake = try #require(other.wakeAt)
        #expect(wake > other.now)
    }

    @Test("A refused batch holds its own epoch back and no other")
    func refused() {
        let machine = Talk()
        let old = UplinkMachine.Progress(
            epoch: older, isLive: false, lastSequence: 2, acknowledgedThrough: 0)
        _ = machine.receive(.journal(old))
        #expect(
            machine.receive(.refused(older))
                == [.alarm(.refused(older))])
        #expect(machine.receive(progress(1)) == [order(1, 1)])
    }

    @Test("Asked to recheck, it sends the last record of what rests and follows the answer back")
    func recheck() {
        let machine = Talk()
        #expect(machine.receive(progress(9, acknowledged: 9)) == [])
        #expect(machine.receive(.recheck) == [order(9, 1)])
        #expect(machine.receive(.recheck) == [])
        let restored = acknowledgement(4, .gap)
        #expect(machine.receive(.answered(restored)) == [.store(restored), order(5, 5)])
        let whole = acknowledgement(9)
        #expect(machine.receive(.answered(whole)) == [.store(whole)])
        let forgotten = Talk()
        _ = forgotten.receive(progress(9, acknowledged: 9, pruned: 9))
        #expect(forgotten.receive(.recheck) == [])
    }
}

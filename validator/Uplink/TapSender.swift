import DeviceProtocol
import Foundation
import Synchronization
import TapJournal
import TransitModel

/// Obeys an ``UplinkMachine``: reads batches from the journal, sends them, writes down what was
/// acknowledged. One loop holds the machine; requests run beside it and report back to it.
struct TapSender: Sendable {
    private enum Signal: Sendable {
        case journalGrew
        case happened(UplinkMachine.Event)
        case timeIsUp
        case recheckIsDue
    }

    let client: GatewayClient
    let journal: TapJournal
    let signer: P256HeadSigner
    let limits: UplinkMachine.Limits
    let recheckInterval: Duration
    let line: LineWatch
    let report: @Sendable (UplinkReport) -> Void

    func run() async {
        let (signals, inbox) = AsyncStream<Signal>.makeStream()
        let start = ContinuousClock.now
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await _ in await journal.wakes() { inbox.yield(.journalGrew) }
            }
            group.addTask {
                // The first one right after the start, behind what the journal has to say.
                repeat {
                    inbox.yield(.recheckIsDue)
                } while (try? await Task.sleep(for: recheckInterval)) != nil
            }
            var machine = UplinkMachine(limits: limits)
            var random = SystemRandomNumberGenerator()
            var liveEpoch: EpochID?
            var wake: MonotonicTime?

            for await signal in signals {
                let now = MonotonicTime(
                    milliseconds: Int64((ContinuousClock.now - start) / .milliseconds(1)))
                var steps: [UplinkMachine.Step] = []
                switch signal {
                case .journalGrew:
                    for progress in await progress(sinceEpoch: &liveEpoch) {
                        steps += machine.receive(.journal(progress), at: now, using: &random)
                    }
                case .happened(let event):
                    steps = machine.receive(event, at: now, using: &random)
                case .recheckIsDue:
                    for progress in await progress(sinceEpoch: &liveEpoch) {
                        steps += machine.receive(.journal(progress), at: now, using: &random)
                    }
                    steps += machine.receive(.recheck, at: now, using: &random)
                case .timeIsUp:
                    if let due = wake, now >= due { wake = nil }
                    steps = machine.advance(at: now)
                }
                for step in steps {
                    switch step {
                    case .send(let order):
                        group.addTask { inbox.yield(.happened(await send(order))) }
                    case .store(let acknowledgement): await store(acknowledgement)
                    case .alarm(let alarm): report(.alarm(alarm))
                    }
                }
                if let next = machine.wakeAt, wake.map({ next < $0 }) ?? true {
                    wake = next
                    group.addTask {
                        // Rounded up: a timer that fires early would only be set again.
                        let pause = next.elapsed(since: now) + .milliseconds(1)
                        try? await Task.sleep(for: pause)
                        inbox.yield(.timeIsUp)
                    }
                }
            }
            group.cancelAll()
        }
    }

    /// The live epoch as a rule; all of them at the start and when a new one has begun.
    private func progress(sinceEpoch known: inout EpochID?) async -> [UplinkMachine.Progress] {
        let live = await journal.liveProgress
        if live.epoch == known { return [live] }
        do {
            let all = try await journal.listProgress()
            known = live.epoch
            return all
        } catch {
            note(error)
            return [live]
        }
    }

    private func send(_ order: UplinkMachine.Order) async -> UplinkMachine.Event {
        let batch: TapBatch
        do {
            guard let run = try await journal.read(order) else { return .refused(order.epoch) }
            batch = try TapBatch(
                openingBytes: run.openingBytes, firstSequence: run.firstSequence,
                previousHash: run.previousHash, records: run.records, signer: signer)
        } catch {
            note(error)
            return .refused(order.epoch)
        }
        let outcome = await client.send(batch)
        line.note(outcome)
        switch outcome {
        case .answered(let acknowledgement): return .answered(acknowledgement)
        case .refused: return .refused(order.epoch)
        case .turnedAway, .failed: return .failed(order.epoch)
        }
    }

    private func store(_ acknowledgement: Acknowledgement) async {
        do {
            try await journal.record(acknowledgement)
        } catch {
            note(error)
        }
    }

    private func note(_ error: any Error) {
        if let failure = error as? JournalFailure { report(.journal(failure)) }
    }
}

/// Reports when the line to the gateway comes and goes, once for each change.
final class LineWatch: Sendable {
    private let last = Mutex<UplinkReport?>(nil)
    private let report: @Sendable (UplinkReport) -> Void

    init(report: @escaping @Sendable (UplinkReport) -> Void) {
        self.report = report
    }

    func note<Value>(_ outcome: GatewayClient.Outcome<Value>) {
        if Task.isCancelled { return }
        let now: UplinkReport =
            switch outcome {
            case .answered, .refused: .connected
            case .turnedAway(let code): .turnedAway(code: code)
            case .failed(let cause): .disconnected(cause: cause)
            }
        let isNews = last.withLock { last in
            defer { last = now }
            if case .disconnected = last, case .disconnected = now { return false }
            return last != now
        }
        if isNews { report(now) }
    }
}

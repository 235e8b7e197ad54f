import CPCSC
import Dispatch
import FareMedia
import Foundation
import Synchronization
import TransitModel

/// One reader's own thread: it may hang on a silent medium without anybody else noticing.
final class ReaderWorker: Sendable {
    private struct State {
        var enteredAt: ContinuousClock.Instant?
        var busySince: ContinuousClock.Instant?
        var isSilent = false
        var isStopped = false
        var retryAt: ContinuousClock.Instant?
        var retriesLeft = 0
    }

    private let name: ReaderName
    private let configuration: CardReaders.Configuration
    private let emit: @Sendable (ReaderEvent) -> Void
    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)

    init(
        _ name: ReaderName, configuration: CardReaders.Configuration,
        emit: @escaping @Sendable (ReaderEvent) -> Void
    ) {
        self.name = name
        self.configuration = configuration
        self.emit = emit
        Thread.detachNewThread { [self] in work() }
    }

    /// A medium has entered the field. While an earlier one is being read, only the latest waits.
    func presentMedium(at instant: ContinuousClock.Instant) {
        state.withLock { state in
            state.enteredAt = instant
            state.retryAt = nil
            state.retriesLeft = CardReaders.Configuration.retryLimit
        }
        wakeUp.signal()
    }

    /// Ends the thread, at once or when the call that it hangs in returns; it reports no more.
    func stop() {
        state.withLock { $0.isStopped = true }
        wakeUp.signal()
    }

    /// Declares the reader silent, or reads again after a tear, when the time for it has come.
    ///
    /// A contact that was lost for less than the service's pause between two looks is never
    /// reported as a removal, nor is one card swapped for another in that time: the medium in
    /// the field then waits for nothing. So as long as there seems to be one, it is tried again
    /// a few times.
    ///
    /// - Returns: When to look again; `nil` while there is nothing to wait for.
    func tend(
        at now: ContinuousClock.Instant, mediumIsPresent: Bool
    ) -> ContinuousClock.Instant? {
        enum Duty { case none, declareSilence, retry }
        let (deadline, duty) = state.withLock { state -> (ContinuousClock.Instant?, Duty) in
            if state.isStopped { return (nil, .none) }
            if let busySince = state.busySince {
                let deadline = busySince + configuration.silenceLimit
                if state.isSilent { return (nil, .none) }
                if deadline > now { return (deadline, .none) }
                state.isSilent = true
                return (nil, .declareSilence)
            }
            guard mediumIsPresent, let retryAt = state.retryAt else { return (nil, .none) }
            if retryAt > now { return (retryAt, .none) }
            state.retryAt = nil
            state.enteredAt = now
            return (now + configuration.silenceLimit, .retry)
        }
        switch duty {
        case .none: break
        case .declareSilence: emit(.silent(name))
        case .retry: wakeUp.signal()
        }
        return deadline
    }

    // MARK: - The thread

    private func work() {
        var filter = PresentationFilter(quietTime: configuration.quietTime)
        var random = SystemRandomNumberGenerator()
        var context = try? PCSCContext()
        while true {
            wakeUp.wait()
            let (enteredAt, isStopped) = state.withLock { state in
                let enteredAt = state.enteredAt.take()
                if enteredAt != nil { state.busySince = .now }
                return (enteredAt, state.isStopped)
            }
            if isStopped { return }
            guard let enteredAt else { continue }
            let challenge = ReaderChallenge(using: &random)
            serve(
                enteredAt: enteredAt, challenge: challenge, context: &context, filter: &filter)
        }
    }

    /// Reads the medium and reports before it is let go: disconnecting may take its time.
    private func serve(
        enteredAt: ContinuousClock.Instant, challenge: ReaderChallenge,
        context: inout PCSCContext?, filter: inout PresentationFilter
    ) {
        var cardTime = Duration.zero
        do throws(PCSCError) {
            let current = if let context { context } else { try PCSCContext() }
            context = current
            let begunAt = ContinuousClock.now
            defer { cardTime = begunAt.duration(to: .now) }
            let card = try connect(in: current)
            let connectedAt = ContinuousClock.now
            let reading = card.readETicket(configuration.reading(), challenge: challenge)
            let timing = PresentationTiming(
                enteredAt: enteredAt, connectedAt: connectedAt, finishedAt: .now,
                cardTime: begunAt.duration(to: connectedAt) + card.exchangeTime)
            report(reading, timing, through: &filter)
            card.disconnect()
        } catch {
            if !error.isAboutMedium { context = nil }
            let timing = PresentationTiming(
                enteredAt: enteredAt, connectedAt: nil, finishedAt: .now, cardTime: cardTime)
            report(.failed(error.readFailure, nil), timing, through: &filter)
        }
    }

    /// Somebody else's tool may be looking at the medium right now: tries for a moment.
    private func connect(in context: PCSCContext) throws(PCSCError) -> PCSCCard {
        for _ in 1..<CardReaders.Configuration.connectAttemptLimit {
            do throws(PCSCError) {
                return try context.connect(to: name)
            } catch {
                guard error.isOne(of: SCARD_E_SHARING_VIOLATION) else { throw error }
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
        return try context.connect(to: name)
    }

    private func report(
        _ reading: MediaReading, _ timing: PresentationTiming,
        through filter: inout PresentationFilter
    ) {
        let (wasSilent, isStopped) = state.withLock { state in
            state.busySince = nil
            let wasSilent = state.isSilent
            state.isSilent = false
            if reading.isTorn, state.retriesLeft > 0 {
                state.retriesLeft -= 1
                state.retryAt = timing.finishedAt + CardReaders.Configuration.retryPause
            }
            return (wasSilent, state.isStopped)
        }
        guard !isStopped else { return }
        if wasSilent { emit(.recovered(name)) }
        // A failure after silence was reported when the silence was.
        if wasSilent, case .failed = reading { return }
        guard filter.admits(reading, at: timing.finishedAt) else { return }
        emit(.presented(reading, reader: name, timing: timing))
    }
}

extension MediaReading {
    fileprivate var isTorn: Bool {
        if case .failed(.torn, _) = self { true } else { false }
    }
}

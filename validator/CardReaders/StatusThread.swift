import Dispatch
import FareMedia
import Logging
import Synchronization
import TransitModel

/// The one thread that waits for readers and media to come and go.
///
/// It looks at least every half second, so that a stop, a reader attached in an unlucky instant
/// and a silent medium are noticed without any signal that could be missed.
final class StatusThread: Sendable {
    private static let waitLimit = Duration.milliseconds(500)
    private static let shortestRetry = Duration.milliseconds(100)
    private static let longestRetry = Duration.seconds(2)

    private let configuration: CardReaders.Configuration
    private let logger: Logger
    private let emit: @Sendable (ReaderEvent) -> Void
    private let stopping = DispatchSemaphore(value: 0)
    private let isStopped = Mutex(false)

    init(
        configuration: CardReaders.Configuration, logger: Logger,
        emit: @escaping @Sendable (ReaderEvent) -> Void
    ) {
        self.configuration = configuration
        self.logger = logger
        self.emit = emit
    }

    func stop() {
        isStopped.withLock { $0 = true }
        stopping.signal()
    }

    /// Runs until it is stopped; blocks its thread.
    func run() {
        var retry = Self.shortestRetry
        var isServiceLost = false
        while !isStopped.withLock({ $0 }) {
            var workers: [ReaderName: ReaderWorker] = [:]
            do throws(PCSCError) {
                let context = try PCSCContext()
                if isServiceLost { emit(.serviceFound) }
                isServiceLost = false
                retry = Self.shortestRetry
                try watch(through: context, &workers)
            } catch {
                if !isServiceLost {
                    logger.warning("The PC/SC service is gone", metadata: ["cause": "\(error)"])
                }
                for name in workers.keys.sorted() { detach(name, from: &workers) }
                if !isServiceLost { emit(.serviceLost) }
                isServiceLost = true
                pause(retry)
                retry = min(retry * 2, Self.longestRetry)
            }
            for worker in workers.values { worker.stop() }
        }
    }

    private func watch(
        through context: PCSCContext, _ workers: inout [ReaderName: ReaderWorker]
    ) throws(PCSCError) {
        var roster = ReaderRoster()
        while !isStopped.withLock({ $0 }) {
            let names = try context.readerNames().filter(configuration.uses)
            for change in roster.update(names: names) { obey(change, &workers) }
            let limit = min(Self.waitLimit, tend(workers, as: roster))
            let known = roster.known
            if known.isEmpty {
                pause(limit)
                continue
            }
            for state in try context.changes(from: known, within: limit) {
                if let change = roster.observe(state) { obey(change, &workers) }
            }
        }
    }

    private func obey(
        _ change: ReaderRoster.Change, _ workers: inout [ReaderName: ReaderWorker]
    ) {
        switch change {
        case .attached(let name):
            workers[name] = ReaderWorker(name, configuration: configuration, emit: emit)
            logger.debug("Reader attached", metadata: ["reader": "\(name)"])
            emit(.attached(name))
        case .detached(let name): detach(name, from: &workers)
        case .mediumEntered(let name): workers[name]?.presentMedium(at: .now)
        }
    }

    private func detach(_ name: ReaderName, from workers: inout [ReaderName: ReaderWorker]) {
        workers.removeValue(forKey: name)?.stop()
        logger.debug("Reader detached", metadata: ["reader": "\(name)"])
        emit(.detached(name))
    }

    /// - Returns: How long until the next worker may need something.
    private func tend(
        _ workers: [ReaderName: ReaderWorker], as roster: ReaderRoster
    ) -> Duration {
        let now = ContinuousClock.now
        let deadlines = workers.compactMap { name, worker in
            worker.tend(at: now, mediumIsPresent: roster.holdsMedium(name))
        }
        return deadlines.min().map { max(now.duration(to: $0), .milliseconds(1)) }
            ?? Self.waitLimit
    }

    /// Waits, but not past a stop.
    private func pause(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        _ = stopping.wait(timeout: .now() + .nanoseconds(nanoseconds))
    }
}

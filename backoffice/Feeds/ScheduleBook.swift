import PostgresClient
import Store
import Synchronization
import Timetable
import TransitModel

/// Holds the timetable in force for everyone in this process.
///
/// Whoever asks gets a whole snapshot at once, without waiting; a new version takes the old one's
/// place only when it is read to its end. A version that cannot be read leaves the old in force.
package final class ScheduleBook: Sendable {
    /// What happened while following the feeds, for logs.
    package enum Event: Sendable {
        case loaded(ScheduleSnapshot)
        /// The version stays out of use; what was in force goes on.
        case refused(sha256: [UInt8], reason: String)
        /// The database could not be asked; it is asked again.
        case unreachable(reason: String)
    }

    /// How long after a change vehicles may still name trips of the version before.
    package static let overlap: Duration = .seconds(24 * 3_600)
    /// How long a notification that went astray, or a version that comes into force by the clock,
    /// can go unnoticed.
    private static let pollInterval: Duration = .seconds(5)
    private static let watcherLimit = 256

    private struct Watchers {
        var next = 0
        var continuations: [Int: AsyncStream<ScheduleSnapshot>.Continuation] = [:]
    }

    private let database: PostgresClient
    private let clock: @Sendable () -> Timestamp
    private let held = Mutex<ScheduleSnapshot?>(nil)
    private let watchers = Mutex(Watchers())
    private let loader: ScheduleLoader

    package init(_ database: PostgresClient, clock: @escaping @Sendable () -> Timestamp) {
        self.database = database
        self.clock = clock
        loader = ScheduleLoader(database)
    }

    /// The timetable as it stands; `nil` before the first feed was read.
    package var snapshot: ScheduleSnapshot? { held.withLock { $0 } }

    /// Every snapshot from now on, the one in force first. A slow reader misses some, never the
    /// newest.
    package func snapshots() -> AsyncStream<ScheduleSnapshot> {
        let (stream, source) = AsyncStream<ScheduleSnapshot>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        let number: Int? = watchers.withLock { watchers in
            guard watchers.continuations.count < Self.watcherLimit else { return nil }
            watchers.next += 1
            watchers.continuations[watchers.next] = source
            // Within the lock, so that no newer one can overtake it.
            if let snapshot { source.yield(snapshot) }
            return watchers.next
        }
        guard let number else {
            source.finish()
            return stream
        }
        source.onTermination = { [weak self] _ in
            self?.watchers.withLock { $0.continuations[number] = nil }
        }
        return stream
    }

    /// Looks once at what is in force now, and reads it if it is news.
    ///
    /// - Throws: What the database throws. A feed that cannot be read is reported, not thrown.
    package func refresh(report: @Sendable (Event) -> Void = { _ in }) async throws {
        let plan = try await loader.plan(at: clock())
        guard let plan else { return }
        let known = snapshot
        if known?.current.sha256 == plan.current.sha256,
            known?.previous?.sha256 == plan.previous?.sha256
        {
            return
        }
        guard let next = try await loader.load(plan, knowing: known, report: report) else { return }
        let isNews = known?.version != next.version
        guard isNews else { return }
        watchers.withLock { watchers in
            held.withLock { $0 = next }
            for watcher in watchers.continuations.values { watcher.yield(next) }
        }
        report(.loaded(next))
    }

    /// Follows the published feeds until the task is cancelled.
    package func run(report: @escaping @Sendable (Event) -> Void) async {
        var bell = Self.bell(database.listen(to: [Channel.feeds])).makeAsyncIterator()
        while !Task.isCancelled {
            do {
                try await refresh(report: report)
            } catch is CancellationError {
                return
            } catch {
                report(.unreachable(reason: "\(error)"))
            }
            if await bell.next() == nil { return }
        }
    }

    /// Rings when something was published and at every interval; rings that nobody heard are one.
    private static func bell(_ signals: AsyncStream<PostgresSignal>) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let listening = Task { for await _ in signals { continuation.yield() } }
            let ticking = Task {
                while (try? await Task.sleep(for: pollInterval)) != nil { continuation.yield() }
            }
            continuation.onTermination = { _ in
                listening.cancel()
                ticking.cancel()
            }
        }
    }
}

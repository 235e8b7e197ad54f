import PassengerDisplay
import Synchronization
import TransitModel

/// Time that passes only when a test says so.
final class ManualTimer: Sendable {
    private struct State {
        var now: Int64 = 0
        var sleepers: [(wakesAt: Int64, entry: AsyncStream<Void>.Continuation)] = []
    }

    private let state = Mutex(State())

    var timer: DisplayBoard.Timer {
        DisplayBoard.Timer(
            now: { self.state.withLock { MonotonicTime(milliseconds: $0.now) } },
            sleep: { try await self.wait($0) })
    }

    private func wait(_ span: Duration) async throws {
        let (wakes, entry) = AsyncStream<Void>.makeStream()
        state.withLock { state in
            let start = Timestamp(millisecondsSince1970: state.now)
            let end = start.advanced(by: span).millisecondsSince1970
            if end <= state.now { entry.finish() }
            state.sleepers.append((end, entry))
        }
        for await _ in wakes {}
        try Task.checkCancellation()
    }

    func advance(by milliseconds: Int64) {
        let due = state.withLock { state in
            state.now += milliseconds
            let now = state.now
            let due = state.sleepers.filter { $0.wakesAt <= now }
            state.sleepers.removeAll { $0.wakesAt <= now }
            return due
        }
        for sleeper in due { sleeper.entry.finish() }
    }
}

import Foundation
import Synchronization

/// Tells the person at the terminal what happens; one line at a time, also when several tasks
/// speak.
final class Narrator: Sendable {
    /// From here on a step says that it is still at work.
    private static let patience: Duration = .milliseconds(1_500)
    private static let interval: Duration = .seconds(5)

    private let turn = Mutex(())

    func say(_ line: String) {
        turn.withLock { _ in
            FileHandle.standardError.write(Data((line + "\n").utf8))
        }
    }

    /// Gives what was asked for, on standard output; at once, also into a file.
    func answer(_ text: String) {
        turn.withLock { _ in
            FileHandle.standardOutput.write(Data((text + "\n").utf8))
        }
    }

    /// Does a piece of work and says how it goes when that takes longer than a moment.
    @discardableResult
    func step<Value: Sendable>(
        _ what: String, _ work: @Sendable () async throws -> Value
    ) async throws -> Value {
        let clock = ContinuousClock()
        let start = clock.now
        let reminders = Task {
            try await Task.sleep(for: Self.patience)
            say("  … \(what)")
            while true {
                try await Task.sleep(for: Self.interval)
                say("  … \(what): \((clock.now - start).components.seconds) s so far")
            }
        }
        defer { reminders.cancel() }
        do {
            let value = try await work()
            say("  ✓ \(what)")
            return value
        } catch {
            if !(error is CancellationError) { say("  ✗ \(what)") }
            throw error
        }
    }
}

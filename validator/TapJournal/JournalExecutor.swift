import Dispatch

/// Runs the journal's calls one after the other on a queue of its own: SQLite blocks until the
/// disk has answered, and the cooperative pool must not.
final class JournalExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "kvytok.journal", qos: .userInteractive)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

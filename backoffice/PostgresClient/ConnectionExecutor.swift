import Dispatch

/// Runs one connection's jobs one after the other on a queue of its own.
///
/// libpq blocks; on its own queue it holds up nobody but the connection's owner, and the
/// cooperative pool keeps all its threads.
final class ConnectionExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            job.runSynchronously(on: self.asUnownedSerialExecutor())
        }
    }
}

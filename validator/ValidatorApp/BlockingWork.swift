import Dispatch

/// Runs a call that blocks on a disk away from the threads that all tasks share.
///
/// Few such calls are ever under way: each belongs to a loop that awaits it.
package func withoutBlockingTasks<Result: Sendable>(
    _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global(qos: .utility).async {
            continuation.resume(with: Swift.Result { try work() })
        }
    }
}

import Dispatch

/// Runs what takes a processor for a while (unpacking and reading a feed) on a thread of its own:
/// the threads that serve requests are few.
enum FeedWork {
    /// One at a time: two large feeds at once would need twice the memory and be no quicker.
    private static let queue = DispatchQueue(label: "kvytok.feeds", qos: .utility)

    static func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}

import Synchronization

/// Counts the commands that a card has answered.
final class Exchanges: Sendable {
    /// UID, selection, two for authentication, three frames of the file.
    static let perReading = 7

    private let state = Mutex(0)

    var total: Int { state.withLock { $0 } }

    func count() { state.withLock { $0 += 1 } }
}

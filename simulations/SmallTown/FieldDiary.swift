import Synchronization
import VirtualCards

/// The last things that happened in a reader's field, with when.
final class FieldDiary: Sendable {
    private static let limit = 40

    private let entries = Mutex<[String]>([])

    var lines: [String] { entries.withLock { $0 } }

    func note(_ event: VPCDClient.Event) {
        let line = "\(ContinuousClock.now) \(event)"
        entries.withLock { entries in
            if entries.count == Self.limit { entries.removeFirst() }
            entries.append(line)
        }
    }
}

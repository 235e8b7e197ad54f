import DeviceProtocol
import TapJournal
import TransitModel

extension TapJournal: TapKeeper {
    package func keep(_ tap: Tap) async throws -> TapID { try append(tap).id }

    package func listAccepted(since instant: Timestamp) async throws -> [Tap] {
        try recentAccepted(since: instant).map(\.tap)
    }
}

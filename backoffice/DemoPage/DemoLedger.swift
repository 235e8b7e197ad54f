import PostgresClient
import Store
import TransitModel

/// What the page asks of the database: the truth about taps, and the back office's own way of
/// blocking a card.
package struct DemoLedger: Sendable {
    /// Marks the deny entries that this page made; the card's name follows.
    private static let reason = "demonstration "

    private let database: PostgresClient
    private let traces: TapTraceStore
    private let books: LedgerStore

    package init(_ database: PostgresClient) {
        self.database = database
        traces = TapTraceStore(database)
        books = LedgerStore(database)
    }

    func findTrace(of tap: TapID) async throws -> TapTrace? { try await traces.findTrace(of: tap) }

    func findMedia(of tap: TapID) async throws -> MediaToken? {
        try await traces.findMedia(of: tap)
    }

    func judge(_ taps: [TapID]) async throws -> TapOutcome { try await traces.judge(taps) }

    func booksAgree() async throws -> Bool { try await books.books().agree }

    /// The cards that this page has blocked, by name.
    func listBlocked() async throws -> [String: MediaToken] {
        let denied = try await database.withConnection { connection in
            try DocumentStore.listDenied(because: Self.reason, on: connection)
        }
        return Dictionary(
            denied.map { (String($0.reason.dropFirst(Self.reason.count)), $0.media) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Blocks a card; the publisher wakes as the transaction commits.
    func block(_ media: MediaToken, named card: String, at now: Timestamp) async throws {
        try await database.withTransaction { connection in
            try DocumentStore.deny(media, reason: Self.reason + card, at: now, on: connection)
        }
    }

    func unblock(_ media: MediaToken) async throws {
        try await database.withTransaction { connection in
            try DocumentStore.allow(media, on: connection)
        }
    }
}

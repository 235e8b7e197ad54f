import Crypto
import Ledger
import PostgresClient
import Store
import TransitModel

/// Carries riders' entries into the general ledger, batch by batch.
///
/// A batch's journal entry has an identifier derived from the batch's number, which is unique:
/// the same batch posted twice is refused by the ledger's key. All of a batch happens in one
/// transaction, and one batcher works at a time.
package struct LedgerBatcher: Sendable {
    package static let defaultEntryLimit = 50_000

    private let database: PostgresClient
    private let zone: ZoneOffsets
    private let entryLimit: Int

    /// - Parameter zone: Whose calendar the accountant's day follows.
    package init(
        _ database: PostgresClient, zone: ZoneOffsets,
        entryLimit: Int = LedgerBatcher.defaultEntryLimit
    ) {
        self.database = database
        self.zone = zone
        self.entryLimit = entryLimit
    }

    /// Posts one batch.
    ///
    /// - Returns: How many entries it took; `nil` when there are none, or another batcher works.
    package func postBatch() async throws -> Int? {
        try await database.withTransaction { connection -> Int? in
            guard let (number, instant) = try LedgerBatchStore.begin(on: connection) else {
                return nil
            }
            let id = Self.entryID(ofBatch: number)
            let totals = try LedgerBatchStore.takeEntries(
                into: id, limit: entryLimit, on: connection)
            let entryCount = totals.map(\.entryCount).reduce(0, +)
            guard entryCount > 0 else { return nil }
            let entry = try JournalEntry(
                id: id, accountingDate: zone.local(instant, as: AccountingDate.self).date,
                kind: "fare_batch", description: "Fares of \(entryCount) rider entries",
                postings: try totals.flatMap(Self.postings))
            try LedgerBatchStore.post(
                entry, asBatch: number, entryCount: entryCount, on: connection)
            return entryCount
        }
    }

    static func entryID(ofBatch number: Int64) -> JournalEntryID {
        var input = DerivationInput(domain: "kvytok.journal-entry.fare-batch.v1")
        input.append(number)
        return DerivedIdentifier.make(from: input)
    }

    /// What riders owe rises and falls separately, so that corrections show in the books.
    private static func postings(of total: LedgerBatchStore.Total) throws -> [Posting] {
        guard let currency = Currency(code: total.currencyCode) else {
            throw StoreFailure.unreadable(table: "rider_entry")
        }
        return [total.increases, total.decreases].filter { $0 != 0 }.flatMap { minorUnits in
            let amount = Money(minorUnits: minorUnits, currency: currency)
            return [
                Posting.debit(.riderReceivable, amount), Posting.credit(.fareRevenue, amount),
            ]
        }
    }
}

/// Identifiers that the same work always gets again.
enum DerivedIdentifier {
    static func make<Kind>(from input: DerivationInput) -> RandomIdentifier<Kind> {
        let digest = SHA256.hash(data: input.bytes)
        guard let identifier = RandomIdentifier<Kind>(bytes: Array(digest.prefix(16))) else {
            preconditionFailure("SHA-256 has more than 16 bytes")
        }
        return identifier
    }
}

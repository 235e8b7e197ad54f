import Ledger
import PostgresClient
import TransitModel

/// The way of riders' entries into the general ledger: numbered batches, one journal entry each.
///
/// Everything here runs inside one transaction that began with ``begin(on:)``.
package enum LedgerBatchStore {
    /// "ledger" in ASCII.
    private static let lock: Int64 = 0x6C65_6467_6572

    /// What a batch holds of one kind of entry in one currency.
    package struct Total: Hashable, Sendable {
        package let kind: String
        package let currencyCode: String
        /// Above zero.
        package let increases: Int64
        /// Zero or below.
        package let decreases: Int64
        package let entryCount: Int
    }

    /// Makes this transaction the only one that batches.
    ///
    /// - Returns: The number of the next batch and the database's time; `nil` while another
    ///   transaction batches.
    package static func begin(
        on connection: isolated PostgresConnection
    ) throws -> (number: Int64, at: Timestamp)? {
        let isFree: Bool =
            try connection.query("select pg_try_advisory_xact_lock(\(lock)) as taken")
            .first?.decode("taken") ?? false
        guard isFree else { return nil }
        let row = try connection.query(
            "select coalesce(max(batch_number), 0) + 1 as number, now() as at from ledger_batch"
        ).first
        return try row.map { (number: try $0.decode("number"), at: try $0.decode("at")) }
    }

    /// Puts entries without a batch into this one, at most `limit`, the oldest first.
    package static func takeEntries(
        into batch: JournalEntryID, limit: Int, on connection: isolated PostgresConnection
    ) throws -> [Total] {
        try connection.execute(
            """
            update rider_entry set ledger_batch_id = \(batch)
            where (rider_id, entry_id) in (
                select rider_id, entry_id from rider_entry where ledger_batch_id is null
                order by posted_at limit \(limit)
            )
            """)
        return try connection.query(
            """
            select kind, currency, count(*) as entries,
                coalesce(sum(amount_minor) filter (where amount_minor > 0), 0) as increases,
                coalesce(sum(amount_minor) filter (where amount_minor < 0), 0) as decreases
            from rider_entry where ledger_batch_id = \(batch)
            group by kind, currency order by kind, currency
            """
        ).map { row in
            Total(
                kind: try row.decode("kind"), currencyCode: try row.decode("currency"),
                increases: try row.decode("increases"), decreases: try row.decode("decreases"),
                entryCount: try row.decode("entries"))
        }
    }

    package static func post(
        _ entry: JournalEntry, asBatch number: Int64, entryCount: Int,
        on connection: isolated PostgresConnection
    ) throws {
        try JournalStore.post(entry, on: connection)
        try connection.execute(
            """
            insert into ledger_batch (batch_number, journal_entry_id, entry_count)
            values (\(number), \(entry.id), \(entryCount))
            """)
    }
}

/// Entries of the general ledger. They are only added.
package enum JournalStore {
    package static func post(
        _ entry: JournalEntry, on connection: isolated PostgresConnection
    ) throws {
        try connection.execute(
            """
            insert into journal_entry (journal_entry_id, accounting_date, kind, description,
                posted_at)
            values (\(entry.id), \(entry.accountingDate), \(entry.kind), \(entry.description),
                now())
            """)
        let postings = entry.postings
        try connection.execute(
            """
            insert into posting (journal_entry_id, posting_number, account, amount_minor, currency)
            select \(entry.id), number, account, amount, currency
            from unnest(\(PostgresArray((1...postings.count).map(Int32.init))),
                \(PostgresArray(postings.map(\.account.name)))::text[],
                \(PostgresArray(postings.map(\.amount.minorUnits))),
                \(PostgresArray(postings.map(\.amount.currency.code)))::text[])
                as posting (number, account, amount, currency)
            """)
    }
}

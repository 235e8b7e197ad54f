import Ledger
import PostgresClient
import TransitModel

/// The general ledger, and its agreement with the riders' sub-ledger.
package struct LedgerStore: Sendable {
    private let database: PostgresClient

    package init(_ database: PostgresClient) {
        self.database = database
    }

    /// Compares the books as they stand at one instant.
    package func books() async throws -> Books {
        try await database.withTransaction(isolation: .repeatableRead) { connection in
            Books(
                lines: try Self.lines(on: connection),
                unbalancedEntryCount: try Self.count(Self.unbalancedEntries, on: connection),
                mispostedBatchCount: try Self.count(Self.mispostedBatches, on: connection),
                disagreeingRiderCount: try Self.count(Self.disagreeingRiders, on: connection))
        }
    }

    private static func lines(on connection: isolated PostgresConnection) throws -> [Books.Line] {
        try connection.query(
            """
            select currency, sum(charged) as charged, sum(entered) as entered,
                sum(unbatched) as unbatched, sum(posted) as posted
            from (
                select currency, amount_minor as charged, 0 as entered, 0 as unbatched, 0 as posted
                from charge where superseded_at is null
                union all
                select currency, 0, amount_minor,
                    case when ledger_batch_id is null then amount_minor else 0 end, 0
                from rider_entry
                union all
                select currency, 0, 0, 0, amount_minor
                from posting where account = \(Account.riderReceivable.name)
            ) as amount
            group by currency order by currency
            """
        ).map { row in
            Books.Line(
                currencyCode: try row.decode("currency"), charged: try row.decode("charged"),
                entered: try row.decode("entered"), unbatched: try row.decode("unbatched"),
                posted: try row.decode("posted"))
        }
    }

    private static let unbalancedEntries: SQL = """
        select count(*) as count from (
            select journal_entry_id from posting
            group by journal_entry_id, currency having sum(amount_minor) <> 0
        ) as unbalanced
        """

    private static let mispostedBatches: SQL = """
        select count(*) as count from (
            select ledger_batch_id as id, currency, sum(amount_minor) as amount
            from rider_entry where ledger_batch_id is not null group by 1, 2
        ) as entered
        full join (
            select journal_entry_id as id, currency, sum(amount_minor) as amount
            from posting join ledger_batch using (journal_entry_id)
            where account = \(Account.riderReceivable.name) group by 1, 2
        ) as posted using (id, currency)
        where entered.amount is distinct from posted.amount
        """

    private static let disagreeingRiders: SQL = """
        select count(*) as count from (
            select rider_id, currency, sum(amount_minor) as amount
            from charge where superseded_at is null group by 1, 2
        ) as charged
        full join (
            select rider_id, currency, sum(amount_minor) as amount from rider_entry group by 1, 2
        ) as entered using (rider_id, currency)
        where coalesce(charged.amount, 0) <> coalesce(entered.amount, 0)
        """

    private static func count(
        _ statement: SQL, on connection: isolated PostgresConnection
    ) throws -> Int {
        try connection.query(statement).first?.decode("count") ?? 0
    }
}

/// Every sub-ledger beside the general ledger, at one instant.
package struct Books: Hashable, Sendable {
    /// Sums of one currency in minor units.
    package struct Line: Hashable, Sendable {
        package let currencyCode: String
        /// Charges in force.
        package let charged: Int64
        /// Riders' entries.
        package let entered: Int64
        /// Those of them that no batch has taken yet.
        package let unbatched: Int64
        /// What the general ledger says that riders owe.
        package let posted: Int64

        package init(
            currencyCode: String, charged: Int64, entered: Int64, unbatched: Int64, posted: Int64
        ) {
            self.currencyCode = currencyCode
            self.charged = charged
            self.entered = entered
            self.unbatched = unbatched
            self.posted = posted
        }

        package var agrees: Bool { charged == entered && entered == posted + unbatched }
    }

    package let lines: [Line]
    /// Journal entries whose postings do not sum to zero.
    package let unbalancedEntryCount: Int
    /// Batches whose posting differs from the entries that it took.
    package let mispostedBatchCount: Int
    /// Riders whose entries differ from their charges in force.
    package let disagreeingRiderCount: Int

    package init(
        lines: [Line], unbalancedEntryCount: Int, mispostedBatchCount: Int,
        disagreeingRiderCount: Int
    ) {
        self.lines = lines
        self.unbalancedEntryCount = unbalancedEntryCount
        self.mispostedBatchCount = mispostedBatchCount
        self.disagreeingRiderCount = disagreeingRiderCount
    }

    package var agree: Bool {
        lines.allSatisfy(\.agrees) && unbalancedEntryCount == 0 && mispostedBatchCount == 0
            && disagreeingRiderCount == 0
    }
}

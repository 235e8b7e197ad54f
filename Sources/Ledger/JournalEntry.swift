package import TransitModel

/// One line of a journal entry: an account and what it gains (debit, above zero) or gives
/// (credit, below zero).
package struct Posting: Hashable, Sendable {
    package let account: Account
    package let amount: Money

    package init(_ account: Account, _ amount: Money) {
        self.account = account
        self.amount = amount
    }

    package static func debit(_ account: Account, _ amount: Money) -> Posting {
        Posting(account, amount)
    }

    package static func credit(_ account: Account, _ amount: Money) -> Posting {
        Posting(account, -amount)
    }
}

/// Why postings do not make a journal entry.
package enum LedgerError: Error, Hashable, Sendable {
    /// Nothing would move.
    case noPostings
    /// A posting of nothing hides a mistake; leave it out.
    case zeroPosting(Account)
    /// The two sides differ in a currency; both are given as magnitudes.
    case unbalanced(Currency, debits: Int128, credits: Int128)
    /// A balance left the range of 64-bit minor units.
    case balanceOverflow(Account)
}

/// Money moved, all at once: postings that sum to zero in every currency.
///
/// An entry is never changed or removed. A correction is another entry.
package struct JournalEntry: Hashable, Sendable {
    package let id: JournalEntryID
    package let accountingDate: AccountingDate
    /// A stable word for programs, such as `fare_batch`.
    package let kind: String
    /// A sentence for people.
    package let description: String
    package let postings: [Posting]

    /// - Throws: ``LedgerError/unbalanced(_:debits:credits:)`` when the two sides differ in a
    ///   currency, ``LedgerError/noPostings`` and ``LedgerError/zeroPosting(_:)``.
    package init(
        id: JournalEntryID, accountingDate: AccountingDate, kind: String, description: String,
        postings: [Posting]
    ) throws(LedgerError) {
        guard !postings.isEmpty else { throw .noPostings }
        var sides: [(currency: Currency, debits: Int128, credits: Int128)] = []
        for posting in postings {
            guard !posting.amount.isZero else { throw .zeroPosting(posting.account) }
            let currency = posting.amount.currency
            let index = sides.firstIndex { $0.currency == currency } ?? sides.count
            if index == sides.count { sides.append((currency, 0, 0)) }
            let amount = Int128(posting.amount.minorUnits)
            if amount > 0 { sides[index].debits += amount } else { sides[index].credits -= amount }
        }
        for side in sides where side.debits != side.credits {
            throw .unbalanced(side.currency, debits: side.debits, credits: side.credits)
        }
        self.id = id
        self.accountingDate = accountingDate
        self.kind = kind
        self.description = description
        self.postings = postings
    }
}

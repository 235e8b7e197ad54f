package import TransitModel

/// What stands on each account after some entries, per currency.
///
/// The sum over all accounts is zero in every currency, because each entry's is.
package struct Balances: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let account: Account
        package let amount: Money
    }

    private struct Key: Hashable {
        let account: Account
        let currency: Currency
    }

    private var amounts: [Key: Int64] = [:]

    package init() {}

    /// Adds an entry's postings; on failure nothing is added.
    package mutating func post(_ entry: JournalEntry) throws(LedgerError) {
        var changed: [Key: Int64] = [:]
        for posting in entry.postings {
            let key = Key(account: posting.account, currency: posting.amount.currency)
            let (sum, overflows) = (changed[key] ?? amounts[key] ?? 0)
                .addingReportingOverflow(posting.amount.minorUnits)
            guard !overflows else { throw .balanceOverflow(posting.account) }
            changed[key] = sum
        }
        amounts.merge(changed) { _, new in new }
    }

    package func balance(of account: Account, in currency: Currency) -> Money {
        Money(
            minorUnits: amounts[Key(account: account, currency: currency)] ?? 0, currency: currency)
    }

    /// Every account that was ever posted to, by name and then currency.
    package var lines: [Line] {
        amounts
            .map { key, units in
                Line(
                    account: key.account, amount: Money(minorUnits: units, currency: key.currency))
            }
            .sorted { left, right in
                (left.account, left.amount.currency.code)
                    < (right.account, right.amount.currency.code)
            }
    }
}

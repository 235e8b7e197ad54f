import Ledger
import Testing
import TransitModel

@Suite("A journal entry")
struct JournalEntryTests {
    private func entry(_ postings: [Posting]) throws(LedgerError) -> JournalEntry {
        var random = SeededGenerator(seed: 1)
        return try JournalEntry(
            id: JournalEntryID(using: &random), accountingDate: AccountingDate(daysSince1970: 0),
            kind: "fare_batch", description: "Fares", postings: postings)
    }

    private func hryvnias(_ minorUnits: Int64) -> Money {
        Money(minorUnits: minorUnits, currency: .uah)
    }

    @Test("keeps balanced postings in order")
    func balanced() throws {
        let postings: [Posting] = [
            .debit(.riderReceivable, hryvnias(1_500)), .credit(.fareRevenue, hryvnias(1_500)),
        ]
        #expect(try entry(postings).postings == postings)
    }

    @Test("is refused when nothing moves")
    func empty() {
        #expect(throws: LedgerError.noPostings) { try entry([]) }
    }

    @Test("is refused with a posting of nothing")
    func zero() {
        #expect(throws: LedgerError.zeroPosting(.fareRevenue)) {
            try entry([.credit(.fareRevenue, hryvnias(0))])
        }
    }

    @Test("is refused when the sides differ by a kopiyka")
    func unbalanced() {
        #expect(throws: LedgerError.unbalanced(.uah, debits: 1_500, credits: 1_499)) {
            try entry([
                .debit(.riderReceivable, hryvnias(1_500)), .credit(.fareRevenue, hryvnias(1_499)),
            ])
        }
    }

    @Test("balances each currency on its own")
    func currencies() throws {
        let euro = try #require(Currency(code: "EUR"))
        #expect(throws: LedgerError.self) {
            try entry([
                .debit(.riderReceivable, hryvnias(100)),
                .credit(.fareRevenue, Money(minorUnits: 100, currency: euro)),
            ])
        }
    }

    @Test("does not wrap around at the edge of 64 bits")
    func extremes() {
        #expect(throws: LedgerError.self) {
            try entry([
                .debit(.riderReceivable, hryvnias(.max)), .debit(.riderReceivable, hryvnias(.max)),
                .debit(.riderReceivable, hryvnias(2)),
            ])
        }
    }
}

@Suite("An account name")
struct AccountTests {
    @Test("is accepted when well formed", arguments: ["assets:bank", "liabilities:riders:top-ups"])
    func good(name: String) {
        #expect(Account(name)?.name == name)
    }

    @Test(
        "is refused otherwise",
        arguments: [
            "", "assets", "money:bank", "assets:", "assets:Bank", "assets:a b", "assets::b",
        ]
    )
    func bad(name: String) {
        #expect(Account(name) == nil)
    }
}

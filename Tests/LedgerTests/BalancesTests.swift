import Ledger
import Testing
import TransitModel

@Suite("Balances and names of entries")
struct BalancesTests {
    private func fareBatch(_ minorUnits: Int64) throws -> JournalEntry {
        var random = SeededGenerator(seed: UInt64(minorUnits))
        let amount = Money(minorUnits: minorUnits, currency: .uah)
        return try JournalEntry(
            id: JournalEntryID(using: &random), accountingDate: AccountingDate(daysSince1970: 0),
            kind: "fare_batch", description: "Fares",
            postings: [.debit(.riderReceivable, amount), .credit(.fareRevenue, amount)])
    }

    @Test("Entries add up, and all accounts together stand at zero")
    func sums() throws {
        var balances = Balances()
        try balances.post(fareBatch(1_500))
        try balances.post(fareBatch(750))
        #expect(balances.balance(of: .riderReceivable, in: .uah).minorUnits == 2_250)
        #expect(balances.lines.map(\.account) == [.riderReceivable, .fareRevenue])
        #expect(balances.lines.map(\.amount.minorUnits).reduce(0, +) == 0)
    }

    @Test("A balance that would overflow is refused and changes nothing")
    func overflow() throws {
        var balances = Balances()
        try balances.post(fareBatch(.max))
        let before = balances
        #expect(throws: LedgerError.balanceOverflow(.riderReceivable)) {
            try balances.post(fareBatch(1))
        }
        #expect(balances == before)
    }

    @Test("Parts of a derived name cannot run into each other")
    func framing() {
        var first = DerivationInput(domain: "test.v1")
        first.append("ab")
        first.append("c")
        var second = DerivationInput(domain: "test.v1")
        second.append("a")
        second.append("bc")
        #expect(first.bytes != second.bytes)
        #expect(DerivationInput(domain: "x").bytes == [0, 0, 0, 1, 0x78])
    }
}

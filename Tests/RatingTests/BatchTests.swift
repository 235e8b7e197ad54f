import PostgresClient
import Store
import Testing
import TransitModel

@testable import Rating

@Suite("Ledger batches")
struct BatchTests {
    @Test("A batch balances, is posted once, and its identifier follows from its number")
    func batch() async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append(
            [tap(1, at: 0), tap(2, at: 0)], to: town.database)
        try await town.settle()
        #expect(try await town.batcher.postBatch() == 2)
        #expect(try await town.batcher.postBatch() == nil)
        let postings = try await town.database.query(
            "select account, amount_minor from posting order by posting_number")
        #expect(
            try postings.map { try $0.decode("account", as: String.self) }
                == ["assets:riders:receivable", "revenues:fares"])
        #expect(try postings.map { try $0.decode("amount_minor", as: Int.self) } == [3000, -3000])
        #expect(
            try await town.database.count(
                "journal_entry",
                where: "journal_entry_id = \(LedgerBatcher.entryID(ofBatch: 1))") == 1)
        #expect(
            LedgerBatcher.entryID(ofBatch: 1).description == "48f57865-e6f9-9142-0f03-0449d3cd6a81")
        await town.close()
    }

    @Test("Raises and refunds of one batch show separately")
    func adjustments() async throws {
        let town = try await Town.make()
        let log = DeviceLog("v1", seed: 1)
        try await log.append([tap(1, at: 0), tap(1, at: 70)], to: town.database)
        try await town.settle()
        // Both rides turn out to be transfers of one that came before... the second too late.
        try await DeviceLog("v2", seed: 2).append([tap(1, at: 15)], to: town.database)
        try await town.settle()
        _ = try await town.batcher.postBatch()
        try await expectBooksAgree(town)
        await town.close()
    }

    @Test("A batch that fails after taking its entries leaves them for the next")
    func rollback() async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append([tap(1, at: 0)], to: town.database)
        try await town.settle()
        try await town.database.execute(
            "alter table ledger_batch add constraint stop check (entry_count > 1)")
        await #expect(throws: PostgresFailure.self) { try await town.batcher.postBatch() }
        #expect(try await town.database.count("journal_entry") == 0)
        #expect(
            try await town.database.count("rider_entry", where: "ledger_batch_id is null") == 1)
        try await town.database.execute("alter table ledger_batch drop constraint stop")
        #expect(try await town.batcher.postBatch() == 1)
        try await expectBooksAgree(town)
        await town.close()
    }

    @Test(
        "Books that were tampered with do not agree",
        arguments: [
            "update posting set amount_minor = amount_minor + 1 where posting_number = 1",
            "update rider_entry set amount_minor = amount_minor + 1",
            "update charge set amount_minor = amount_minor - 1",
            "update rider_entry set ledger_batch_id = null",
            "delete from posting",
        ])
    func tampering(statement: String) async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append([tap(1, at: 0)], to: town.database)
        try await town.settle()
        _ = try await town.batcher.postBatch()
        #expect(try await LedgerStore(town.database).books().agree)
        try await town.database.execute("\(unescaped: statement)")
        #expect(try await !LedgerStore(town.database).books().agree)
        await town.close()
    }
}

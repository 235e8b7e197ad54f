import PostgresClient
import Store
import Testing
import TransitModel

/// The readings over a real database, in a day that ``TestTown`` made.
@Suite("What the pages read")
struct ReadingStoreTests {
    @Test("The day's figures, charges and their history come from what was written")
    func day() async throws {
        let site = try await TestSite()
        try await site.fillDay()
        let calendar = LocalDay.kyiv
        let store = TodayStore(site.database)
        let reading = try await store.readDay(calendar, currency: .uah, latestLimit: 5)
        #expect(reading.acceptedTaps == 17)
        #expect(reading.charges == 16)
        #expect(reading.revenue == Money(minorUnits: 22_500, currency: .uah))
        #expect(reading.refusals.map(\.count) == [3, 2, 1, 1])
        #expect(reading.refusedTaps == 7)
        #expect(reading.unpricedTaps == 2)
        #expect(reading.latestCharges.count == 5)
        let newest = try #require(reading.latestCharges.first)
        #expect(newest.revision == 2 && newest.amount.isZero && newest.taps == 1)

        let charge = try #require(
            try await ChargeStore(site.database).find(rider: newest.rider, charge: newest.charge))
        #expect(charge.revisions.map(\.revision) == [2, 1])
        #expect(charge.revisions.map { $0.supersededAt == nil } == [true, false])
        #expect(charge.revisions.allSatisfy { $0.taps.count == 1 })
        #expect(charge.entries.map(\.amount.minorUnits) == [-1_500, 1_500])
        #expect(charge.revisions[0].taps.first?.service?.route == "12")
        #expect(try await LedgerStore(site.database).books().agree)
        await site.database.close()
    }

    @Test("Lists come in parts that neither overlap nor leave gaps")
    func pages() async throws {
        let site = try await TestSite()
        try await site.fillDay()
        let store = ChargeStore(site.database)
        var seen: [ChargeSummary] = []
        for number in 1...4 {
            let part = try await store.list(
                of: TestTown.date, Page(number: number, size: 5))
            #expect(part.total == 16)
            seen += part.elements
        }
        #expect(Set(seen.map(\.charge)).count == 16)
        #expect(seen.compactMap(\.tappedAt) == seen.compactMap(\.tappedAt).sorted(by: >))
        let unpriced = try await TodayStore(site.database)
            .listUnpricedTaps(Page(number: 1, size: 1))
        #expect(unpriced.total == 2 && unpriced.elements.first?.cause == "no_tariff")
        let refused = try await TodayStore(site.database)
            .listRefusedTaps(of: LocalDay.kyiv, Page(number: 2, size: 5))
        #expect(refused.total == 7 && refused.elements.count == 2)
        await site.database.close()
    }
}

private enum LocalDay {
    static let kyiv = DaySpan(
        date: TestTown.date, from: Timestamp(secondsSince1970: 1_795_298_400),
        until: Timestamp(secondsSince1970: 1_795_384_800))
}

import Console
import Store
import Testing
import TransitModel

@Suite("The scheme's wall clock")
struct LocalCalendarTests {
    private let kyiv = LocalCalendar(zone: .kyiv)

    @Test(
        "A day is as long as its clock makes it",
        arguments: [("2026-11-22", 24), ("2026-03-29", 23), ("2026-10-25", 25)])
    func lengths(date: String, hours: Int64) throws {
        let day = kyiv.day(on: try #require(ServiceDate(date)))
        #expect(day.until.elapsed(since: day.from) == .seconds(hours * 3_600))
        #expect(kyiv.day(at: day.from) == day)
        #expect(kyiv.day(at: day.until).date == day.date.advanced(byDays: 1))
    }

    @Test("Midnight in Kyiv is ten in the evening in London")
    func midnight() throws {
        let day = kyiv.day(on: try #require(ServiceDate("2026-11-22")))
        #expect(day.from == Timestamp(secondsSince1970: 1_795_298_400))
    }
}

import Testing
import TransitModel

@Suite("Dates and zones")
struct CalendarTests {
    @Test("Every day of four centuries has its own components, in order")
    func everyDay() throws {
        let first = try #require(ServiceDate(year: 1900, month: 1, day: 1))
        var (year, month, day) = first.components
        for offset in 1...146_097 {
            let next = first.advanced(byDays: offset).components
            let isNextDay = next == (year, month, day + 1)
            let isNextMonth = next == (year, month + 1, 1)
            let isNextYear = next == (year + 1, 1, 1) && month == 12
            try #require(isNextDay || isNextMonth || isNextYear, "\(next)")
            (year, month, day) = next
        }
        #expect((year, month, day) == (2300, 1, 1))
    }

    @Test(
        "Days that do not exist are refused",
        arguments: [
            "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "20260431", "2026-4-30",
            "2026-1122", "202611-22", "２０２６-11-22", "", "2026-11-22x",
        ])
    func refused(text: String) {
        #expect(ServiceDate(text) == nil)
    }

    @Test("Both written forms give the same day")
    func forms() throws {
        let date = try #require(ServiceDate("2026-11-22"))
        #expect(date == ServiceDate("20261122"))
        #expect(date.description == "2026-11-22")
        #expect(date.isoWeekday == 7)
    }

    /// Kyiv in 2026: summer time ends on 25 October at 01:00 UTC.
    private let kyiv = ZoneOffsets(
        name: "Europe/Kyiv", initialOffsetSeconds: 7_200,
        transitions: [
            .init(at: Timestamp(secondsSince1970: 1_774_746_000), offsetSeconds: 10_800),
            .init(at: Timestamp(secondsSince1970: 1_792_890_000), offsetSeconds: 7_200),
        ])

    @Test("The hour that happens twice is told apart by the instant")
    func repeatedHour() {
        let before = kyiv.local(Timestamp(secondsSince1970: 1_792_889_999), as: ServiceDate.self)
        let after = kyiv.local(Timestamp(secondsSince1970: 1_792_890_000), as: ServiceDate.self)
        #expect(before.date.description == "2026-10-25")
        #expect(before.secondsOfDay == 4 * 3_600 - 1)
        #expect(after.secondsOfDay == 3 * 3_600)
    }

    @Test("A fare day that begins at four keeps the night with the evening before")
    func fareDay() throws {
        let fourLocal = Timestamp(secondsSince1970: 1_792_890_000 + 3_600)
        let justBefore = fourLocal.advanced(by: .milliseconds(-1))
        #expect(kyiv.fareDay(at: justBefore, startingAt: 4 * 3_600).description == "2026-10-24")
        #expect(kyiv.fareDay(at: fourLocal, startingAt: 4 * 3_600).description == "2026-10-25")
    }

    @Test("Instants before 1970 fall on the right local day")
    func beforeTheEpoch() {
        let local = ZoneOffsets.utc.local(
            Timestamp(millisecondsSince1970: -1), as: ServiceDate.self)
        #expect(local.date.description == "1969-12-31")
        #expect(local.secondsOfDay == 86_399)
    }
}

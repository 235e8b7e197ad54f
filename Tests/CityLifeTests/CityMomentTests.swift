import CityLife
import Testing
import TransitModel

@Suite("Moments of a city")
struct CityMomentTests {
    private static let kyiv = ZoneOffsets(name: "Europe/Kyiv", initialOffsetSeconds: 7_200)
    /// Half past midnight of 2 March 2026 in Kyiv, still the day before in UTC.
    private static let now = Timestamp(secondsSince1970: 1_772_404_200)

    @Test(
        "A time alone is today's, by the city's calendar; with a date it is that day's",
        arguments: [
            ("08:00", 1_772_431_200), ("00:00", 1_772_402_400), ("2026-03-03T23:59", 1_772_575_140),
        ])
    func meaning(text: String, seconds: Int64) throws {
        let moment = try #require(CityMoment(text))
        #expect(
            moment.instant(at: Self.now, in: Self.kyiv) == Timestamp(secondsSince1970: seconds))
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "8", "8:00", "24:00", "08:60", "-1:00", "08:00:00", "T08:00", "2026-11-24",
            "2026-11-24T", "2026-02-30T08:00", "2026-11-24 08:00", "08:00T08:00", "+8:00",
        ])
    func refusal(text: String) {
        #expect(CityMoment(text) == nil)
    }
}

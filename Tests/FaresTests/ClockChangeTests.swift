import Fares
import Testing
import TransitModel

/// Kyiv's clocks change between 03:00 and 04:00 (EU rules: at 01:00 UTC).
@Suite("Windows are elapsed time on the nights when clocks change")
struct ClockChangeTests {
    private static let kyiv = ZoneOffsets(
        name: "Europe/Kyiv", initialOffsetSeconds: 3 * 3_600,
        transitions: [
            .init(at: Timestamp(secondsSince1970: 1_792_890_000), offsetSeconds: 2 * 3_600),
            .init(at: Timestamp(secondsSince1970: 1_806_195_600), offsetSeconds: 3 * 3_600),
        ])

    struct Night: Sendable {
        let first: Int64
        let wallClock: Int
        let laterWallClock: Int
        let date: String
    }

    @Test(
        "59 minutes 59 seconds is free and 60 minutes 1 second is not, whatever the wall shows",
        arguments: [
            // 03:30 summer time, then 03:30 winter time: an hour later, the same wall clock.
            Night(
                first: 1_792_890_000 - 1_800, wallClock: 3 * 3_600 + 1_800,
                laterWallClock: 3 * 3_600 + 1_800, date: "2026-10-25"),
            // 02:30 winter time, then 04:30 summer time: an hour later, two on the wall.
            Night(
                first: 1_806_195_600 - 1_800, wallClock: 2 * 3_600 + 1_800,
                laterWallClock: 4 * 3_600 + 1_800, date: "2027-03-28"),
        ])
    func night(_ night: Night) throws {
        let first = Timestamp(secondsSince1970: night.first)
        let hourLater = first.advanced(by: .seconds(3_600))
        let local = Self.kyiv.local(first, as: FareDay.self)
        #expect(local.date.description == night.date)
        #expect(local.secondsOfDay == night.wallClock)
        #expect(Self.kyiv.local(hourLater, as: FareDay.self).secondsOfDay == night.laterWallClock)

        let engine = try TestFeed.flatFare.engine()
        func charges(_ seconds: Int) throws -> [String] {
            try engine.charges(
                [first, first.advanced(by: .seconds(seconds))].map { instant in
                    FareLeg(
                        boarding: nil, route: "bus", fromStop: "A", toStop: nil,
                        departedAt: instant)
                })
        }
        #expect(try charges(3_599) == ["15.00", "0.00"])
        #expect(try charges(3_600) == ["15.00", "0.00"])
        #expect(try charges(3_601) == ["15.00", "15.00"])
    }
}

import Fares
import Testing
import TransitModel

@Suite("When a tariff is in force, and in which order it prices")
struct EffectiveDateTests {
    @Test("Before its first day and after its last a tariff prices nothing")
    func effectiveDates() throws {
        let feed = TestFeed.cityAndFast.with(
            "tariff", "tariff_id,effective_from,effective_until,fare_day_start",
            "town,20260303,20260303,04:00:00")
        let engine = try feed.engine()
        let monday = try #require(FareDay("2026-03-02"))
        let wednesday = try #require(FareDay("2026-03-04"))
        #expect(throws: FareRefusal.tariffNotInForce(monday)) {
            try engine.charges([leg(at: 0)])
        }
        // Tuesday begins at four, and ends with Wednesday's four o'clock.
        #expect(throws: FareRefusal.tariffNotInForce(monday)) {
            try engine.charges([leg(at: 1_219)])
        }
        #expect(try engine.charges([leg(at: 1_220)]) == ["15.00"])
        #expect(try engine.charges([leg(at: 1_440 + 1_219)]) == ["15.00"])
        #expect(throws: FareRefusal.tariffNotInForce(wednesday)) {
            try engine.charges([leg(at: 1_440 + 1_220)])
        }
    }

    @Test("A tariff declares in which way histories are priced")
    func order() throws {
        #expect(try TestFeed.cityAndFast.tariff().pricing == .lowest)
        #expect(
            try TestFeed.cityAndFast.with("tariff", "tariff_id,pricing", "town,in_order").tariff()
                .pricing
                == .inOrder)
    }
}

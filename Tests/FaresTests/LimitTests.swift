import Fares
import Testing
import TransitModel

@Suite("The least and the most that legs and journeys cost")
struct LimitTests {
    private static let limits = "leg_set_id,rider_category_id,scope,min_amount,max_amount,currency"
    private static let pupil = FareRider(categories: ["pupil"])

    @Test("A leg costs at least and at most so much; a free one stays free")
    func legLimits() throws {
        let engine = try TestFeed.cityAndFast
            .with("fare_limits", Self.limits, ",,leg,10.00,30.00,UAH")
            .with("transfer_terms", "terms,transfer_count", "free,1").engine()
        #expect(
            try engine.charges([leg(at: 0), leg(at: 5), leg("train", at: 10)])
                == ["15.00", "0.00", "30.00"])
        #expect(try engine.charges([leg(at: 0)], Self.pupil) == ["10.00"])
        let rule = try #require(engine.priced([leg(at: 0)], Self.pupil)[0].rules.last)
        #expect(rule.code == .raisedToMinimum && rule.amount.decimal == "3.00")
    }

    @Test("A journey costs at least and at most so much, over its legs")
    func journeyLimits() throws {
        let engine = try TestFeed.cityAndFast
            .with("fare_limits", Self.limits, ",,journey,20.00,50.00,UAH")
            .with("fare_journeys", "gap_limit", "3600").engine()
        #expect(
            try engine.charges([
                leg(at: 0), leg(at: 10), leg("train", at: 20), leg(at: 30), leg(at: 200),
            ]) == ["20.00", "10.00", "20.00", "0.00", "20.00"])
    }

    @Test("Without a table of journeys, transfers make them")
    func transfersMakeJourneys() throws {
        let engine = try TestFeed.cityAndFast
            .with("fare_limits", Self.limits, ",,journey,,25.00,UAH")
            .with("transfer_terms", "terms,reduction_percent,transfer_count", "discount,10,1")
            .engine()
        #expect(
            try engine.charges([leg(at: 0), leg(at: 10), leg(at: 20)])
                == ["15.00", "10.00", "15.00"])
    }
}

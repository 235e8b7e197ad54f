import Fares
import Testing
import TransitModel

@Suite("Several people on one medium")
struct GroupTests {
    @Test("A group pays for each; some ride free, some come later")
    func groups() throws {
        let three = FareRider(riders: 3)
        #expect(try TestFeed.cityAndFast.engine().charges([leg()], three) == ["45.00"])
        let engine = try TestFeed.cityAndFast.with(
            "group_fares", "min_riders,max_riders,reduction_percent,free_riders", "2,3,0,1",
            "4,,20,0"
        ).engine()
        #expect(try engine.charges([leg()], three) == ["30.00"])
        #expect(try engine.charges([leg()], FareRider(riders: 4)) == ["48.00"])
        #expect(try engine.charges([leg()]) == ["15.00"])
        let reasons = try engine.priced([leg()], FareRider(riders: 4))[0].rules
        #expect(reasons.map(\.code) == [.legFare, .groupReduction, .companions])
        #expect(reasons.map(\.amount.decimal) == ["15.00", "-3.00", "36.00"])
    }

    @Test("Caps and passes are the holder's; companions pay beside them")
    func companions() throws {
        let engine = try TestFeed.cityAndFast
            .with("fare_caps", "cap_id,window,amount,currency", "day,day,20.00,UAH").engine()
        let pair = FareRider(riders: 2)
        #expect(
            try engine.charges([leg(at: 0), leg(at: 10), leg(at: 20)], pair)
                == ["30.00", "20.00", "15.00"])
    }

    @Test("Who joins a group after its first leg pays that leg's own fare")
    func joining() throws {
        let engine = try TestFeed.cityAndFast.with("transfer_terms", "terms", "free").engine()
        let priced = try engine.price([
            RiderLeg(leg(at: 0), by: FareRider()), RiderLeg(leg(at: 5), by: FareRider(riders: 3)),
        ])
        #expect(priced.legs.map(\.charge.decimal) == ["15.00", "30.00"])
    }
}

import Fares
import Testing
import TransitModel

@Suite("Legs without a known end")
struct IncompleteLegTests {
    @Test("An end that is not known costs what the tariff says, and only where it matters")
    func incomplete() throws {
        let feed = TestFeed()
            .with("areas", "area_id", "inner", "outer")
            .with("stop_areas", "area_id,stop_id", "inner,A", "outer,B")
            .with(
                "fare_products", "fare_product_id,amount,currency", "near,10.00,UAH",
                "far,20.00,UAH", "farthest,60.00,UAH"
            )
            .with(
                "fare_leg_rules", "from_area_id,to_area_id,fare_product_id", "inner,inner,near",
                "inner,outer,far"
            )
            .with("fare_caps", "cap_id,window,amount,currency", "day,day,65.00,UAH")
        #expect(throws: FareRefusal.alightingStopNotGiven) {
            try feed.engine().charges([leg(at: 0)])
        }
        let legs = [leg(at: 0), leg(at: 10, to: "B")]
        let counted = try feed.with("incomplete_legs", "fare_product_id", "farthest").engine()
        #expect(try counted.charges(legs) == ["60.00", "5.00"])
        #expect(try counted.priced(legs)[0].rules[0].code == .incompleteCharge)
        let apart = try feed.with(
            "incomplete_legs", "fare_product_id,counts_towards_caps", "farthest,0"
        ).engine()
        #expect(try apart.charges(legs) == ["60.00", "20.00"])
    }
}

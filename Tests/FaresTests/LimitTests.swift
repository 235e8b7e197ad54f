import Fares
import Testing
import TransitModel

@Suite("Limits, rounding, groups, rides and unknown ends")
struct LimitTests {
    private static let plain = TestFeed()
        .with(
            "rider_categories", "rider_category_id,rider_category_name,is_default_fare_category",
            "adult,Adult,1", "pupil,Pupil,"
        )
        .with(
            "fare_products", "fare_product_id,rider_category_id,amount,currency",
            "single,adult,15.00,UAH", "single,pupil,7.00,UAH", "express,,40.00,UAH",
            "farthest,adult,60.00,UAH", "farthest,pupil,30.00,UAH"
        )
        .with("networks", "network_id", "city", "fast")
        .with("route_networks", "network_id,route_id", "city,bus", "city,tram", "fast,train")
        .with("fare_leg_rules", "network_id,fare_product_id", "city,single", "fast,express")
        .with("leg_sets", "leg_set_id,network_id", "city,city", "fast,fast")
    private static let limits = "leg_set_id,rider_category_id,scope,min_amount,max_amount,currency"
    private static let pupil = FareRider(categories: ["pupil"])

    @Test("A leg costs at least and at most so much; a free one stays free")
    func legLimits() throws {
        let engine = try Self.plain
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
        let engine = try Self.plain
            .with("fare_limits", Self.limits, ",,journey,20.00,50.00,UAH")
            .with("fare_journeys", "gap_limit", "3600").engine()
        #expect(
            try engine.charges([
                leg(at: 0), leg(at: 10), leg("train", at: 20), leg(at: 30), leg(at: 200),
            ]) == ["20.00", "10.00", "20.00", "0.00", "20.00"])
    }

    @Test("Without a table of journeys, transfers make them")
    func transfersMakeJourneys() throws {
        let engine = try Self.plain
            .with("fare_limits", Self.limits, ",,journey,,25.00,UAH")
            .with("transfer_terms", "terms,reduction_percent,transfer_count", "discount,10,1")
            .engine()
        #expect(
            try engine.charges([leg(at: 0), leg(at: 10), leg(at: 20)])
                == ["15.00", "10.00", "15.00"])
    }

    @Test(
        "Shares are rounded once, as the tariff names it",
        arguments: [
            ("down,0.50", "4.50"), ("up,0.50", "5.00"), ("half_up,0.50", "4.50"),
            ("half_even,0.10", "4.70"), ("half_up,0.01", "4.73"), ("down,0.01", "4.72"),
            ("half_even,0.01", "4.72"),
        ])
    func rounding(rule: String, charge: String) throws {
        // 7.00 less 25 % is 5.25, less 10 % of that is 4.725.
        let engine = try Self.plain
            .with("tariff", "tariff_id,rounding,rounding_unit,currency", "town,\(rule),UAH")
            .with("transfer_terms", "terms,reduction_percent", "discount,25")
            .with("group_fares", "min_riders,reduction_percent,free_riders", "2,10,1").engine()
        let two = FareRider(categories: ["pupil"], riders: 2)
        #expect(try engine.charges([leg(at: 0), leg(at: 10)], two)[1] == charge)
    }

    @Test("After some rides the next ones are reduced or free, and then counting begins anew")
    func rides() throws {
        let header =
            "ride_discount_id,window,window_duration,after_rides,reduced_rides,"
            + "reduction_percent"
        let everyThird = try Self.plain.with("ride_discounts", header, "third,ever,,2,1,100")
            .engine()
        #expect(
            try everyThird.charges((0..<7).map { leg(at: Double($0)) })
                == ["15.00", "15.00", "0.00", "15.00", "15.00", "0.00", "15.00"])
        let daily = try Self.plain.with("ride_discounts", header, "day,day,,2,,50").engine()
        #expect(
            try daily.charges([0, 1, 2, 3, 24 * 60].map { leg(at: $0) })
                == ["15.00", "15.00", "7.50", "7.50", "15.00"])
        let rolling = try Self.plain.with("ride_discounts", header, "hour,rolling,3600,1,,50")
            .engine()
        #expect(
            try rolling.charges([0, 40, 80, 140].map { leg(at: $0) })
                == ["15.00", "7.50", "7.50", "15.00"])
    }

    @Test("Journeys may be counted instead of legs")
    func journeysCounted() throws {
        let engine = try Self.plain
            .with("fare_journeys", "gap_limit", "1800")
            .with(
                "ride_discounts",
                "ride_discount_id,window,count_by,after_rides,reduction_percent",
                "second,week,journey,1,50"
            ).engine()
        #expect(
            try engine.charges([0, 20, 40, 100, 120].map { leg(at: $0) })
                == ["15.00", "15.00", "15.00", "7.50", "7.50"])
    }

    @Test("A group pays for each; some ride free, some come later")
    func groups() throws {
        let three = FareRider(riders: 3)
        #expect(try Self.plain.engine().charges([leg()], three) == ["45.00"])
        let engine = try Self.plain.with(
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
        let engine = try Self.plain
            .with("fare_caps", "cap_id,window,amount,currency", "day,day,20.00,UAH").engine()
        let pair = FareRider(riders: 2)
        #expect(
            try engine.charges([leg(at: 0), leg(at: 10), leg(at: 20)], pair)
                == ["30.00", "20.00", "15.00"])
    }

    @Test("Who joins a group after its first leg pays that leg's own fare")
    func joining() throws {
        let engine = try Self.plain.with("transfer_terms", "terms", "free").engine()
        let priced = try engine.price([
            RiderLeg(leg(at: 0), by: FareRider()), RiderLeg(leg(at: 5), by: FareRider(riders: 3)),
        ])
        #expect(priced.legs.map(\.charge.decimal) == ["15.00", "30.00"])
    }

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

    @Test("Before its first day and after its last a tariff prices nothing")
    func effectiveDates() throws {
        let feed = Self.plain.with(
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

    @Test("Operators share what the tariff says, to the kopiyka; the rest is the carrier's")
    func shares() throws {
        let engine = try Self.plain
            .with(
                "agency", "agency_id,agency_name,agency_url,agency_timezone",
                "town,Town,https://town.example,Europe/Kyiv",
                "rail,Rail,https://rail.example,Europe/Kyiv"
            )
            .with(
                "routes", "route_id,agency_id,route_short_name,route_type", "bus,town,1,3",
                "tram,town,2,0", "train,rail,3,2"
            )
            .with(
                "operator_shares", "leg_set_id,agency_id,weight", "fast,rail,2", "fast,town,1"
            ).engine()
        let legs = [leg("train", at: 0), leg("train", at: 30), leg(at: 60)]
        let history = try engine.price(legs.map { RiderLeg($0, by: FareRider()) })
        let shares = try engine.operatorShares(
            of: history, riders: legs.map { _ in FareRider() })
        #expect(shares.map(\.agency) == ["rail", "town"])
        #expect(shares.map(\.amount.decimal) == ["53.33", "41.67"])
    }

    @Test("A tariff declares in which way histories are priced")
    func order() throws {
        #expect(try Self.plain.tariff().pricing == .lowest)
        #expect(
            try Self.plain.with("tariff", "tariff_id,pricing", "town,in_order").tariff().pricing
                == .inOrder)
    }
}

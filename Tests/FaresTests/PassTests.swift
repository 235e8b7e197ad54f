import Fares
import Testing
import TransitModel

@Suite("Passes and tickets")
struct PassTests {
    private static let day = 24.0 * 60
    private static let plain = TestFeed()
        .with(
            "rider_categories", "rider_category_id,rider_category_name,is_default_fare_category",
            "adult,Adult,1", "pupil,Pupil,"
        )
        .with(
            "fare_products", "fare_product_id,rider_category_id,amount,currency",
            "single,adult,15.00,UAH", "single,pupil,8.00,UAH", "pass,adult,500.00,UAH",
            "ten,adult,100.00,UAH", "express,,40.00,UAH"
        )
        .with("networks", "network_id", "city", "fast")
        .with("route_networks", "network_id,route_id", "city,bus", "city,tram", "fast,train")
        .with("fare_leg_rules", "network_id,fare_product_id", "city,single", "fast,express")
        .with("leg_sets", "leg_set_id,network_id", "city,city")
    private static let header =
        "fare_product_id,leg_set_id,sale,validity,validity_count,validity_duration,ride_limit,"
        + "covers_up_to,currency,upgrade"

    private static func feed(_ rows: String...) -> TestFeed {
        plain.with("fare_passes", rows: [header] + rows)
    }

    private static func holder(_ products: HeldFareProduct...) -> FareRider {
        FareRider(held: products)
    }

    @Test("A pass covers its legs and no others; who has none pays, and buys none at a tap")
    func covers() throws {
        let engine = try Self.feed("pass,city,,,,,,,,").engine()
        let legs = [leg(at: 0), leg("train", at: 10), leg(at: 20)]
        #expect(
            try engine.charges(legs, Self.holder(.init("pass"))) == ["0.00", "40.00", "0.00"])
        #expect(try engine.charges(legs) == ["15.00", "40.00", "15.00"])
        let rules = try engine.priced(legs, Self.holder(.init("pass")))[0].rules
        #expect(rules.map(\.code) == [.legFare, .coveredByPass])
        #expect(rules.map(\.amount.decimal) == ["15.00", "-15.00"])
    }

    @Test("Without a table of passes, a held product covers the legs whose rule names it")
    func standardOnly() throws {
        let engine = try Self.plain.with("leg_sets", "leg_set_id").with(
            "fare_leg_rules", "network_id,fare_product_id", "city,single", "city,pass",
            "fast,express"
        ).engine()
        let legs = [leg(at: 0), leg("train", at: 10)]
        #expect(try engine.charges(legs, Self.holder(.init("pass"))) == ["0.00", "40.00"])
        #expect(try engine.charges(legs) == ["15.00", "40.00"])
    }

    @Test(
        "Days, weeks and months of the calendar begin with the one of the first use",
        arguments: [
            ("day,1", ["0.00", "15.00", "15.00", "15.00"]),
            ("day,2", ["0.00", "0.00", "15.00", "15.00"]),
            ("week,1", ["0.00", "0.00", "15.00", "15.00"]),
            ("week,2", ["0.00", "0.00", "0.00", "15.00"]),
            ("month,1", ["0.00", "0.00", "0.00", "15.00"]),
        ])
    func calendar(validity: String, charges: [String]) throws {
        let engine = try Self.feed("pass,city,,\(validity),,,,,").engine()
        let legs = [0, 1, 7, 30].map { leg(at: Double($0) * Self.day) }
        #expect(try engine.charges(legs, Self.holder(.init("pass"))) == charges)
    }

    @Test("A pass bought for a date holds from it, and not before")
    func boughtFor() throws {
        let engine = try Self.feed("pass,city,,month,1,,,,,").engine()
        // 2026-03-03, 07:40 in Kyiv.
        let from = Timestamp(secondsSince1970: 1_772_516_400)
        let legs = [0, 1, 28, 30].map { leg(at: Double($0) * Self.day) }
        #expect(
            try engine.charges(legs, Self.holder(.init("pass", validFrom: from)))
                == ["15.00", "0.00", "0.00", "15.00"])
        let until = Timestamp(secondsSince1970: 1_772_516_401)
        #expect(
            try engine.charges(
                legs, Self.holder(.init("pass", validFrom: from, validUntil: until)))
                == ["15.00", "0.00", "15.00", "15.00"])
    }

    @Test("From the first use or from the purchase, to the last instant")
    func durations() throws {
        let legs = [0, 60, 61].map { leg(at: $0) }
        let firstUse = try Self.feed("pass,city,,first_use,,3600,,,,").engine()
        #expect(
            try firstUse.charges(legs, Self.holder(.init("pass"))) == ["0.00", "0.00", "15.00"])
        let rolling = try Self.feed("pass,city,,rolling,,3600,,,,").engine()
        let bought = Timestamp(secondsSince1970: 1_772_430_000 - 600)
        #expect(
            try rolling.charges(legs, Self.holder(.init("pass", validFrom: bought)))
                == ["0.00", "15.00", "15.00"])
    }

    @Test("A bundle counts its rides; a free transfer is none")
    func bundle() throws {
        let engine = try Self.feed("ten,city,,,,,2,,,")
            .with("transfer_terms", "terms,transfer_count,duration_limit", "free,1,3600").engine()
        let legs = [0, 30, 200, 230, 400].map { leg(at: $0) }
        #expect(
            try engine.charges(legs, Self.holder(.init("ten")))
                == ["0.00", "0.00", "0.00", "0.00", "15.00"])
        #expect(
            try engine.charges(legs, Self.holder(.init("ten", ridesLeft: 1)))
                == ["0.00", "0.00", "15.00", "0.00", "15.00"])
    }

    @Test("A pass without a number of rides is used before one with")
    func order() throws {
        let engine = try Self.feed("ten,city,,,,,1,,,", "pass,city,,day,1,,,,,").engine()
        let legs = [0, 1, 2].map { leg(at: Double($0) * Self.day) }
        #expect(
            try engine.charges(legs, Self.holder(.init("ten"), .init("pass")))
                == ["0.00", "0.00", "15.00"])
    }

    @Test("A pass may cover a part: the rest is charged")
    func partly() throws {
        let engine = try Self.feed("pass,,,,,,,,,").with(
            "fare_passes", Self.header, "pass,all,,,,,,25.00,UAH,"
        ).with("leg_sets", "leg_set_id", "all").engine()
        #expect(
            try engine.charges([leg(at: 0), leg("train", at: 10)], Self.holder(.init("pass")))
                == ["0.00", "15.00"])
    }

    @Test("A product that is not for the rider's category is no pass of theirs")
    func unknownProduct() throws {
        let engine = try Self.feed("pass,city,,,,,,,,").engine()
        #expect(throws: FareRefusal.unknownFareProduct("annual")) {
            try engine.charges([leg()], Self.holder(.init("annual")))
        }
    }

    // MARK: - Tickets that a tap buys

    private static let tickets = TestFeed()
        .with("areas", "area_id", "inner", "middle", "outer")
        .with("stop_areas", "area_id,stop_id", "inner,A", "middle,B", "outer,C")
        .with(
            "area_sets", "area_set_id,area_id", "im,inner", "im,middle", "imo,inner",
            "imo,middle", "imo,outer"
        )
        .with(
            "fare_products", "fare_product_id,amount,currency", "two-zones,20.00,UAH",
            "three-zones,30.00,UAH"
        )
        .with("leg_sets", "leg_set_id,within_area_set_id", "im,im", "imo,imo")

    @Test("A ticket for some zones covers a run of legs within them and its time")
    func zoneTickets() throws {
        let engine = try Self.tickets.with(
            "fare_passes", Self.header, "two-zones,im,at_tap,first_use,,4800,,,,",
            "three-zones,imo,at_tap,first_use,,4800,,,,"
        ).engine()
        let legs = [
            leg(at: 0, from: "A", to: "B"), leg(at: 40, from: "B", to: "A"),
            leg(at: 60, from: "A", to: "C"), leg(at: 81, from: "C", to: "B"),
        ]
        #expect(try engine.charges(legs) == ["20.00", "0.00", "30.00", "0.00"])
        // Looking ahead, the larger ticket from the beginning is cheaper.
        #expect(try engine.lowestTotal(Array(legs.prefix(3))) == "30.00")
        #expect(
            try engine.priced(legs).map { $0.rules[0].code } == [
                .ticketBought, .coveredByTicket, .ticketBought, .coveredByTicket,
            ])
    }

    @Test("Where a pass pays, no ticket is bought that could cover more than the pass")
    func passBeforeTicket() throws {
        let engine = try Self.tickets
            .with(
                "fare_products", "fare_product_id,amount,currency", "two-zones,20.00,UAH",
                "three-zones,30.00,UAH", "inner-month,300.00,UAH"
            )
            .with("area_sets", "area_set_id,area_id", "i,inner", "im,inner", "im,middle")
            .with("leg_sets", "leg_set_id,within_area_set_id", "i,i", "im,im")
            .with(
                "fare_passes", Self.header, "two-zones,im,at_tap,first_use,,4800,,,,",
                "inner-month,i,advance,month,1,,,,,"
            ).engine()
        #expect(
            try engine.charges(
                [leg(at: 0, from: "A", to: "A"), leg(at: 10, from: "A", to: "B")],
                Self.holder(.init("inner-month"))) == ["0.00", "20.00"])
    }

    @Test("A month of choices under a cap has a lowest total")
    func manyChoices() throws {
        let engine = try Self.tickets
            .with(
                "fare_passes", Self.header, "two-zones,im,at_tap,first_use,,4800,,,,",
                "three-zones,imo,at_tap,first_use,,4800,,,,"
            )
            .with("fare_caps", "cap_id,window,amount,currency", "day,day,45.00,UAH").engine()
        let legs = (0..<30).flatMap { day in
            [480.0, 1_000].map { leg(at: Double(day) * Self.day + $0, from: "A", to: "B") }
        }
        #expect(try engine.lowestTotal(legs) == "1200.00")
    }

    @Test("A ticket is exchanged for a larger one when a leg goes beyond it")
    func upgrade() throws {
        let engine = try Self.tickets.with(
            "fare_passes", Self.header, "two-zones,im,at_tap,first_use,,4800,,,,1",
            "three-zones,imo,at_tap,first_use,,4800,,,,1"
        ).engine()
        let legs = [
            leg(at: 0, from: "A", to: "B"), leg(at: 60, from: "B", to: "C"),
            leg(at: 80, from: "C", to: "A"), leg(at: 81, from: "A", to: "A"),
        ]
        #expect(try engine.charges(legs) == ["20.00", "10.00", "0.00", "20.00"])
        #expect(try engine.priced(legs)[1].rules[0].code == .ticketUpgraded)
    }
}

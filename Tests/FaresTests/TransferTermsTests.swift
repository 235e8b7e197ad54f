import Fares
import Testing
import TransitModel

/// Three operators: a city (15.00), a suburb (20.00) and a fast line (40.00).
@Suite("Terms of transfers")
struct TransferTermsTests {
    private static let plain = TestFeed()
        .with(
            "agency", "agency_id,agency_name,agency_url,agency_timezone",
            "city,City,https://city.example,Europe/Kyiv",
            "suburb,Suburb,https://suburb.example,Europe/Kyiv",
            "fast,Fast,https://fast.example,Europe/Kyiv"
        )
        .with(
            "routes", "route_id,agency_id,route_short_name,route_type", "bus,city,1,3",
            "tram,suburb,2,0", "train,fast,3,2"
        )
        .with("networks", "network_id", "city", "suburb", "fast")
        .with("route_networks", "network_id,route_id", "city,bus", "suburb,tram", "fast,train")
        .with(
            "fare_products", "fare_product_id,amount,currency", "city,15.00,UAH",
            "suburb,20.00,UAH", "fast,40.00,UAH", "supplement,6.00,UAH"
        )
        .with(
            "fare_leg_rules", "network_id,fare_product_id", "city,city", "suburb,suburb",
            "fast,fast"
        )
        .with(
            "leg_sets", "leg_set_id,agency_id", "city,city", "suburb,suburb", "fast,fast")
    private static let header =
        "from_leg_set_id,to_leg_set_id,terms,fare_product_id,reduction_percent,difference_to,"
        + "transfer_count,duration_limit,duration_limit_type,last,except_same_route,rule_priority"

    private static func feed(_ rows: String...) -> TestFeed {
        plain.with("transfer_terms", rows: [header] + rows)
    }

    @Test("A cell of the matrix: free, the difference, a surcharge, or the end of the chain")
    func matrix() throws {
        let engine = try Self.feed(
            "city,city,free,,,,,,,,,", "city,suburb,surcharge,supplement,,,,,,,,",
            "city,fast,difference,,,,,,,,,", "fast,city,end,,,,,,,,,"
        ).engine()
        #expect(try engine.charges([leg(at: 0), leg(at: 10)]) == ["15.00", "0.00"])
        #expect(try engine.charges([leg(at: 0), leg("tram", at: 10)]) == ["15.00", "6.00"])
        #expect(try engine.charges([leg(at: 0), leg("train", at: 10)]) == ["15.00", "25.00"])
        #expect(
            try engine.charges([leg("train", at: 0), leg(at: 10), leg(at: 20)])
                == ["40.00", "15.00", "0.00"])
        // No cell: the full fare, and the chain begins anew.
        #expect(
            try engine.charges([leg("tram", at: 0), leg(at: 10), leg(at: 20)])
                == ["20.00", "15.00", "0.00"])
    }

    @Test("Each cell says why in its reasons")
    func reasons() throws {
        let engine = try Self.feed("city,fast,difference,,,,2,3600,,,,").engine()
        let rules = try engine.priced([leg(at: 0), leg("train", at: 10)])[1].rules
        #expect(rules.map(\.code) == [.legFare, .transferDifference])
        #expect(rules.map(\.amount.decimal) == ["40.00", "-15.00"])
        #expect(rules[1].details.contains(.init(name: "terms", value: .text("difference"))))
        #expect(rules[1].details.contains(.init(name: "elapsed_seconds", value: .number(600))))
        let late = try engine.priced([leg(at: 0), leg("train", at: 61)])[1].rules
        #expect(late.map(\.code) == [.legFare, .transferExpired])
    }

    @Test("A window costs its dearest leg")
    func dearestLeg() throws {
        let engine = try Self.feed(",,difference,,,dearest_leg,,7200,1,,,").engine()
        #expect(
            try engine.charges([
                leg(at: 0), leg("train", at: 30), leg("tram", at: 60), leg("train", at: 120),
                leg(at: 121),
            ]) == ["15.00", "25.00", "0.00", "0.00", "15.00"])
    }

    @Test("The difference may be to the leg before, or to all that was paid")
    func differenceBases() throws {
        let legs = [leg("tram", at: 0), leg(at: 10), leg("train", at: 20)]
        #expect(
            try Self.feed(",,difference,,,previous_leg,,,,,,").engine().charges(legs)
                == ["20.00", "0.00", "25.00"])
        #expect(
            try Self.feed(",,difference,,,paid,,,,,,").engine().charges(legs)
                == ["20.00", "0.00", "20.00"])
        let upAndUp = [leg(at: 0), leg("tram", at: 10), leg("train", at: 20)]
        #expect(
            try Self.feed(
                "city,suburb,surcharge,supplement,,,,,,,,", ",fast,difference,,,paid,,,,,,"
            )
            .engine().charges(upAndUp) == ["15.00", "6.00", "19.00"])
    }

    @Test("A change of mode takes a share or an amount off")
    func discounts() throws {
        let feed = Self.feed("city,suburb,discount,,30,,,,,,,")
        #expect(
            try feed.engine().charges([leg(at: 0), leg("tram", at: 10)]) == ["15.00", "14.00"])
        let amount = Self.feed("city,suburb,discount,supplement,,,,,,,,")
        #expect(
            try amount.engine().charges([leg(at: 0), leg("tram", at: 10)]) == ["15.00", "14.00"])
    }

    @Test("Counts, time limits and a last transfer end the chain")
    func limits() throws {
        let counted = try Self.feed(",,free,,,,2,,,,,").engine()
        #expect(
            try counted.charges((0..<5).map { leg(at: Double($0)) })
                == ["15.00", "0.00", "0.00", "15.00", "0.00"])
        let last = try Self.feed(",,free,,,,,,,1,,").engine()
        #expect(
            try last.charges((0..<4).map { leg(at: Double($0)) })
                == ["15.00", "0.00", "15.00", "0.00"])
        let timed = try Self.feed(",,free,,,,,3600,2,,,").engine()
        #expect(
            try timed.charges([
                leg(at: 0, arriving: 20), leg(at: 80, arriving: 90), leg(at: 81, arriving: 95),
            ]) == ["15.00", "0.00", "15.00"])
    }

    @Test("A ride back on the same route is a ride of its own")
    func sameRoute() throws {
        let engine = try Self.feed(",,free,,,,,,,,1,").engine()
        #expect(
            try engine.charges([leg(at: 0), leg("tram", at: 5), leg(at: 10), leg(at: 15)])
                == ["15.00", "0.00", "0.00", "15.00"])
    }

    @Test("The highest priority rules; among equals the rider pays least")
    func priority() throws {
        let engine = try Self.feed(
            ",,free,,,,,,,,,", "city,fast,difference,,,,,,,,,5",
            "city,fast,discount,,10,,,,,,,5"
        ).engine()
        #expect(try engine.charges([leg(at: 0), leg("train", at: 5)]) == ["15.00", "25.00"])
    }

    @Test(
        "Fields that the terms do not have are refused",
        arguments: [
            (",,surcharge,,,,,,,,,", "transfer_terms.txt:2: fare_product_id"),
            (",,free,supplement,,,,,,,,", "transfer_terms.txt:2: fare_product_id"),
            (",,discount,,,,,,,,,", "transfer_terms.txt:2: reduction_percent"),
            (",,discount,,101,,,,,,,", "transfer_terms.txt:2: reduction_percent"),
            (",,free,,,paid,,,,,,", "transfer_terms.txt:2: difference_to"),
            ("mars,,free,,,,,,,,,", "transfer_terms.txt:2: from_leg_set_id"),
        ])
    func refused(row: String, start: String) throws {
        #expect(Self.feed(row).complaint?.hasPrefix(start) == true)
    }
}

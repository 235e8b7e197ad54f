import Fares
import Testing
import TransitModel

/// `fare_leg_rules.txt` without a `rule_priority` field: empty stands for what is not listed.
@Suite("Empty fields without rule_priority")
struct EmptySemanticsTests {
    private static let feed = TestFeed()
        .with("networks", "network_id", "urban", "suburban")
        .with("route_networks", "network_id,route_id", "urban,tram", "suburban,train")
        .with("areas", "area_id", "centre", "ring", "village")
        .with("stop_areas", "area_id,stop_id", "centre,A", "ring,B", "village,C")
        .with(
            "fare_products", "fare_product_id,amount,currency", "urban,8.00,UAH", "other,15.00,UAH",
            "centre,5.00,UAH"
        )
        .with(
            "fare_leg_rules", "network_id,from_area_id,to_area_id,fare_product_id",
            "urban,,,urban", ",,,other", ",centre,centre,centre")

    @Test("An empty network covers every network that no rule lists")
    func network() throws {
        let engine = try Self.feed.engine()
        #expect(try engine.charges([leg("train", from: "B", to: "C")]) == ["15.00"])
        #expect(try engine.charges([leg("tram", from: "B", to: "C")]) == ["8.00"])
    }

    @Test("A route that belongs to no network is covered by an empty one")
    func noNetwork() throws {
        #expect(try Self.feed.engine().charges([leg("bus", from: "B", to: "C")]) == ["15.00"])
    }

    @Test("A listed area is not covered by an empty one")
    func listedArea() throws {
        let engine = try Self.feed.engine()
        #expect(try engine.charges([leg("train", from: "A", to: "A")]) == ["5.00"])
        #expect(throws: FareRefusal.noMatchingRule) {
            try engine.charges([leg("train", from: "A", to: "B")])
        }
        #expect(throws: FareRefusal.noMatchingRule) {
            try engine.charges([leg("tram", from: "A", to: "A")])
        }
    }

    @Test("A leg's own network comes before its route's")
    func explicitNetwork() throws {
        let legs = [leg("train", from: "B", to: "C", network: "urban")]
        #expect(try Self.feed.engine().charges(legs) == ["8.00"])
    }
}

/// `fare_leg_rules.txt` with a `rule_priority` field: empty does not matter, the highest wins.
@Suite("Empty fields with rule_priority")
struct RulePriorityTests {
    private static let feed = TestFeed()
        .with("networks", "network_id", "urban", "suburban")
        .with("route_networks", "network_id,route_id", "urban,tram", "suburban,train")
        .with("areas", "area_id", "centre", "ring")
        .with("stop_areas", "area_id,stop_id", "centre,A", "ring,B")
        .with(
            "fare_products", "fare_product_id,amount,currency", "any,15.00,UAH", "urban,8.00,UAH",
            "centre,5.00,UAH"
        )
        .with(
            "fare_leg_rules", "network_id,from_area_id,to_area_id,fare_product_id,rule_priority",
            ",,,any,", "urban,,,urban,1", ",centre,centre,centre,2")

    @Test("An empty field matches listed values too, and the highest priority wins")
    func highest() throws {
        let engine = try Self.feed.engine()
        #expect(try engine.charges([leg("train", from: "B", to: "B")]) == ["15.00"])
        #expect(try engine.charges([leg("tram", from: "A", to: "B")]) == ["8.00"])
        #expect(try engine.charges([leg("tram", from: "A", to: "A")]) == ["5.00"])
    }

    @Test("Rules of equal priority are all on offer, and the cheapest is taken")
    func equal() throws {
        let feed = Self.feed.with(
            "fare_leg_rules", "network_id,fare_product_id,rule_priority", ",any,1", "urban,urban,1")
        #expect(try feed.engine().charges([leg("tram")]) == ["8.00"])
    }

    @Test("An unknown alighting matters only where a rule asks for it")
    func alighting() throws {
        let feed = Self.feed.with(
            "fare_leg_rules", "network_id,from_area_id,to_area_id,fare_product_id,rule_priority",
            "urban,,,urban,1", "suburban,,centre,centre,1")
        let engine = try feed.engine()
        #expect(try engine.charges([leg("tram")]) == ["8.00"])
        #expect(throws: FareRefusal.alightingStopNotGiven) { try engine.charges([leg("train")]) }
    }
}

@Suite("Areas of stations and platforms")
struct StationAreaTests {
    private static let feed = TestFeed()
        .with("areas", "area_id", "inner", "outer")
        .with(
            "fare_products", "fare_product_id,amount,currency", "inner,5.00,UAH", "outer,9.00,UAH"
        )
        .with("fare_leg_rules", "from_area_id,fare_product_id", "inner,inner", "outer,outer")

    @Test("A platform is in its station's areas")
    func inherits() throws {
        let engine = try Self.feed.with("stop_areas", "area_id,stop_id", "inner,station").engine()
        #expect(try engine.charges([leg(from: "platform-1")]) == ["5.00"])
    }

    @Test("A platform with areas of its own is not")
    func overrides() throws {
        let engine = try Self.feed
            .with("stop_areas", "area_id,stop_id", "inner,station", "outer,platform-2").engine()
        #expect(try engine.charges([leg(from: "platform-1")]) == ["5.00"])
        #expect(try engine.charges([leg(from: "platform-2")]) == ["9.00"])
    }

    @Test("A stop in two areas may use the rules of both")
    func severalAreas() throws {
        let engine = try Self.feed
            .with("stop_areas", "area_id,stop_id", "inner,A", "outer,A").engine()
        #expect(try engine.charges([leg(from: "A")]) == ["5.00"])
    }
}

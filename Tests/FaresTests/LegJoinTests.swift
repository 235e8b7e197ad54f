import Fares
import Testing
import Timetable
import TransitModel

/// Legs that are one for the leg rules: `fare_leg_join_rules.txt`.
@Suite("Leg join rules")
struct LegJoinTests {
    /// A railway with zones, where changing trains at one station does not end the leg: from the
    /// west to the east 30.00, to or from the middle 20.00. Buses cost 10.00 and are apart.
    private static let railway = TestFeed()
        .with(
            "stops", "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station",
            "W,West,50,30,,", "E,East,50,31,,", "M,Middle,50,30.5,1,", "M1,Middle 1,50,30.5,0,M",
            "M2,Middle 2,50,30.5,0,M", "S,Square,50,30.5,,"
        )
        .with("areas", "area_id", "west", "middle", "east")
        .with("stop_areas", "area_id,stop_id", "west,W", "middle,M", "east,E", "middle,S")
        .with("networks", "network_id,network_name", "rail,Rail", "city,City")
        .with("route_networks", "network_id,route_id", "rail,train", "city,bus", "city,tram")
        .with(
            "fare_products", "fare_product_id,amount,currency", "short,20.00,UAH",
            "long,30.00,UAH", "bus,10.00,UAH"
        )
        .with(
            "fare_leg_rules",
            "leg_group_id,network_id,from_area_id,to_area_id,fare_product_id,rule_priority",
            "rail,rail,west,middle,short,", "rail,rail,middle,east,short,",
            "rail,rail,west,east,long,", "rail,rail,middle,middle,short,", "city,city,,,bus,"
        )
        .with("fare_leg_join_rules", "from_network_id,to_network_id", "rail,rail")

    private let first = leg("train", at: 0, arriving: 20, from: "W", to: "M1")
    private let second = leg("train", at: 30, arriving: 50, from: "M2", to: "E")

    @Test("Two trains by way of one station are one leg")
    func joined() throws {
        let engine = try Self.railway.engine()
        #expect(try engine.lowestTotal([first, second]) == "30.00")
        #expect(try engine.charges([first, second]) == ["20.00", "10.00"])
    }

    @Test("What the reasons say adds up, and names the rule")
    func reasons() throws {
        let engine = try Self.railway.engine()
        let legs = [first, second].map { RiderLeg($0, by: FareRider()) }
        for history in [try engine.price(legs), try engine.quote(legs)] {
            for leg in history.legs {
                let sum = leg.rules.reduce(Int64(0)) { $0 + $1.amount.minorUnits }
                #expect(sum == leg.charge.minorUnits)
            }
            let last = try #require(history.legs.last?.rules.last)
            #expect(last.kind == .fareLegJoinRule && last.code == .legJoined)
            #expect(last.details.first == .init(name: "from_network_id", value: .text("rail")))
        }
    }

    @Test("Another station, another network or another rider stands by itself")
    func apart() throws {
        let engine = try Self.railway.engine()
        let elsewhere = leg("train", at: 30, arriving: 50, from: "S", to: "E")
        #expect(try engine.charges([first, elsewhere]) == ["20.00", "20.00"])
        let bus = leg("bus", at: 30, arriving: 50, from: "M2", to: "S")
        #expect(try engine.charges([first, bus]) == ["20.00", "10.00"])
        let changed = [
            RiderLeg(first, by: FareRider(media: .only([]))), RiderLeg(second, by: FareRider()),
        ]
        #expect(try engine.quote(changed).total.decimal == "40.00")
    }

    @Test("Consecutive joins make one leg of them all, priced from where it began")
    func chain() throws {
        let engine = try Self.railway.engine()
        let there = leg("train", at: 0, from: "W", to: "M1")
        let around = leg("train", at: 10, from: "M2", to: "M1")
        let away = leg("train", at: 20, from: "M2", to: "E")
        #expect(try engine.charges([there, around, away]) == ["20.00", "0.00", "10.00"])
        #expect(try engine.lowestTotal([there, around, away]) == "30.00")
    }

    @Test("A rule that names stops holds there and nowhere else, also by their station")
    func namedStops() throws {
        let feed = Self.railway.with(
            "fare_leg_join_rules", "from_network_id,to_network_id,from_stop_id,to_stop_id",
            "rail,rail,M,S")
        let engine = try feed.engine()
        #expect(try engine.charges([first, second]) == ["20.00", "20.00"])
        let acrossTheSquare = leg("train", at: 30, arriving: 50, from: "S", to: "E")
        #expect(try engine.charges([first, acrossTheSquare]) == ["20.00", "10.00"])
    }

    @Test("A first leg without a price of its own has one as part of the whole")
    func onlyTogether() throws {
        let feed = Self.railway.with(
            "fare_leg_rules", "network_id,from_area_id,to_area_id,fare_product_id",
            "rail,west,east,long")
        #expect(try feed.engine().lowestTotal([first, second]) == "30.00")
        #expect(throws: FareRefusal.noMatchingRule) { try feed.engine().lowestTotal([first]) }
    }

    @Test("Networks that differ leave the rules that name none, as far as those cover both")
    func mixedNetworks() throws {
        let feed = Self.railway.with(
            "fare_leg_join_rules", "from_network_id,to_network_id", "rail,city")
        let bus = leg("bus", at: 30, from: "M2", to: "S")
        #expect(throws: FareRefusal.noMatchingRule) {
            try feed.engine().lowestTotal([first, bus])
        }
        let prioritised = feed.with(
            "fare_leg_rules", "network_id,fare_product_id,rule_priority", "rail,short,1",
            "city,bus,1", ",long,0")
        #expect(try prioritised.engine().lowestTotal([first, bus]) == "30.00")
        // Without priorities an empty network is every network that no rule names.
        let unnamed = feed.with("fare_leg_rules", "network_id,fare_product_id", ",long")
        #expect(try unnamed.engine().lowestTotal([first, bus]) == "30.00")
        let oneNamed = feed.with(
            "fare_leg_rules", "network_id,fare_product_id", "rail,short", ",long")
        #expect(throws: FareRefusal.noMatchingRule) {
            try oneNamed.engine().lowestTotal([first, bus])
        }
    }

    @Test("A transfer to the joined leg is the transfer to its beginning")
    func transferBefore() throws {
        let engine = try Self.railway.with(
            "fare_transfer_rules",
            "from_leg_group_id,to_leg_group_id,duration_limit,duration_limit_type,"
                + "fare_transfer_type",
            "city,rail,3600,1,1", "rail,city,600,2,0"
        ).engine()
        let bus = leg("bus", at: -50, arriving: -5, from: "S", to: "W")
        // The second train leaves 80 minutes after the bus, the first in time.
        let legs = [bus, first, second]
        #expect(try engine.charges(legs) == ["10.00", "20.00", "10.00"])
        let codes = try engine.priced(legs)[2].rules.map(\.code)
        #expect(codes.contains(.transferFree) && codes.last == .legJoined)
        // A bus within ten minutes of the last alighting is free.
        let after = leg("bus", at: 60, from: "S", to: "S")
        #expect(try engine.charges(legs + [after]).last == "0.00")
    }

    @Test("Stopping anywhere and going on from the state changes nothing", arguments: 0...3)
    func splitting(at index: Int) throws {
        let engine = try Self.railway.engine()
        let legs = [
            leg("bus", at: -50, from: "S", to: "W"), first, second,
            leg("bus", at: 60, from: "S", to: "S"),
        ].map { RiderLeg($0, by: FareRider()) }
        var state = FareState()
        var charges: [String] = []
        for leg in legs[..<index] {
            let (priced, next) = try engine.next(leg, after: state)
            charges.append(priced.charge.decimal)
            state = next
        }
        let resumed = FareEngine(try Self.railway.tariff())
        for leg in legs[index...] {
            let (priced, next) = try resumed.next(leg, after: state)
            charges.append(priced.charge.decimal)
            state = next
        }
        #expect(try charges == engine.price(legs).legs.map(\.charge.decimal))
    }

    @Test("The order of rows changes nothing", arguments: UInt64(1)...8)
    func rowOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let feed = Self.railway.with(
            "fare_leg_join_rules", "from_network_id,to_network_id,from_stop_id,to_stop_id",
            "rail,rail,,", "rail,rail,M,S", "rail,rail,M1,M2", "rail,city,M,S", ",,W,E")
        let legs = [first, second, leg("bus", at: 60, from: "S", to: "S")]
            .map { RiderLeg($0, by: FareRider()) }
        let shuffled = try feed.shuffled(using: &random).engine()
        #expect(try shuffled.price(legs) == feed.engine().price(legs))
        #expect(try shuffled.quote(legs) == feed.engine().quote(legs))
    }

    @Test("Where joining depends on a stop that is not known, there is no price")
    func unknownStops() throws {
        let engine = try Self.railway.engine()
        let open = leg("train", at: 0, from: "W", to: nil)
        #expect(throws: FareRefusal.alightingStopNotGiven) {
            try engine.lowestTotal([open, second])
        }
    }

    @Test("Legs out of order are refused, also within a joined one")
    func order() throws {
        let engine = try Self.railway.engine()
        let early = leg("train", at: 10, from: "M2", to: "M1")
        let legs = [first, second, early]
        #expect(throws: FareRefusal.legsOutOfOrder) { try engine.charges(legs) }
        #expect(throws: FareRefusal.legsOutOfOrder) { try engine.lowestTotal(legs) }
    }

    @Test(
        "A rule that means nothing is refused by line and field",
        arguments: [
            ("rail,,,", "to_network_id: a value is required"),
            (",rail,,", "from_network_id: a value is required"),
            ("rail,rail,M,", "to_stop_id: a value is required"),
            ("rail,rail,,M", "from_stop_id: a value is required"),
            ("rail,sea,,", "to_network_id: \"sea\" is not in any network_id"),
            ("rail,rail,M,X", "to_stop_id: \"X\" is not in stops.stop_id"),
        ])
    func refusals(row: String, message: String) throws {
        let feed = Self.railway.with(
            "fare_leg_join_rules", "from_network_id,to_network_id,from_stop_id,to_stop_id", row)
        let error = #expect(throws: FeedError.self) { try feed.tables() }
        #expect(error?.description == "fare_leg_join_rules.txt:2: \(message)")
    }
}

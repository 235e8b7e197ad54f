import Fares
import Testing
import TransitModel

@Suite("Fares by distance")
struct DistanceTests {
    private static let plain = TestFeed()
        .with(
            "rider_categories", "rider_category_id,rider_category_name,is_default_fare_category",
            "adult,Adult,1", "pupil,Pupil,"
        )
        .with("networks", "network_id", "road", "rail")
        .with("route_networks", "network_id,route_id", "road,bus", "road,tram", "rail,train")
        .with(
            "fare_products", "fare_product_id,rider_category_id,amount,currency",
            "road,adult,10.00,UAH", "road,pupil,5.00,UAH", "rail,,20.00,UAH"
        )
        .with("fare_leg_rules", "network_id,fare_product_id", "road,road", "rail,rail")
        .with(
            "fare_distance_bands",
            "fare_product_id,rider_category_id,max_distance,amount,currency,step_distance,"
                + "step_amount,amount_per_km",
            "road,,3000,10.00,UAH,,,", "road,,5000,12.00,UAH,,,", "road,,,14.00,UAH,2000,1.50,",
            "road,pupil,,5.00,UAH,,,", "rail,,,20.00,UAH,,,1.2345")
    private static func feed(_ sum: String, type: String = "") -> TestFeed {
        plain.with(
            "fare_distances", "fare_product_id,distance_type,sum_over", "road,\(type),\(sum)",
            "rail,\(type),\(sum)")
    }

    private static let journeys =
        "leg_set_id,gap_limit,duration_limit,leg_limit,ends_on_same_route,timeframes"

    @Test(
        "A band ends with its last metre; beyond the last one each step that is begun is paid",
        arguments: [
            (0, "10.00"), (3_000, "10.00"), (3_001, "12.00"), (5_000, "12.00"), (5_001, "15.50"),
            (7_000, "15.50"), (7_001, "17.00"),
        ])
    func bands(metres: Int, charge: String) throws {
        #expect(try Self.feed("leg").engine().charges([leg(metres: metres)]) == [charge])
    }

    @Test("A price by the kilometre is rounded once, as the tariff names it")
    func perKilometre() throws {
        // 20.00 + 7.777 km at 1.2345 are 29.6007…
        let long = [leg("train", metres: 7_777)]
        #expect(try Self.feed("leg").engine().charges(long) == ["29.60"])
        let up = Self.feed("leg").with(
            "tariff", "tariff_id,rounding,rounding_unit,currency", "town,up,0.50,UAH")
        #expect(try up.engine().charges(long) == ["30.00"])
    }

    @Test("A concession has bands of its own")
    func category() throws {
        let engine = try Self.feed("leg").engine()
        #expect(
            try engine.charges([leg(metres: 9_000)], FareRider(categories: ["pupil"])) == ["5.00"])
    }

    @Test("Legs of one mode are one distance; each mode has its own")
    func journey() throws {
        let engine = try Self.feed("journey").with(
            "fare_journeys", Self.journeys, ",1800,,,,"
        ).engine()
        let legs = [
            leg(at: 0, arriving: 10, metres: 2_000), leg("train", at: 15, arriving: 30, metres: 0),
            leg("tram", at: 40, arriving: 50, metres: 2_000),
            leg("tram", at: 60, arriving: 70, metres: 4_000), leg(at: 101, metres: 2_000),
        ]
        // 2 km, rail, 4 km, 8 km; the last came 31 minutes later and begins anew.
        #expect(
            try engine.charges(legs) == ["10.00", "20.00", "2.00", "5.00", "10.00"])
    }

    @Test("A journey ends by its length, its legs, or a ride back on the same route")
    func journeyLimits() throws {
        func charges(_ row: String) throws -> [String] {
            try Self.feed("journey").with("fare_journeys", Self.journeys, row).engine().charges(
                [0, 30, 60].map { leg(at: $0, metres: 2_000) })
        }
        #expect(try charges(",,,,,") == ["10.00", "2.00", "3.50"])
        #expect(try charges(",,3599,,,") == ["10.00", "2.00", "10.00"])
        #expect(try charges(",,3600,,,") == ["10.00", "2.00", "3.50"])
        #expect(try charges(",,,2,,") == ["10.00", "2.00", "10.00"])
        #expect(try charges(",,,,1,") == ["10.00", "10.00", "10.00"])
    }

    @Test("The time of day is that of the first tap, where the tariff says so")
    func firstTap() throws {
        // Before 07:45 a ride on the road costs 5 less; journeys begin at 07:40.
        func charges(_ moment: String) throws -> [String] {
            try TestFeed()
                .with(
                    "fare_products", "fare_product_id,amount,currency", "early,5.00,UAH",
                    "full,10.00,UAH"
                )
                .with(
                    "timeframes", "timeframe_group_id,start_time,end_time,service_id",
                    "early,00:00:00,07:45:00,always", "later,07:45:00,24:00:00,always"
                )
                .with(
                    "calendar",
                    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
                        + "start_date,end_date", "always,1,1,1,1,1,1,1,20260101,20261231"
                )
                .with(
                    "fare_leg_rules", "from_timeframe_group_id,fare_product_id", "early,early",
                    "later,full"
                )
                .with("fare_distances", "fare_product_id,sum_over", "early,journey", "full,journey")
                .with(
                    "fare_distance_bands",
                    "fare_product_id,max_distance,amount,currency,step_distance,step_amount",
                    "early,,5.00,UAH,1000,1.00", "full,,10.00,UAH,1000,1.00"
                )
                .with("fare_journeys", Self.journeys, ",3600,,,,\(moment)").engine()
                .charges([leg(at: 0, metres: 1_000), leg(at: 20, metres: 1_000)])
        }
        #expect(try charges("first_leg") == ["6.00", "1.00"])
        #expect(try charges("each_leg") == ["6.00", "11.00"])
    }

    @Test("Over the ground between two stops")
    func straightLine() throws {
        let feed = Self.feed("leg", type: "straight_line").with(
            "stops", "stop_id,stop_name,stop_lat,stop_lon", "A,A,50,30", "B,B,50.05,30",
            "C,C,50.01,30", "nowhere,Nowhere,,")
        let engine = try feed.engine()
        #expect(try engine.charges([leg(from: "A", to: "C")]) == ["10.00"])
        #expect(try engine.charges([leg(from: "A", to: "B")]) == ["15.50"])
        #expect(throws: FareRefusal.distanceNotGiven) {
            try engine.charges([leg(from: "A", to: "nowhere")])
        }
        #expect(throws: FareRefusal.alightingStopNotGiven) {
            try engine.charges([leg(from: "A")])
        }
    }

    @Test("A distance that is not known is a refusal, not a price")
    func unknown() throws {
        let engine = try Self.feed("leg").engine()
        #expect(throws: FareRefusal.distanceNotGiven) { try engine.charges([leg()]) }
        let ending = try Self.feed("leg").with(
            "fare_distance_bands", "fare_product_id,max_distance,amount,currency",
            "road,3000,10.00,UAH", "rail,,20.00,UAH"
        ).engine()
        #expect(throws: FareRefusal.distanceTooLong(metres: 3_001)) {
            try ending.charges([leg(metres: 3_001)])
        }
    }

    @Test("A sum over journeys needs to know what a journey is")
    func noJourneys() {
        #expect(
            Self.feed("journey").complaint?.hasPrefix("fare_distances.txt:2: sum_over") == true)
    }
}

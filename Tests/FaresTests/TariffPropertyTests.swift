import Fares
import Testing
import TransitModel

/// Histories of random legs under a tariff that uses every table of the language.
@Suite("Properties of a tariff in the language")
struct TariffPropertyTests {
    private static let feed = TestFeed()
        .with(
            "agency", "agency_id,agency_name,agency_url,agency_timezone",
            "town,Town,https://town.example,Europe/Kyiv",
            "fast,Fast,https://fast.example,Europe/Kyiv"
        )
        .with(
            "routes", "route_id,agency_id,route_short_name,route_type", "bus,town,1,3",
            "tram,town,2,0", "train,fast,3,2"
        )
        .with("networks", "network_id", "urban", "trams", "rail")
        .with("route_networks", "network_id,route_id", "urban,bus", "trams,tram", "rail,train")
        .with("areas", "area_id", "centre", "ring")
        .with("stop_areas", "area_id,stop_id", "centre,A", "centre,B", "ring,C", "ring,D")
        .with("area_sets", "area_set_id,area_id", "inner,centre")
        .with(
            "rider_categories", "rider_category_id,rider_category_name,is_default_fare_category",
            "adult,Adult,1", "pupil,Pupil,"
        )
        .with(
            "fare_products", "fare_product_id,rider_category_id,amount,currency",
            "city,adult,15.00,UAH", "city,pupil,7.50,UAH", "rail,adult,20.00,UAH",
            "rail,pupil,10.00,UAH", "tram,adult,12.00,UAH", "tram,pupil,6.00,UAH",
            "hour,adult,22.00,UAH", "hour,pupil,11.00,UAH", "month,,400.00,UAH",
            "ten,,120.00,UAH"
        )
        .with(
            "fare_leg_rules", "leg_group_id,network_id,fare_product_id", "city,urban,city",
            "tram,trams,tram", "rail,rail,rail"
        )
        .with(
            "fare_transfer_rules",
            "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,"
                + "fare_transfer_type", "tram,tram,2,1800,1,0"
        )
        .with(
            "leg_sets", "leg_set_id,network_id,within_area_set_id", "urban,urban,", "urban,trams,",
            "rail,rail,", "centre,,inner"
        )
        .with("fare_journeys", "gap_limit,leg_limit", "2700,4")
        .with("fare_distances", "fare_product_id,sum_over", "rail,journey")
        .with(
            "fare_distance_bands",
            "fare_product_id,rider_category_id,max_distance,amount,currency,step_distance,"
                + "step_amount", "rail,,10000,20.00,UAH,,", "rail,,,22.00,UAH,5000,1.50",
            "rail,pupil,10000,10.00,UAH,,", "rail,pupil,,11.00,UAH,5000,0.75"
        )
        .with(
            "transfer_terms",
            "from_leg_set_id,to_leg_set_id,terms,reduction_percent,transfer_count,duration_limit",
            "urban,urban,free,,2,2400", "urban,rail,discount,12.5,3,3600",
            "rail,urban,difference,,,3600"
        )
        .with(
            "fare_limits", "leg_set_id,scope,min_amount,max_amount,currency",
            "rail,leg,5.00,60.00,UAH", ",journey,,70.00,UAH"
        )
        .with("group_fares", "min_riders,reduction_percent", "3,10")
        .with(
            "ride_discounts",
            "ride_discount_id,leg_set_id,window,window_duration,after_rides,reduced_rides,"
                + "reduction_percent", "tenth,urban,week,,9,1,100", "often,rail,rolling,86400,3,,20"
        )
        .with(
            "fare_passes",
            "fare_product_id,leg_set_id,sale,validity,validity_count,validity_duration,ride_limit",
            "month,urban,advance,month,1,,", "ten,urban,advance,,,,10",
            "hour,centre,at_tap,first_use,,3600,"
        )
        .with(
            "fare_caps",
            "cap_id,leg_set_id,rider_category_id,window,window_duration,amount,currency",
            "day,urban,adult,day,,45.00,UAH", "day,urban,pupil,day,,20.00,UAH",
            "week,,,week,,190.00,UAH", "burst,rail,,rolling,14400,50.00,UAH",
            "month,,,month,,600.00,UAH"
        )
        .with(
            "tariff", "tariff_id,fare_day_start,rounding,rounding_unit,currency",
            "town,04:00:00,half_up,0.10,UAH")

    private struct Ride {
        let leg: FareLeg
        let riders: Int
    }

    private static func rides(seed: UInt64) -> [Ride] {
        var random = SeededGenerator(seed: seed)
        var minutes = 0.0
        let routes: [RouteID] = ["bus", "bus", "tram", "train"]
        let stops: [StopID] = ["A", "B", "C", "D"]
        return (0..<Int.random(in: 1...60, using: &random)).map { _ in
            minutes += Double.random(
                in: 0...(Bool.random(using: &random) ? 50 : 500), using: &random)
            let from = stops[Int.random(in: 0..<4, using: &random)]
            let ride = leg(
                routes[Int.random(in: 0..<4, using: &random)], at: minutes,
                arriving: Bool.random(using: &random) ? minutes + 5 : nil, from: from,
                to: stops[Int.random(in: 0..<4, using: &random)],
                metres: Int.random(in: 100...40_000, using: &random))
            return Ride(
                leg: ride,
                riders: Int.random(in: 0..<10, using: &random) == 0 ? 3 : 1)
        }
    }

    private static func history(
        seed: UInt64, categories: [RiderCategoryID] = [], alone: Bool = false
    ) -> [RiderLeg] {
        let held: [[HeldFareProduct]] = [[], [], [.init("ten")], [.init("month"), .init("ten")]]
        return rides(seed: seed).map { ride in
            RiderLeg(
                ride.leg,
                by: FareRider(
                    categories: categories, media: .only([]), held: held[Int(seed % 4)],
                    riders: alone ? 1 : ride.riders))
        }
    }

    @Test("Reasons add up to the charge, and no charge is below zero", arguments: UInt64(1)...80)
    func sums(seed: UInt64) throws {
        let priced = try Self.feed.engine().price(Self.history(seed: seed))
        for leg in priced.legs {
            #expect(leg.rules.reduce(Money.zero(.uah)) { $0 + $1.amount } == leg.charge)
            #expect(leg.charge >= .zero(.uah))
        }
        #expect(priced.legs.reduce(Money.zero(.uah)) { $0 + $1.charge } == priced.total)
    }

    /// Counted from the charges alone, as a suspicious rider would.
    @Test("A cap is never exceeded", arguments: UInt64(1)...80, ["adult", "pupil"])
    func caps(seed: UInt64, category: RiderCategoryID) throws {
        let history = Self.history(seed: seed, categories: [category], alone: true)
        let legs = try Self.feed.engine().price(history).legs
        // The clocks of March 2026 change after the four weeks that a history can last.
        func fareDay(_ leg: PricedLeg) -> Int {
            Int((leg.leg.departedAt.millisecondsSince1970 - 2 * 3_600_000) / 86_400_000)
        }
        var days: [Int: Int64] = [:]
        var weeks: [Int: Int64] = [:]
        for (index, leg) in legs.enumerated() {
            if leg.leg.route != "train" { days[fareDay(leg), default: 0] += leg.charge.minorUnits }
            weeks[(fareDay(leg) + 3) / 7, default: 0] += leg.charge.minorUnits
            let burst = legs[...index].filter {
                $0.leg.route == "train"
                    && leg.leg.departedAt.elapsed(since: $0.leg.departedAt) < .seconds(14_400)
            }
            #expect(burst.reduce(0) { $0 + $1.charge.minorUnits } <= 5_000)
        }
        #expect(days.values.allSatisfy { $0 <= (category == "adult" ? 4_500 : 2_000) })
        #expect(weeks.values.allSatisfy { $0 <= 19_000 })
    }

    @Test(
        "Going on from a stored state is the same as pricing from the beginning",
        arguments: UInt64(1)...60)
    func stored(seed: UInt64) throws {
        let engine = try Self.feed.engine()
        let history = Self.history(seed: seed)
        var state = FareState()
        var legs: [PricedLeg] = []
        for leg in history {
            let (priced, next) = try engine.next(leg, after: state)
            legs.append(priced)
            let bytes = try engine.bytes(of: next)
            // Another process has compiled the same tariff for itself.
            state = try Self.feed.engine().state(bytes: bytes)
            #expect(state == next)
        }
        #expect(try engine.price(history).legs == legs)
    }

    @Test("The order of rows in the tables changes nothing", arguments: UInt64(1)...20)
    func rowOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 500)
        let history = Self.history(seed: seed)
        let engine = try Self.feed.engine()
        let shuffled = try Self.feed.shuffled(using: &random).engine()
        #expect(try engine.price(history) == shuffled.price(history))
        let short = Array(history.prefix(12))
        #expect(try engine.quote(short) == shuffled.quote(short))
    }

    @Test("A concession that is cheaper in every table never costs more", arguments: UInt64(1)...80)
    func concession(seed: UInt64) throws {
        let engine = try Self.feed.engine()
        let full = try engine.price(Self.history(seed: seed, categories: ["adult"]))
        let reduced = try engine.price(Self.history(seed: seed, categories: ["adult", "pupil"]))
        #expect(reduced.total <= full.total)
    }

    @Test("A quotation is never above the price in order", arguments: UInt64(1)...30)
    func quotation(seed: UInt64) throws {
        let engine = try Self.feed.engine()
        let history = Array(Self.history(seed: seed).prefix(14))
        #expect(try engine.quote(history).total <= engine.price(history).total)
    }

    @Test("Bytes that are no state are refused, wherever they break", arguments: UInt64(1)...10)
    func brokenBytes(seed: UInt64) throws {
        let engine = try Self.feed.engine()
        var state = FareState()
        for leg in Self.history(seed: seed) { state = try engine.next(leg, after: state).state }
        let bytes = try engine.bytes(of: state)
        for count in 0..<bytes.count {
            #expect(throws: FareStateError.malformed) {
                try engine.state(bytes: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: FareStateError.malformed) { try engine.state(bytes: bytes + [0]) }
        #expect(throws: FareStateError.unknownVersion(9)) { try engine.state(bytes: [9]) }
    }

    @Test("A state goes on under the next tariff as far as that still has its rules")
    func nextTariff() throws {
        let capped = TestFeed.flatFare.with(
            "fare_caps", "cap_id,window,amount,currency", "month,month,40.00,UAH",
            "week,week,35.00,UAH")
        let engine = try capped.engine()
        var state = FareState()
        for minutes in [0.0, 100] {
            state = try engine.next(
                RiderLeg(leg(at: minutes), by: FareRider()), after: state
            ).state
        }
        let dearer =
            try capped
            .with("fare_products", "fare_product_id,amount,currency", "single,18.00,UAH")
            .with("fare_caps", "cap_id,window,amount,currency", "month,month,40.00,UAH").engine()
        let restored = try dearer.state(bytes: engine.bytes(of: state))
        let next = try dearer.next(RiderLeg(leg(at: 200), by: FareRider()), after: restored)
        #expect(next.priced.charge.decimal == "10.00")
    }
}

import Fares
import Testing
import TransitModel

/// Histories of random legs under a tariff with areas, categories, media and transfers.
@Suite("Properties of pricing")
struct PricingPropertyTests {
    private static let feed = TestFeed()
        .with("networks", "network_id", "urban", "rail")
        .with("route_networks", "network_id,route_id", "urban,bus", "urban,tram", "rail,train")
        .with("areas", "area_id", "centre", "ring")
        .with("stop_areas", "area_id,stop_id", "centre,A", "centre,B", "ring,B", "ring,C")
        .with(
            "rider_categories", "rider_category_id,rider_category_name,is_default_fare_category",
            "adult,Adult,1", "pupil,Pupil,"
        )
        .with("fare_media", "fare_media_id,fare_media_type", "card,2", "bank,3")
        .with(
            "fare_products", "fare_product_id,rider_category_id,fare_media_id,amount,currency",
            "city,adult,card,12.00,UAH", "city,adult,bank,15.00,UAH", "city,pupil,,6.00,UAH",
            "rail,,,25.00,UAH", "change,,,2.00,UAH", "round,adult,,20.00,UAH",
            "round,pupil,,9.00,UAH"
        )
        .with(
            "fare_leg_rules", "leg_group_id,network_id,from_area_id,fare_product_id",
            "city,urban,,city", "inner,urban,centre,city", "outer,urban,ring,round",
            "rail,rail,,rail",
            "rail,rail,centre,rail", "rail,rail,ring,rail"
        )
        .with(
            "fare_transfer_rules",
            "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,"
                + "fare_transfer_type,fare_product_id",
            "inner,inner,2,3600,1,0,", "inner,inner,-1,1800,1,0,change", "inner,outer,,2400,1,1,",
            "outer,,,5400,1,2,round", ",rail,,,,1,change", "rail,rail,-1,3600,1,0,")

    private static func history(seed: UInt64) -> [RiderLeg] {
        var random = SeededGenerator(seed: seed)
        var minutes = 0.0
        let categories: [[RiderCategoryID]] = [[], ["pupil"], ["adult", "pupil"]]
        let media: [FareMediaChoice] = [.only(["card"]), .only(["bank"]), .only(["bank", "card"])]
        let rider = FareRider(
            categories: categories[Int.random(in: 0..<3, using: &random)],
            media: media[Int.random(in: 0..<3, using: &random)])
        let routes: [RouteID] = ["bus", "tram", "train"]
        let stops: [StopID] = ["A", "B", "C", "D"]
        return (0..<Int.random(in: 1...30, using: &random)).map { _ in
            minutes += Double.random(in: 0...50, using: &random)
            return RiderLeg(
                leg(
                    routes[Int.random(in: 0..<3, using: &random)], at: minutes,
                    from: stops[Int.random(in: 0..<4, using: &random)]),
                by: rider)
        }
    }

    @Test("Reasons add up to the charge, and charges to the total", arguments: UInt64(1)...60)
    func sums(seed: UInt64) throws {
        let engine = try Self.feed.engine()
        for priced in [
            try engine.price(Self.history(seed: seed)), try engine.quote(Self.history(seed: seed)),
        ] {
            for leg in priced.legs {
                #expect(leg.rules.reduce(Money.zero(.uah)) { $0 + $1.amount } == leg.charge)
            }
            #expect(priced.legs.reduce(Money.zero(.uah)) { $0 + $1.charge } == priced.total)
        }
    }

    @Test("The order of rows in the tables changes nothing", arguments: UInt64(1)...20)
    func rowOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 1_000)
        let history = Self.history(seed: seed)
        let shuffled = try Self.feed.shuffled(using: &random).engine()
        let engine = try Self.feed.engine()
        #expect(try engine.price(history) == shuffled.price(history))
        #expect(try engine.quote(history) == shuffled.quote(history))
    }

    @Test(
        "Stopping anywhere and going on from the state changes nothing", arguments: UInt64(1)...20)
    func stepwise(seed: UInt64) throws {
        let engine = try Self.feed.engine()
        let history = Self.history(seed: seed)
        var state = FareState()
        var legs: [PricedLeg] = []
        for leg in history {
            let (priced, next) = try engine.next(leg, after: state)
            legs.append(priced)
            state = next
        }
        #expect(try engine.price(history).legs == legs)
    }

    @Test("A quotation is never above the price in order", arguments: UInt64(1)...60)
    func quotation(seed: UInt64) throws {
        let engine = try Self.feed.engine()
        let history = Self.history(seed: seed)
        #expect(try engine.quote(history).total <= engine.price(history).total)
    }

    @Test("Work grows with the number of legs, also when one run never ends")
    func longHistory() throws {
        let engine = try TestFeed.flatFare.with(
            "fare_transfer_rules",
            "from_leg_group_id,to_leg_group_id,transfer_count,fare_transfer_type", "city,city,-1,0"
        ).engine()
        let legs = (0..<20_000).map { RiderLeg(leg(at: Double($0)), by: FareRider()) }
        #expect(try engine.price(legs).total.decimal == "15.00")
        #expect(try engine.quote(legs).total.decimal == "15.00")
    }
}

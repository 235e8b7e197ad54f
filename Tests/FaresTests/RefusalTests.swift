import Fares
import Testing
import Timetable
import TransitModel

@Suite("What has no price is refused by name")
struct RefusalTests {
    @Test("Unknown routes, stops and networks")
    func unknown() throws {
        let engine = try TestFeed.flatFare.engine()
        #expect(throws: FareRefusal.unknownRoute("99")) { try engine.charges([leg("99")]) }
        #expect(throws: FareRefusal.unknownStop("Z")) { try engine.charges([leg(from: "Z")]) }
        #expect(throws: FareRefusal.unknownStop("Y")) { try engine.charges([leg(to: "Y")]) }
        #expect(throws: FareRefusal.unknownNetwork("n")) {
            try engine.charges([leg(network: "n")])
        }
    }

    @Test("No legs, legs out of order, an arrival before its departure")
    func shape() throws {
        let engine = try TestFeed.flatFare.engine()
        #expect(throws: FareRefusal.noLegs) { try engine.charges([]) }
        #expect(throws: FareRefusal.legsOutOfOrder) {
            try engine.charges([leg(at: 1), leg(at: 0)])
        }
        #expect(throws: FareRefusal.arrivalBeforeDeparture) {
            try engine.charges([leg(at: 1, arriving: 0)])
        }
    }

    @Test("Places that a flat fare does not ask for may be missing")
    func notNeeded() throws {
        let bare = FareLeg(
            boarding: nil, route: nil, fromStop: nil, toStop: nil,
            departedAt: Timestamp(secondsSince1970: 0))
        #expect(try TestFeed.flatFare.engine().charges([bare]) == ["15.00"])
    }

    @Test("Places that the tariff asks for may not")
    func needed() throws {
        let byNetwork = TestFeed.flatFare
            .with("networks", "network_id", "n")
            .with("fare_leg_rules", "network_id,fare_product_id,leg_group_id", "n,single,city")
        let byArea = TestFeed.flatFare
            .with("areas", "area_id", "a")
            .with("fare_leg_rules", "from_area_id,fare_product_id,leg_group_id", "a,single,city")
        let bare = FareLeg(
            boarding: nil, route: nil, fromStop: nil, toStop: nil,
            departedAt: Timestamp(secondsSince1970: 0))
        #expect(throws: FareRefusal.routeNotGiven) { try byNetwork.engine().charges([bare]) }
        #expect(throws: FareRefusal.boardingStopNotGiven) { try byArea.engine().charges([bare]) }
    }

    @Test("A refused leg leaves the state as it was")
    func goesOn() throws {
        let engine = try TestFeed.flatFare.engine()
        let rider = FareRider()
        let (_, state) = try engine.next(RiderLeg(leg(at: 0), by: rider), after: FareState())
        #expect(throws: FareRefusal.unknownRoute("99")) {
            try engine.next(RiderLeg(leg("99", at: 5), by: rider), after: state)
        }
        let (priced, _) = try engine.next(RiderLeg(leg(at: 10), by: rider), after: state)
        #expect(priced.charge.isZero)
    }
}

@Suite("A tariff that would be priced wrongly is not compiled")
struct TariffErrorTests {
    private func error(_ feed: TestFeed) -> TariffError? {
        do {
            _ = try feed.tariff()
            return nil
        } catch { return error as? TariffError }
    }

    @Test("A feed without fare leg rules has no tariff")
    func none() throws {
        #expect(error(TestFeed()) == .noFareTables)
    }

    @Test("Two currencies in one tariff are refused")
    func currencies() {
        let feed = TestFeed.flatFare.with(
            "fare_products", "fare_product_id,amount,currency", "single,15.00,UAH", "x,1.00,EUR")
        #expect(
            error(feed)?.description
                == "fare_products.txt:3: currency: EUR after UAH: one tariff, one currency")
    }

    @Test("Two default categories for one product are refused")
    func defaults() {
        let feed = TestFeed.flatFare
            .with(
                "rider_categories",
                "rider_category_id,rider_category_name,is_default_fare_category", "a,A,1", "b,B,1"
            )
            .with(
                "fare_products", "fare_product_id,rider_category_id,amount,currency",
                "single,a,15.00,UAH", "single,b,14.00,UAH")
        #expect(error(feed)?.code == "contradiction")
    }
}

import Fares
import Testing
import TransitModel

@Suite("Rider categories")
struct RiderCategoryTests {
    private static let feed = TestFeed()
        .with(
            "rider_categories", "rider_category_id,rider_category_name,is_default_fare_category",
            "adult,Adult,1", "pupil,Pupil,", "pensioner,Pensioner,0"
        )
        .with(
            "fare_products", "fare_product_id,rider_category_id,amount,currency",
            "single,adult,15.00,UAH", "single,pupil,7.50,UAH", "single,pensioner,0.00,UAH"
        )
        .with("fare_leg_rules", "fare_product_id", "single")

    @Test(
        "Each pays its own price, and without a category the default's",
        arguments: [
            ([], "15.00"), (["adult"], "15.00"), (["pupil"], "7.50"), (["pensioner"], "0.00"),
            (["adult", "pupil"], "7.50"),
        ] as [([RiderCategoryID], String)])
    func price(categories: [RiderCategoryID], charge: String) throws {
        let rider = FareRider(categories: categories)
        #expect(try Self.feed.engine().charges([leg()], rider) == [charge])
    }

    @Test("A free ride says so")
    func free() throws {
        let priced = try Self.feed.engine().priced([leg()], FareRider(categories: ["pensioner"]))
        #expect(priced[0].rules.map(\.code) == [.legFree])
    }

    @Test("An unknown category is refused by name")
    func unknown() throws {
        #expect(throws: FareRefusal.unknownRiderCategory("veteran")) {
            try Self.feed.engine().charges([leg()], FareRider(categories: ["veteran"]))
        }
    }

    @Test("A category that no product is for has no fare")
    func notEligible() throws {
        let feed = Self.feed.with(
            "fare_products", "fare_product_id,rider_category_id,amount,currency",
            "single,adult,15.00,UAH")
        #expect(throws: FareRefusal.noEligibleProduct) {
            try feed.engine().charges([leg()], FareRider(categories: ["pupil"]))
        }
    }

    @Test("A product without a category is for everyone")
    func everyone() throws {
        let feed = Self.feed.with(
            "fare_products", "fare_product_id,rider_category_id,amount,currency",
            "single,,15.00,UAH", "single,pupil,7.50,UAH")
        let engine = try feed.engine()
        #expect(try engine.charges([leg()], FareRider(categories: ["pensioner"])) == ["15.00"])
        #expect(try engine.charges([leg()], FareRider(categories: ["pupil"])) == ["7.50"])
    }
}

@Suite("Fare media")
struct FareMediaTests {
    private static let feed = TestFeed()
        .with(
            "fare_media", "fare_media_id,fare_media_name,fare_media_type", "card,Town card,2",
            "bank,Bank card,3", "cash,Cash,0"
        )
        .with(
            "fare_products", "fare_product_id,fare_media_id,amount,currency",
            "single,card,12.00,UAH", "single,bank,15.00,UAH", "single,cash,20.00,UAH"
        )
        .with("fare_leg_rules", "fare_product_id", "single")

    @Test(
        "Each has its price, and without one the cheapest is found",
        arguments: [
            (.any, "12.00"), (.only(["card"]), "12.00"), (.only(["bank"]), "15.00"),
            (.only(["cash"]), "20.00"), (.only(["bank", "cash"]), "15.00"),
        ] as [(FareMediaChoice, String)])
    func price(media: FareMediaChoice, charge: String) throws {
        let rider = FareRider(media: media)
        #expect(try Self.feed.engine().charges([leg()], rider) == [charge])
        #expect(try Self.feed.engine().lowestTotal([leg()], rider) == charge)
    }

    @Test("A product without a medium goes with each")
    func mediumDoesNotMatter() throws {
        let engine = try TestFeed.flatFare.engine()
        #expect(try engine.charges([leg()], FareRider(media: .only([]))) == ["15.00"])
    }

    @Test("One medium pays for the whole history when it is not known which")
    func oneMediumForAll() throws {
        let feed = Self.feed
            .with("networks", "network_id", "n")
            .with("route_networks", "network_id,route_id", "n,tram")
            .with(
                "fare_products", "fare_product_id,fare_media_id,amount,currency",
                "bus,card,1.00,UAH", "bus,bank,2.00,UAH", "tram,card,9.00,UAH", "tram,bank,3.00,UAH"
            )
            .with("fare_leg_rules", "network_id,fare_product_id", "n,tram", ",bus")
        let legs = [leg("bus"), leg("tram", at: 1)]
        #expect(try feed.engine().charges(legs) == ["2.00", "3.00"])
        #expect(try feed.engine().lowestTotal(legs) == "5.00")
    }

    @Test("Unknown media are refused by name")
    func unknown() throws {
        #expect(throws: FareRefusal.unknownFareMedia("token")) {
            try Self.feed.engine().charges([leg()], FareRider(media: .only(["token"])))
        }
    }

    @Test("A tap's medium finds the tariff's")
    func mediaKinds() throws {
        let tariff = try Self.feed.tariff()
        #expect(tariff.media(for: .eTicketCard) == .only(["card"]))
        #expect(tariff.media(for: .bankCard) == .only(["bank"]))
        #expect(tariff.media(for: .qrTicket) == .only([]))
    }
}

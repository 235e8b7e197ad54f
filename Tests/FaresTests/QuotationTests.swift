import Fares
import Testing
import TransitModel

@Suite("A quotation and a price in order")
struct QuotationTests {
    /// The bus is sold as a cheap single, or as a dearer ticket with which the tram is free.
    private static let feed = TestFeed()
        .with("networks", "network_id", "bus", "tram")
        .with("route_networks", "network_id,route_id", "bus,bus", "tram,tram")
        .with(
            "fare_products", "fare_product_id,amount,currency", "single,10.00,UAH",
            "through,12.00,UAH", "tram,10.00,UAH"
        )
        .with(
            "fare_leg_rules", "leg_group_id,network_id,fare_product_id", "plain,bus,single",
            "through,bus,through", "tram,tram,tram"
        )
        .with(
            "fare_transfer_rules", "from_leg_group_id,to_leg_group_id,fare_transfer_type",
            "through,tram,0")

    @Test("A quotation looks ahead and finds the lowest total")
    func lookAhead() throws {
        let legs = [leg("bus"), leg("tram", at: 10)]
        #expect(try Self.feed.engine().lowestTotal(legs) == "12.00")
        #expect(try Self.feed.engine().lowestTotal([legs[0]]) == "10.00")
    }

    @Test("In order, each tap takes what costs least as it comes")
    func inOrder() throws {
        let legs = [leg("bus"), leg("tram", at: 10)]
        #expect(try Self.feed.engine().charges(legs) == ["10.00", "10.00"])
    }

    @Test("A quotation is never above the price in order", arguments: UInt64(1)...40)
    func neverAbove(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let engine = try Self.feed.engine()
        let legs = (0..<Int.random(in: 1...12, using: &random)).map { index in
            leg(Bool.random(using: &random) ? "bus" : "tram", at: Double(index))
        }.map { RiderLeg($0, by: FareRider()) }
        let quoted = try engine.quote(legs)
        #expect(quoted.total <= (try engine.price(legs).total))
        #expect(quoted.total == quoted.legs.reduce(Money.zero(.uah)) { $0 + $1.charge })
    }
}

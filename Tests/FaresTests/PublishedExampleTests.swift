import Fares
import Testing
import TransitModel

/// The worked example of the Fares v2 documentation at gtfs.org ("Maryland Transit
/// Administration", read 2024): a one-way fare of 2.00 USD on the core network that includes
/// transfers for 90 minutes, and day passes sold beside it.
@Suite("The published example of a core network")
struct PublishedExampleTests {
    private static let feed = TestFeed()
        .with(
            "routes", "route_id,route_short_name,route_type,network_id", "local-bus,54,3,core",
            "light-rail,LR,0,core", "express,150,3,commuter"
        )
        .with(
            "fare_products", "fare_product_id,fare_product_name,amount,currency",
            "core_local_oneway_trip,One Way Full Fare,2.00,USD",
            "core_local_1_day_pass,1-Day Pass - Core Service,4.60,USD"
        )
        .with(
            "fare_leg_rules", "leg_group_id,network_id,fare_product_id",
            "core_local_one_way_trip,core,core_local_oneway_trip"
        )
        .with(
            "fare_transfer_rules",
            "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,"
                + "fare_transfer_type,fare_product_id",
            "core_local_one_way_trip,core_local_one_way_trip,-1,5400,1,0,")

    @Test("One fare covers any number of transfers for 90 minutes")
    func transfers() throws {
        let legs = [leg("local-bus"), leg("light-rail", at: 45), leg("local-bus", at: 90)]
        #expect(try Self.feed.engine().charges(legs) == ["2.00", "0.00", "0.00"])
        #expect(try Self.feed.engine().lowestTotal(legs + [leg("light-rail", at: 91)]) == "4.00")
    }

    @Test("A route of another network is not covered by these rules")
    func otherNetwork() throws {
        #expect(throws: FareRefusal.noMatchingRule) {
            try Self.feed.engine().charges([leg("express")])
        }
    }
}

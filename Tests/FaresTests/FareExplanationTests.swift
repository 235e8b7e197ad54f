import Fares
import Testing
import TransitModel

@Suite("Reasons as JSON")
struct FareExplanationTests {
    @Test("Taps, amounts, products and rules in a fixed order")
    func shape() throws {
        var random = SeededGenerator(seed: 7)
        let epoch = EpochID(using: &random)
        let engine = try TestFeed.flatFare.with(
            "fare_products", "fare_product_id,fare_product_name,amount,currency",
            "single,\"Разовий \"\"квиток\"\"\",15.00,UAH"
        ).engine()
        let boarding = FareLeg(
            boarding: TapID(device: "V1", epoch: epoch, sequence: 3), route: "bus", fromStop: nil,
            toStop: nil, departedAt: Timestamp(secondsSince1970: 0))
        let priced = try engine.priced([boarding])
        #expect(
            FareExplanation(legs: priced).json == """
                {"legs":[{"tap":"V1/\(epoch)/3","amount_minor":1500,"fare_product_id":"single",\
                "fare_product_name":"Разовий \\"квиток\\"","rules":[{"rule":"fare_leg_rule",\
                "code":"leg_fare","detail":{"fare_product_id":"single","leg_group_id":"city"},\
                "amount_minor":1500}]}]}
                """)
    }

    @Test("The linking window is the longest limit, and the fallback where there is none")
    func linkingWindow() throws {
        #expect(
            try TestFeed.flatFare.tariff().linkingWindow(fallback: .seconds(10)) == .seconds(3_600))
        let without = TestFeed.flatFare.with("fare_transfer_rules", "fare_transfer_type")
        #expect(try without.tariff().linkingWindow(fallback: .seconds(10)) == .seconds(10))
    }
}

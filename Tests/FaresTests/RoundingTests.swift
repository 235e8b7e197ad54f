import Fares
import Testing
import TransitModel

@Suite("Rounding by name")
struct RoundingTests {
    @Test(
        "Shares are rounded once, as the tariff names it",
        arguments: [
            ("down,0.50", "4.50"), ("up,0.50", "5.00"), ("half_up,0.50", "4.50"),
            ("half_even,0.10", "4.70"), ("half_up,0.01", "4.73"), ("down,0.01", "4.72"),
            ("half_even,0.01", "4.72"),
        ])
    func rounding(rule: String, charge: String) throws {
        // 7.00 less 25 % is 5.25, less 10 % of that is 4.725.
        let engine = try TestFeed.cityAndFast
            .with("tariff", "tariff_id,rounding,rounding_unit,currency", "town,\(rule),UAH")
            .with("transfer_terms", "terms,reduction_percent", "discount,25")
            .with("group_fares", "min_riders,reduction_percent,free_riders", "2,10,1").engine()
        let two = FareRider(categories: ["pupil"], riders: 2)
        #expect(try engine.charges([leg(at: 0), leg(at: 10)], two)[1] == charge)
    }
}

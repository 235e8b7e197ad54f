import Fares
import Testing
import TransitModel

@Suite("Shares of operators")
struct OperatorShareTests {
    @Test("Operators share what the tariff says, to the kopiyka; the rest is the carrier's")
    func shares() throws {
        let engine = try TestFeed.cityAndFast
            .with(
                "agency", "agency_id,agency_name,agency_url,agency_timezone",
                "town,Town,https://town.example,Europe/Kyiv",
                "rail,Rail,https://rail.example,Europe/Kyiv"
            )
            .with(
                "routes", "route_id,agency_id,route_short_name,route_type", "bus,town,1,3",
                "tram,town,2,0", "train,rail,3,2"
            )
            .with(
                "operator_shares", "leg_set_id,agency_id,weight", "fast,rail,2", "fast,town,1"
            ).engine()
        let legs = [leg("train", at: 0), leg("train", at: 30), leg(at: 60)]
        let history = try engine.price(legs.map { RiderLeg($0, by: FareRider()) })
        let shares = try engine.operatorShares(
            of: history, riders: legs.map { _ in FareRider() })
        #expect(shares.map(\.agency) == ["rail", "town"])
        #expect(shares.map(\.amount.decimal) == ["53.33", "41.67"])
    }
}

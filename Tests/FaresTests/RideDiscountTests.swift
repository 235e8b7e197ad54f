import Fares
import Testing
import TransitModel

@Suite("Discounts after a number of rides")
struct RideDiscountTests {
    @Test("After some rides the next ones are reduced or free, and then counting begins anew")
    func rides() throws {
        let header =
            "ride_discount_id,window,window_duration,after_rides,reduced_rides,"
            + "reduction_percent"
        let everyThird = try TestFeed.cityAndFast.with(
            "ride_discounts", header, "third,ever,,2,1,100"
        )
        .engine()
        #expect(
            try everyThird.charges((0..<7).map { leg(at: Double($0)) })
                == ["15.00", "15.00", "0.00", "15.00", "15.00", "0.00", "15.00"])
        let daily = try TestFeed.cityAndFast.with("ride_discounts", header, "day,day,,2,,50")
            .engine()
        #expect(
            try daily.charges([0, 1, 2, 3, 24 * 60].map { leg(at: $0) })
                == ["15.00", "15.00", "7.50", "7.50", "15.00"])
        let rolling = try TestFeed.cityAndFast.with(
            "ride_discounts", header, "hour,rolling,3600,1,,50"
        )
        .engine()
        #expect(
            try rolling.charges([0, 40, 80, 140].map { leg(at: $0) })
                == ["15.00", "7.50", "7.50", "15.00"])
    }

    @Test("Journeys may be counted instead of legs")
    func journeysCounted() throws {
        let engine = try TestFeed.cityAndFast
            .with("fare_journeys", "gap_limit", "1800")
            .with(
                "ride_discounts",
                "ride_discount_id,window,count_by,after_rides,reduction_percent",
                "second,week,journey,1,50"
            ).engine()
        #expect(
            try engine.charges([0, 20, 40, 100, 120].map { leg(at: $0) })
                == ["15.00", "15.00", "15.00", "7.50", "7.50"])
    }
}

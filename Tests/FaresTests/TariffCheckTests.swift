import Fares
import Testing
import Timetable
import TransitModel

@Suite("What a tariff's authors cannot have meant")
struct TariffCheckTests {
    private static let sound = TestFeed()
        .with("networks", "network_id", "city", "fast")
        .with("route_networks", "network_id,route_id", "city,bus", "city,tram", "fast,train")
        .with(
            "rider_categories", "rider_category_id,rider_category_name,is_default_fare_category",
            "adult,Adult,1", "pupil,Pupil,"
        )
        .with(
            "fare_products", "fare_product_id,rider_category_id,amount,currency",
            "single,adult,15.00,UAH", "single,pupil,7.50,UAH", "express,,40.00,UAH"
        )
        .with(
            "fare_leg_rules", "leg_group_id,network_id,fare_product_id", "city,city,single",
            "fast,fast,express"
        )
        .with(
            "tariff", "tariff_id,tariff_version,effective_from", "town,2026-1,20260301")

    private static let served: [TariffCheck.ServedPattern] = [
        .init(route: "bus", stops: ["A", "B", "C"]), .init(route: "train", stops: ["A", "D"]),
    ]

    private func findings(
        _ feed: TestFeed, served: [TariffCheck.ServedPattern] = Self.served
    ) throws -> [String] {
        try feed.findings(served: served).map {
            "\($0.severity.rawValue) \($0.code.rawValue) \($0)"
        }
    }

    @Test("A sound tariff gives nothing to say")
    func sound() throws {
        #expect(try findings(Self.sound) == [])
    }

    @Test("A concession that is dearer than the full fare, in each table that has prices")
    func dearer() throws {
        #expect(
            try findings(
                Self.sound.with(
                    "fare_products", "fare_product_id,rider_category_id,amount,currency",
                    "single,adult,15.00,UAH", "single,pupil,15.01,UAH", "express,,40.00,UAH")
            ) == [
                "error concession_dearer fare_products.txt:3: amount: \"single\" costs \"pupil\" "
                    + "15.01, and at the full fare 15.00"
            ])
        let caps = try findings(
            Self.sound.with(
                "fare_caps", "cap_id,rider_category_id,window,amount,currency",
                "day,adult,day,45.00,UAH", "day,pupil,day,50.00,UAH"))
        #expect(caps.count == 1 && caps[0].contains("fare_caps.txt:3: amount"))
        let bands = try findings(
            Self.sound.with("fare_distances", "fare_product_id", "express")
                .with(
                    "fare_distance_bands",
                    "fare_product_id,rider_category_id,max_distance,amount,currency",
                    "express,,5000,40.00,UAH", "express,,,60.00,UAH",
                    "express,pupil,,50.00,UAH"))
        #expect(bands.count == 1 && bands[0].contains("fare_distance_bands.txt:4: amount"))
    }

    @Test("Amounts that nobody means")
    func absurd() throws {
        let below = try findings(
            Self.sound.with(
                "fare_products", "fare_product_id,rider_category_id,amount,currency",
                "single,adult,15.00,UAH", "single,pupil,-7.50,UAH", "express,,4000.00,UAH"))
        try #require(below.count == 2)
        #expect(below[0].hasPrefix("error absurd_amount fare_products.txt:3: amount"))
        #expect(below[1].hasPrefix("error absurd_amount fare_products.txt:4: amount"))
        let caps = try findings(
            Self.sound.with(
                "fare_caps", "cap_id,window,amount,currency", "day,day,5.00,UAH",
                "week,week,200.00,UAH", "month,month,150.00,UAH"))
        try #require(caps.count == 2)
        #expect(caps[0].contains("fare_caps.txt:2: amount: the cap is 5.00"))
        #expect(caps[1].contains("fare_caps.txt:4: amount: the cap of 150.00 holds for longer"))
    }

    @Test("A discount of less than nothing")
    func negativeDiscount() throws {
        let findings = try findings(
            Self.sound
                .with(
                    "fare_products", "fare_product_id,rider_category_id,amount,currency",
                    "single,adult,15.00,UAH", "single,pupil,7.50,UAH", "express,,40.00,UAH",
                    "change,,-2.00,UAH"
                )
                .with("transfer_terms", "terms,fare_product_id,transfer_count", "discount,change,1")
        )
        #expect(
            findings == [
                "error absurd_amount transfer_terms.txt:2: fare_product_id: a discount of less "
                    + "than nothing (fare_products.txt:5)"
            ])
    }

    @Test("Changes for nothing that never end, also round a circle")
    func endless() throws {
        let header =
            "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,"
            + "duration_limit_type,fare_transfer_type"
        #expect(
            try findings(
                Self.sound.with("fare_transfer_rules", header, "city,city,-1,,,0")
            ).first?.hasPrefix("error endless_transfer fare_transfer_rules.txt:2") == true)
        #expect(
            try findings(
                Self.sound.with(
                    "fare_transfer_rules", header, "city,fast,,,,0", "fast,city,,,,0")
            ).count == 2)
        #expect(
            try findings(
                Self.sound.with(
                    "fare_transfer_rules", header, "city,fast,,,,0", "fast,city,,3600,1,0")) == [])
        #expect(
            try findings(Self.sound.with("transfer_terms", "terms", "free")).first?
                .contains("transfer_terms.txt:2: duration_limit") == true)
        #expect(
            try findings(Self.sound.with("transfer_terms", "terms,transfer_count", "free,3")) == [])
    }

    @Test("A ride that no rule prices is named, for whom and when")
    func gaps() throws {
        let noRail = try findings(
            Self.sound.with(
                "fare_leg_rules", "leg_group_id,network_id,fare_product_id", "city,city,single"))
        #expect(
            noRail.contains(
                "error gap fare_leg_rules.txt: route \"train\" from stop \"A\" to \"D\" for "
                    + "\"adult\": no record of fare_leg_rules.txt covers the leg"))
        let noPupils = try findings(
            Self.sound.with(
                "fare_products", "fare_product_id,rider_category_id,amount,currency",
                "single,adult,15.00,UAH", "express,,40.00,UAH"))
        try #require(noPupils.count == 1)
        #expect(noPupils[0].contains("for \"pupil\": no fare product for the leg"))
        let noNights = try findings(
            Self.sound
                .with(
                    "timeframes", "timeframe_group_id,start_time,end_time,service_id",
                    "daytime,05:00:00,23:00:00,always"
                )
                .with(
                    "calendar",
                    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
                        + "start_date,end_date", "always,1,1,1,1,1,1,1,20260101,20261231"
                )
                .with(
                    "fare_leg_rules",
                    "leg_group_id,network_id,from_timeframe_group_id,fare_product_id",
                    "city,city,daytime,single", "fast,fast,,express"))
        #expect(noNights.contains { $0.contains("on 2026-03-01 at 0:15") })
    }

    @Test("What can never have an effect, and what a tariff lacks to be one")
    func unused() throws {
        let findings = try findings(
            Self.sound
                .with("leg_sets", "leg_set_id,network_id", "city,city")
                .with(
                    "fare_products", "fare_product_id,rider_category_id,amount,currency",
                    "single,adult,15.00,UAH", "single,pupil,7.50,UAH", "express,,40.00,UAH",
                    "hour,,25.00,UAH", "old,,3.00,UAH"
                )
                .with("fare_passes", "fare_product_id,sale", "hour,at_tap")
                .with("tariff", "tariff_id", "town"))
        #expect(
            findings.map { $0.split(separator: " ").prefix(3).joined(separator: " ") } == [
                "error unused fare_passes.txt:2:", "warning unused fare_products.txt:6:",
                "warning unused leg_sets.txt:2:", "warning incomplete_tariff tariff.txt:2:",
                "warning incomplete_tariff tariff.txt:2:",
            ])
    }

    @Test("Two currencies are refused with the place of the second")
    func currencies() {
        let feed = Self.sound.with(
            "fare_products", "fare_product_id,rider_category_id,amount,currency",
            "single,adult,15.00,UAH", "single,pupil,1.00,EUR", "express,,40.00,UAH")
        #expect(feed.complaint?.hasPrefix("fare_products.txt:3: currency") == true)
    }
}

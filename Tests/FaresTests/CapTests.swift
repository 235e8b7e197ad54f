import Fares
import Testing
import TransitModel

@Suite("Caps")
struct CapTests {
    private static let plain = TestFeed()
        .with(
            "rider_categories", "rider_category_id,rider_category_name,is_default_fare_category",
            "adult,Adult,1", "pupil,Pupil,"
        )
        .with(
            "fare_products", "fare_product_id,rider_category_id,amount,currency",
            "single,adult,15.00,UAH", "single,pupil,7.50,UAH", "express,,40.00,UAH"
        )
        .with("networks", "network_id", "city", "fast")
        .with("route_networks", "network_id,route_id", "city,bus", "city,tram", "fast,train")
        .with(
            "fare_leg_rules", "leg_group_id,network_id,fare_product_id", "city,city,single",
            "fast,fast,express")
    private static let header =
        "cap_id,leg_set_id,rider_category_id,window,window_duration,amount,currency"

    private static func feed(_ rows: String...) -> TestFeed {
        plain.with("fare_caps", rows: [header] + rows)
    }

    private static let day = 24.0 * 60

    @Test("Nobody pays more in a day, and the leg that reaches the cap pays what is missing")
    func dayCap() throws {
        let engine = try Self.feed("day,,,day,,40.00,UAH").engine()
        let times = [0, 60, 120, 180, Self.day].map { leg(at: $0) }
        #expect(try engine.charges(times) == ["15.00", "15.00", "10.00", "0.00", "15.00"])
        let reached = try #require(engine.priced(times)[2].rules.last)
        #expect(reached.kind == .fareCap && reached.code == .capped)
        #expect(reached.amount.decimal == "-5.00")
        #expect(
            reached.details.map(\.name) == [
                "cap_id", "window", "cap_minor", "paid_before_minor", "paid_after_minor",
            ])
        #expect(
            reached.details.suffix(3).map(\.value) == [
                .number(4_000), .number(3_000), .number(4_000),
            ])
        let counted = try #require(engine.priced(times)[0].rules.last)
        #expect(counted.code == .capCounted && counted.amount.isZero)
    }

    @Test("The fare day begins when the tariff says")
    func fareDayStart() throws {
        let feed = Self.feed("day,,,day,,15.00,UAH")
        // 07:40, 23:50, 03:50 and 04:10.
        let legs = [0, 970, 1_210, 1_230].map { leg(at: $0) }
        #expect(try feed.engine().charges(legs) == ["15.00", "0.00", "15.00", "0.00"])
        let early = feed.with("tariff", "tariff_id,fare_day_start", "town,04:00:00")
        #expect(try early.engine().charges(legs) == ["15.00", "0.00", "0.00", "15.00"])
    }

    @Test("Once its windows are over, a state is that of a rider who never had them")
    func forgotten() throws {
        let engine = try Self.feed(
            "day,city,,day,,20.00,UAH", "hours,city,,first_use,7200,20.00,UAH",
            "burst,city,,rolling,3600,20.00,UAH"
        ).with("leg_sets", "leg_set_id,network_id", "city,city").engine()
        func state(after legs: [FareLeg]) throws -> FareState {
            try legs.reduce(FareState()) { state, leg in
                try engine.next(RiderLeg(leg, by: FareRider()), after: state).state
            }
        }
        let later = leg("train", at: 2 * Self.day)
        #expect(try state(after: [leg(at: 0), later]) == state(after: [later]))
        #expect(
            try state(after: [leg(at: 0), leg("train", at: 30)])
                != state(after: [leg("train", at: 30)]))
    }

    @Test("In the nights of the clock changes a fare day still begins at four on the wall")
    func clockChanges() throws {
        let engine = try Self.feed("day,,,day,,15.00,UAH")
            .with("tariff", "tariff_id,fare_day_start", "town,04:00:00").engine()
        // 2026-03-29: 02:59, and a minute later 04:00.
        #expect(
            try engine.charges([38_599, 38_600, 38_601].map { leg(at: $0) })
                == ["15.00", "15.00", "0.00"])
        // 2026-10-25: half past three comes twice, and then four.
        #expect(
            try engine.charges([340_970, 341_030, 341_060].map { leg(at: $0) })
                == ["15.00", "0.00", "15.00"])
    }

    @Test("A week counts what its days charged, from the tariff's first day on")
    func weekOverDays() throws {
        let feed = Self.feed("day,,,day,,20.00,UAH", "week,,,week,,50.00,UAH")
        var legs: [FareLeg] = []
        for day in 0..<8 {
            legs += [leg(at: Double(day) * Self.day), leg(at: Double(day) * Self.day + 60)]
        }
        let charges = try feed.engine().charges(legs)
        #expect(
            charges == [
                "15.00", "5.00", "15.00", "5.00", "10.00", "0.00", "0.00", "0.00", "0.00", "0.00",
                "0.00", "0.00", "0.00", "0.00", "15.00", "5.00",
            ])
        let sunday = try feed.with("tariff", "tariff_id,week_start", "town,7").engine()
        #expect(try sunday.charges(legs).suffix(4) == ["15.00", "5.00", "15.00", "5.00"])
    }

    @Test("A month is the calendar's")
    func month() throws {
        let engine = try Self.feed("month,,,month,,20.00,UAH").engine()
        let legs = [0, 1, 29, 30].map { leg(at: Double($0) * Self.day) }
        #expect(try engine.charges(legs) == ["15.00", "5.00", "0.00", "15.00"])
    }

    @Test("From its first ride, a window is as long as it says")
    func firstUse() throws {
        let engine = try Self.feed("hours,,,first_use,7200,20.00,UAH").engine()
        #expect(
            try engine.charges([0, 60, 119, 120, 180].map { leg(at: $0) })
                == ["15.00", "5.00", "0.00", "15.00", "5.00"])
    }

    @Test("Whatever stretch of a rolling window is looked at, it holds no more than the cap")
    func rolling() throws {
        let engine = try Self.feed("hours,,,rolling,7200,20.00,UAH").engine()
        #expect(
            try engine.charges([0, 60, 119, 120, 180, 181].map { leg(at: $0) })
                == ["15.00", "5.00", "0.00", "15.00", "5.00", "0.00"])
    }

    @Test("Each category has its own cap; who has none is not capped")
    func categories() throws {
        let engine = try Self.feed("day,,pupil,day,,10.00,UAH").engine()
        let legs = [0, 60, 120].map { leg(at: $0) }
        #expect(try engine.charges(legs) == ["15.00", "15.00", "15.00"])
        #expect(
            try engine.charges(legs, FareRider(categories: ["pupil"]))
                == ["7.50", "2.50", "0.00"])
    }

    @Test("Only the legs of the set count, and only they are capped")
    func legSet() throws {
        let engine = try Self.feed("day,city,,day,,20.00,UAH")
            .with("leg_sets", "leg_set_id,network_id", "city,city").engine()
        #expect(
            try engine.charges([
                leg(at: 0), leg("train", at: 60), leg("tram", at: 90), leg("train", at: 120),
                leg("bus", at: 150),
            ]) == ["15.00", "40.00", "5.00", "40.00", "0.00"])
    }

    @Test("By product, by operator, by zones, on some days of the week")
    func sets() throws {
        let feed = Self.feed("day,some,,day,,15.00,UAH")
            .with("areas", "area_id", "inner", "outer")
            .with("stop_areas", "area_id,stop_id", "inner,A", "inner,B", "outer,C")
            .with("area_sets", "area_set_id,area_id", "centre,inner")
            .with(
                "agency", "agency_id,agency_name,agency_url,agency_timezone",
                "town,Town,https://town.example,Europe/Kyiv",
                "other,Other,https://other.example,Europe/Kyiv"
            )
            .with(
                "routes", "route_id,agency_id,route_short_name,route_type", "bus,town,1,3",
                "tram,other,2,0", "train,other,3,2")
        func charges(_ set: String, _ legs: [FareLeg]) throws -> [String] {
            let (field, value) = (set.split(separator: "=")[0], set.split(separator: "=")[1])
            return try feed.with("leg_sets", "leg_set_id,\(field)", "some,\(value)").engine()
                .charges(legs)
        }
        let modes = [leg(at: 0), leg("tram", at: 60), leg(at: 90), leg("tram", at: 120)]
        #expect(
            try charges("fare_product_id=single", modes) == ["15.00", "0.00", "0.00", "0.00"])
        #expect(try charges("agency_id=other", modes) == ["15.00", "15.00", "15.00", "0.00"])
        #expect(try charges("route_type=3", modes) == ["15.00", "15.00", "0.00", "15.00"])
        let places = [
            leg(at: 0, to: "B"), leg(at: 60, to: "C"), leg(at: 90, from: "B", to: "A"),
            leg(at: 120, from: "C", to: "A"),
        ]
        #expect(
            try charges("within_area_set_id=centre", places)
                == ["15.00", "15.00", "0.00", "15.00"])
        let week = [leg(at: 0), leg(at: 60), leg(at: Self.day), leg(at: Self.day + 60)]
        #expect(try charges("weekdays=2", week) == ["15.00", "15.00", "15.00", "0.00"])
    }

    @Test("A transfer that gives back does not undo what a cap already spared")
    func givingBack() throws {
        // Two singles of 15 with a cap of 20; then a transfer turns the second into 12 for both.
        let engine = try TestFeed()
            .with(
                "fare_products", "fare_product_id,amount,currency", "single,15.00,UAH",
                "pair,12.00,UAH"
            )
            .with("networks", "network_id", "city", "fast")
            .with("route_networks", "network_id,route_id", "city,bus", "fast,tram")
            .with(
                "fare_leg_rules", "leg_group_id,network_id,fare_product_id", "city,city,single",
                "fast,fast,single"
            )
            .with(
                "fare_transfer_rules",
                "from_leg_group_id,to_leg_group_id,fare_transfer_type,fare_product_id",
                "city,fast,2,pair"
            )
            .with("fare_caps", "cap_id,window,amount,currency", "day,day,20.00,UAH")
            .engine()
        #expect(
            try engine.charges([leg(at: 0), leg(at: 600), leg("tram", at: 630)])
                == ["15.00", "5.00", "0.00"])
        // Due are 15 + 12.
        #expect(
            try engine.charges([leg(at: 0), leg("tram", at: 30)]) == ["15.00", "-3.00"])
    }

    @Test(
        "What cannot be meant is refused with its place",
        arguments: [
            ("day,,,day,3600,20.00,UAH", "fare_caps.txt:2: window_duration"),
            ("day,,,rolling,,20.00,UAH", "fare_caps.txt:2: window_duration"),
            ("day,,,fortnight,,20.00,UAH", "fare_caps.txt:2: window: \"fortnight\""),
            ("day,,,day,,-1.00,UAH", "fare_caps.txt:2: amount"),
            ("day,nowhere,,day,,20.00,UAH", "fare_caps.txt:2: leg_set_id: \"nowhere\""),
            ("day,,nobody,day,,20.00,UAH", "fare_caps.txt:2: rider_category_id: \"nobody\""),
            ("day,,,day,,20.00,EUR", "fare_caps.txt:2: currency"),
        ])
    func refused(row: String, start: String) throws {
        #expect(Self.feed(row).complaint?.hasPrefix(start) == true)
    }

    @Test("A misspelt field is refused: it would be a wrong price")
    func misspelt() throws {
        let feed = Self.plain.with(
            "fare_caps", "cap_id,windw,window,amount,currency", "day,,day,1.00,UAH")
        #expect(feed.complaint?.hasPrefix("fare_caps.txt:1: windw: not a field") == true)
    }
}

import Fares
import Testing
import Timetable
import TransitModel

/// Fares by the time of day: `timeframes.txt`, with the two fields of `fare_leg_rules.txt` that
/// name its groups.
@Suite("Timeframes")
struct TimeframeTests {
    /// 20.00 in the working days' peak, else 12.00; peak ends at nine, and again at 18:30.
    private static let town = TestFeed()
        .with(
            "calendar",
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,"
                + "end_date",
            "work,1,1,1,1,1,0,0,20260101,20261231", "all,1,1,1,1,1,1,1,20260101,20261231"
        )
        .with("calendar_dates", "service_id,date,exception_type", "work,20260309,2")
        .with(
            "timeframes", "timeframe_group_id,start_time,end_time,service_id",
            "peak,07:00:00,09:00:00,work", "peak,16:00:00,18:30:00,work", "any,,,all",
            "night,23:00:00,24:00:00,all", "night,00:00:00,05:00:00,all"
        )
        .with(
            "fare_products", "fare_product_id,amount,currency", "peak,20.00,UAH",
            "base,12.00,UAH", "night,30.00,UAH"
        )
        .with(
            "fare_leg_rules", "from_timeframe_group_id,fare_product_id,rule_priority",
            "peak,peak,1", "night,night,1", "any,base,0")

    /// What a ride costs that begins at a time of the clock in Kyiv.
    private func fare(_ date: String, _ time: String, from stop: StopID = "A") throws -> String {
        try Self.town.engine().charges([ride(date, time, from: stop)])[0]
    }

    private func ride(
        _ date: String, _ time: String, minutes: Double? = nil, from stop: StopID = "A"
    ) throws -> FareLeg {
        let day = try #require(ServiceDate(date))
        let parts = time.split(separator: ":").compactMap { Int64($0) }
        let local = Int64(day.daysSince1970) * 86_400 + parts[0] * 3_600 + parts[1] * 60 + parts[2]
        // Kyiv's summer time of 2026 lasts from 29 March to 25 October.
        let summer = date >= "2026-03-29" && date < "2026-10-25"
        let start = Timestamp(secondsSince1970: local - (summer ? 10_800 : 7_200))
        return FareLeg(
            boarding: nil, route: "bus", fromStop: stop, toStop: "B", departedAt: start,
            arrivedAt: minutes.map { start.advanced(by: .seconds($0 * 60)) })
    }

    @Test(
        "A span holds its first second and not its last",
        arguments: [
            ("06:59:59", "12.00"), ("07:00:00", "20.00"), ("08:59:59", "20.00"),
            ("09:00:00", "12.00"), ("18:29:59", "20.00"), ("18:30:00", "12.00"),
            ("23:00:00", "30.00"), ("23:59:59", "30.00"), ("00:00:00", "30.00"),
            ("04:59:59", "30.00"), ("05:00:00", "12.00"),
        ])
    func bounds(time: String, fare: String) throws {
        #expect(try self.fare("2026-03-02", time) == fare)
    }

    @Test(
        "Days are those of the service, with its exceptions",
        arguments: [
            ("2026-03-06", "20.00"), ("2026-03-07", "12.00"), ("2026-03-08", "12.00"),
            ("2026-03-09", "12.00"), ("2026-03-10", "20.00"),
        ])
    func days(date: String, fare: String) throws {
        #expect(try self.fare(date, "08:00:00") == fare)
    }

    @Test("Time is that of the clock on the wall, also after clocks change")
    func summerTime() throws {
        #expect(try fare("2026-03-30", "07:00:00") == "20.00")
        #expect(try fare("2026-03-30", "06:59:59") == "12.00")
        #expect(try fare("2026-10-26", "08:59:59") == "20.00")
    }

    @Test("Outside every day of the calendar nothing is covered, and that is said")
    func outside() throws {
        #expect(throws: FareRefusal.noMatchingRule) { try fare("2027-03-02", "08:00:00") }
    }

    @Test("Clocks are those of the stop's station, or else of the stop, or else of the agency")
    func stopTimeZone() throws {
        let feed = Self.town.with(
            "stops",
            "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,stop_timezone",
            "A,A,50,30,,,", "B,B,50,30,,,", "far,Far,50,30,,,Atlantic/Azores",
            "station,Station,50,30,1,,Atlantic/Azores", "platform,P,50,30,0,station,Europe/Kyiv")
        let engine = try feed.engine()
        func fare(_ stop: StopID) throws -> String {
            try engine.charges([ride("2026-03-02", "08:00:00", from: stop)])[0]
        }
        // Six in the morning on the Azores of this test.
        #expect(try fare("A") == "20.00")
        #expect(try fare("far") == "12.00")
        #expect(try fare("platform") == "12.00")
    }

    @Test("The end of a leg has its own timeframe, and must be known")
    func endOfLeg() throws {
        let engine = try Self.town.with(
            "fare_leg_rules", "to_timeframe_group_id,fare_product_id,rule_priority",
            "peak,peak,1", ",base,0"
        ).engine()
        func fare(_ minutes: Double?) throws -> String {
            try engine.charges([ride("2026-03-02", "06:50:00", minutes: minutes)])[0]
        }
        #expect(try fare(9) == "12.00")
        #expect(try fare(10) == "20.00")
        #expect(throws: FareRefusal.arrivalTimeNotGiven) { try fare(nil) }
    }

    @Test(
        "Without priorities every rule that holds is a way to pay, and reasons name its timeframe")
    func withoutPriority() throws {
        let engine = try Self.town.with(
            "fare_leg_rules", "from_timeframe_group_id,fare_product_id", "peak,peak", ",night"
        ).engine()
        let peak = try engine.priced([ride("2026-03-02", "08:00:00")])[0]
        #expect(peak.charge.decimal == "20.00")
        #expect(
            peak.rules[0].details.contains(
                .init(name: "from_timeframe_group_id", value: .text("peak"))))
        #expect(try engine.charges([ride("2026-03-02", "12:00:00")]) == ["30.00"])
    }

    @Test("The order of rows changes nothing", arguments: UInt64(1)...8)
    func rowOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let shuffled = try Self.town.shuffled(using: &random).engine()
        for time in ["07:00:00", "09:00:00", "18:00:00", "23:30:00", "03:00:00"] {
            let ride = try ride("2026-03-02", time)
            #expect(try shuffled.priced([ride]) == Self.town.engine().priced([ride]))
        }
    }

    @Test(
        "A timeframe that means nothing is refused by line and field",
        arguments: [
            ("peak,25:00:00,26:00:00,work", "end_time: \"26:00:00\" is not 24:00:00 or earlier"),
            (
                "peak,22:00:00,05:00:00,work",
                "end_time: \"05:00:00\" is not a time after start_time; a span past midnight takes "
                    + "two records"
            ),
            ("peak,07:00:00,,work", "end_time: a value is required"),
            ("peak,,09:00:00,work", "start_time: a value is required"),
            ("peak,7,9,work", "start_time: \"7\" is not a time as HH:MM:SS"),
            (
                "peak,,,holidays",
                "service_id: \"holidays\" is not in calendar.txt or calendar_dates.txt"
            ),
        ])
    func refusals(row: String, message: String) throws {
        let feed = Self.town.with(
            "timeframes", "timeframe_group_id,start_time,end_time,service_id", "any,,,all",
            "night,,,all", row)
        let error = #expect(throws: FeedError.self) { try feed.tables() }
        #expect(error?.description == "timeframes.txt:4: \(message)")
    }

    @Test("Spans of one group and service must not overlap")
    func overlap() throws {
        let feed = Self.town.with(
            "timeframes", "timeframe_group_id,start_time,end_time,service_id",
            "peak,08:00:00,10:00:00,work", "any,,,all", "night,,,all",
            "peak,07:00:00,08:00:01,work")
        let error = #expect(throws: FeedError.self) { try feed.tables() }
        #expect(error?.description.contains("overlaps that of line") == true)
        #expect(error?.field == "start_time")
    }

    @Test("A zone that nobody knows refuses the tariff, where times matter")
    func unknownZone() throws {
        let feed = Self.town.with(
            "agency", "agency_id,agency_name,agency_url,agency_timezone",
            "town,Town,https://town.example,Middle/Earth")
        let error = #expect(throws: TariffError.self) { try feed.tariff() }
        #expect(error?.description.hasPrefix("agency.txt: agency_timezone: ") == true)
    }
}

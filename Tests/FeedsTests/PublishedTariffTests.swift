import Fares
import Feeds
import LocalStack
import Testing
import TransitModel

/// Tariffs of real cities, written in the language; figures and sources stand in each folder's
/// README.
@Suite("Published tariffs of three cities")
struct PublishedTariffTests {
    private struct City {
        let engine: FareEngine
        let offset: String

        init(_ folder: String, offset: String) throws {
            let files = try FeedFiles(path: Checkout.path("simulations/tariffs/\(folder)"))
            engine = FareEngine(try LoadedFeed(files, tariff: TariffID(folder)).tariff)
            self.offset = offset
        }

        func ride(
            _ route: RouteID, _ from: StopID, _ to: StopID, _ start: String, _ end: String,
            on date: String = "2025-11-03", metres: Int? = nil
        ) throws -> FareLeg {
            func instant(_ time: String) throws -> Timestamp {
                try #require(Timestamp(rfc3339: "\(date)T\(time):00\(offset)"))
            }
            return FareLeg(
                boarding: nil, route: route, fromStop: from, toStop: to,
                departedAt: try instant(start), arrivedAt: try instant(end),
                distanceMetres: metres)
        }

        func charges(
            _ legs: [FareLeg], _ rider: FareRider = FareRider()
        ) throws -> [String] {
            let history = legs.map { RiderLeg($0, by: rider) }
            let priced =
                switch engine.tariff.pricing {
                case .inOrder: try engine.price(history)
                case .lowest: try engine.quote(history)
                }
            return priced.legs.map(\.charge.decimal)
        }
    }

    @Test(
        "Each is sound",
        arguments: ["lviv-2025", "helsinki-2025", "sydney-2019"])
    func sound(folder: String) throws {
        let files = try FeedFiles(path: Checkout.path("simulations/tariffs/\(folder)"))
        #expect(try TariffInspection(files).findings.map(\.description) == [])
    }

    // MARK: - Lviv

    @Test(
        "Lviv: one price for each way to pay",
        arguments: [
            ("leocard", [] as [RiderCategoryID], "17.00"), ("leocard", ["student"], "8.50"),
            ("bank_card", [], "20.00"), ("bank_card", ["student"], "20.00"), ("cash", [], "25.00"),
        ])
    func lvivMedia(medium: FareMediaID, categories: [RiderCategoryID], price: String) throws {
        let lviv = try City("lviv-2025", offset: "+02:00")
        let rider = FareRider(categories: categories, media: .only([medium]))
        #expect(
            try lviv.charges([lviv.ride("tram-1", "vokzal", "rynok", "08:00", "08:20")], rider)
                == [price])
    }

    @Test("Lviv: forty minutes to change, for the city's card alone")
    func lvivTransfers() throws {
        let lviv = try City("lviv-2025", offset: "+02:00")
        let legs = [
            try lviv.ride("tram-1", "vokzal", "rynok", "08:00", "08:20"),
            try lviv.ride("bus-3a", "rynok", "sykhiv", "08:25", "08:39"),
            try lviv.ride("trolleybus-24", "sykhiv", "rynok", "08:40", "08:55"),
            try lviv.ride("tram-1", "rynok", "vokzal", "08:41", "09:00"),
        ]
        #expect(
            try lviv.charges(legs, FareRider(media: .only(["leocard"])))
                == ["17.00", "0.00", "0.00", "17.00"])
        #expect(
            try lviv.charges(legs, FareRider(media: .only(["bank_card"])))
                == ["20.00", "20.00", "20.00", "20.00"])
    }

    @Test("Lviv: a pass holds for thirty days from its first ride")
    func lvivPass() throws {
        let lviv = try City("lviv-2025", offset: "+02:00")
        let rider = FareRider(media: .only(["leocard"]), held: [HeldFareProduct("pass_30")])
        let legs = try ["2025-11-03", "2025-11-20", "2025-12-03", "2025-12-04"].map { date in
            try lviv.ride("tram-1", "vokzal", "rynok", "08:00", "08:20", on: date)
        }
        #expect(try lviv.charges(legs, rider) == ["0.00", "0.00", "0.00", "17.00"])
    }

    @Test("Lviv: four people on one card pay for four")
    func lvivGroup() throws {
        let lviv = try City("lviv-2025", offset: "+02:00")
        let rider = FareRider(media: .only(["leocard"]), riders: 4)
        #expect(
            try lviv.charges([lviv.ride("tram-1", "vokzal", "rynok", "08:00", "08:20")], rider)
                == ["68.00"])
    }

    // MARK: - Helsinki

    @Test(
        "Helsinki: the smallest ticket for the zones of a ride",
        arguments: [
            ("metro", "rautatientori", "itakeskus", "3.40", "AB"),
            ("bus-562", "itakeskus", "tikkurila", "3.40", "BC"),
            ("train-u", "rautatientori", "tikkurila", "4.70", "ABC"),
            ("train-u", "tikkurila", "kirkkonummi", "3.40", "CD"),
            ("train-u", "kirkkonummi", "kirkkonummi", "3.40", "CD"),
            ("train-u", "rautatientori", "kirkkonummi", "5.10", "ABCD"),
        ] as [(RouteID, StopID, StopID, String, FareProductID)])
    func helsinkiZones(
        route: RouteID, from: StopID, to: StopID, price: String, ticket: FareProductID
    ) throws {
        let helsinki = try City("helsinki-2025", offset: "+02:00")
        let priced = try helsinki.engine.quote([
            RiderLeg(
                try helsinki.ride(route, from, to, "08:00", "08:30"), by: FareRider())
        ])
        #expect(priced.total.decimal == price && priced.legs[0].fareProduct == ticket)
    }

    @Test("Helsinki: a ticket covers its zones for its time, whoever operates the ride")
    func helsinkiRun() throws {
        let helsinki = try City("helsinki-2025", offset: "+02:00")
        let home = [
            try helsinki.ride("tram-4", "rautatientori", "rautatientori", "16:00", "16:10"),
            try helsinki.ride("metro", "rautatientori", "itakeskus", "16:20", "16:40"),
            try helsinki.ride("metro", "itakeskus", "rautatientori", "17:20", "17:40"),
            try helsinki.ride("metro", "rautatientori", "itakeskus", "17:51", "18:11"),
        ]
        #expect(try helsinki.charges(home) == ["3.40", "0.00", "0.00", "3.40"])
        // One minute less, and the largest ticket's 110 minutes cost less than two tickets.
        let shorter = try helsinki.ride("metro", "rautatientori", "itakeskus", "17:50", "18:10")
        #expect(
            try helsinki.charges(home.dropLast() + [shorter]) == ["5.10", "0.00", "0.00", "0.00"])
        // A larger ticket at once is cheaper than two.
        let out = [
            try helsinki.ride("metro", "rautatientori", "itakeskus", "16:00", "16:20"),
            try helsinki.ride("bus-562", "itakeskus", "tikkurila", "16:30", "17:00"),
        ]
        #expect(try helsinki.charges(out) == ["4.70", "0.00"])
    }

    // MARK: - Sydney

    @Test(
        "Sydney: bands by mode, trains cheaper outside the peaks",
        arguments: [
            ("train-t1", "08:00", 10_000, "3.61"), ("train-t1", "08:00", 10_001, "4.48"),
            ("train-t1", "10:00", 10_000, "2.52"), ("train-t1", "14:59", 35_000, "3.60"),
            ("train-t1", "15:00", 66_000, "8.86"), ("train-t1", "19:00", 66_000, "6.20"),
        ] as [(RouteID, String, Int, String)])
    func sydneyTrains(route: RouteID, start: String, metres: Int, price: String) throws {
        let sydney = try City("sydney-2019", offset: "+10:00")
        let end = start == "08:00" ? "08:50" : "\(start.prefix(2)):59"
        #expect(
            try sydney.charges([
                sydney.ride(
                    route, "central", "parramatta", start, end, on: "2019-07-01", metres: metres)
            ]) == [price])
    }

    @Test("Sydney: a change of mode takes two dollars off; the first tap settles the time")
    func sydneyChange() throws {
        let sydney = try City("sydney-2019", offset: "+10:00")
        func legs(_ start: String, _ change: String) throws -> [FareLeg] {
            [
                try sydney.ride(
                    "train-t1", "parramatta", "central", start, change, on: "2019-07-01",
                    metres: 23_000),
                try sydney.ride(
                    "bus-333", "central", "bondi", change, "10:40", on: "2019-07-01"),
            ]
        }
        // Central and Bondi Beach are 6.3 km apart.
        #expect(try sydney.charges(legs("09:30", "10:05")) == ["5.15", "1.73"])
        #expect(try sydney.charges(legs("06:29", "07:05")) == ["3.60", "1.73"])
        // Over an hour after the last tap-off, or on the next day, it is a journey of its own.
        let later = try legs("09:00", "09:30").map { leg in
            leg.route == "train-t1"
                ? leg
                : try sydney.ride(
                    "bus-333", "central", "bondi", "10:31", "10:50", on: "2019-07-01")
        }
        #expect(try sydney.charges(later) == ["5.15", "3.73"])
    }

    @Test("Sydney: a day, a Sunday and a week cost at most so much, and the ninth journey half")
    func sydneyCaps() throws {
        let sydney = try City("sydney-2019", offset: "+10:00")
        func day(_ date: String, rides: Int) throws -> [FareLeg] {
            try (0..<rides).map { index in
                try sydney.ride(
                    "train-t1", "parramatta", "chatswood",
                    "\(index * 2 + 6 < 10 ? "0" : "")"
                        + "\(index * 2 + 6):45",
                    "\(index * 2 + 6 < 10 ? "0" : "")"
                        + "\(index * 2 + 6):59", on: date, metres: 66_000)
            }
        }
        // 6:45, 8:45, 10:45: two peaks, and what is missing of the day's 16.10.
        #expect(try sydney.charges(day("2019-07-01", rides: 3)) == ["8.86", "7.24", "0.00"])
        #expect(try sydney.charges(day("2019-07-07", rides: 2)) == ["2.80", "0.00"])
        let week = try (1...5).flatMap { try day("2019-07-0\($0)", rides: 2) }
        #expect(
            try sydney.charges(week) == [
                "8.86", "7.24", "8.86", "7.24", "8.86", "7.24", "1.70", "0.00", "0.00", "0.00",
            ])
        let short = try (1...5).flatMap { day in
            try [6, 16].map { hour in
                try sydney.ride(
                    "bus-333", "central", "bondi", "\(hour < 10 ? "0" : "")\(hour):00",
                    "\(hour < 10 ? "0" : "")\(hour):30", on: "2019-07-0\(day)")
            }
        }
        #expect(
            try sydney.charges(short)
                == Array(repeating: "3.73", count: 8) + ["1.86", "1.86"])
    }
}

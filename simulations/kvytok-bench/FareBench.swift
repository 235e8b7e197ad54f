import ArgumentParser
import Fares
import Foundation
import Timetable
import TransitModel

/// How fast tariffs are compiled and legs priced, from memory, on one core.
struct FareBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fares",
        abstract: "Legs priced a second, and how long a large tariff takes to compile.",
        discussion: """
            Legs are priced one after the other as rating prices them, each from the state that \
            the one before left, with its reasons. The tariff has zones, categories, transfers, \
            and caps of days and weeks. The large tariff has a price for each pair of zones; its time begins with \
            the files' bytes.
            """)

    @Option(help: "How many riders there are.")
    var riders = 20_000

    @Option(help: "How many legs each of them rides.")
    var legs = 50

    @Option(help: "How many zones the large tariff has; its rules are their square.")
    var zones = 317

    func run() async throws {
        try price()
        try compile()
    }

    private func price() throws {
        let city = FareCity(zones: 12)
        let engine = FareEngine(try city.tariff())
        progress("pricing \(riders * legs) legs")
        var charged: Int64 = 0
        let clock = ContinuousClock()
        var spent = Duration.zero
        var residents: [Double] = []
        for rider in 0..<riders {
            // Making up a ride is not pricing it.
            let history = city.history(of: rider, legs: legs)
            spent += try clock.measure {
                var state = FareState()
                for leg in history {
                    let (priced, next) = try engine.next(leg, after: state)
                    charged += priced.charge.minorUnits
                    state = next
                }
            }
            if rider == riders / 10 || rider == riders - 1 {
                residents.append(residentMegabytes(of: getpid()) ?? .nan)
            }
        }
        try report(
            "fare_pricing",
            [
                "legs": Double(riders * legs),
                "legs_per_second": Double(riders * legs) / (spent / .seconds(1)),
                "limit_legs_per_second": 400_000,
                "mean_charge": Double(charged) / 100 / Double(riders * legs),
                "resident_megabytes_after_a_tenth": residents[0],
                "resident_megabytes": residents[residents.count - 1],
            ])
    }

    private func compile() throws {
        progress("compiling a tariff of \(zones * zones) rules")
        let city = FareCity(zones: zones)
        let files = city.files
        var rules = 0
        let clock = ContinuousClock()
        let spent = try clock.measure {
            let tables = try GTFSTables(files: files)
            rules = tables.fareLegRules.count
            _ = try city.compile(tables, files)
        }
        try report(
            "tariff_compile",
            ["rules": Double(rules), "seconds": spent / .seconds(1), "limit_seconds": 1])
    }
}

/// A city of zones in a ring, with a price for each pair of them.
private struct FareCity {
    private static let start = Timestamp(secondsSince1970: 1_772_430_000)
    private static let categories: [RiderCategoryID] = ["adult", "pupil", "pensioner"]

    let zones: Int

    var files: [String: [UInt8]] {
        var stops = "stop_id,stop_name,stop_lat,stop_lon\n"
        var areas = "area_id\n"
        var stopAreas = "area_id,stop_id\n"
        var rules = "leg_group_id,from_area_id,to_area_id,fare_product_id\n"
        var products = "fare_product_id,rider_category_id,amount,currency\n"
        for zone in 0..<zones {
            areas += "z\(zone)\n"
            for number in 0..<4 {
                stops += "s\(zone)-\(number),S,50,30\n"
                stopAreas += "z\(zone),s\(zone)-\(number)\n"
            }
            for other in 0..<zones {
                rules += "city,z\(zone),z\(other),p\(distance(zone, other))\n"
            }
        }
        for distance in 0...(zones / 2) {
            for (category, percent) in zip(Self.categories, [100, 50, 25]) {
                let amount = (1_200 + distance * 40) * percent / 100
                products += "p\(distance),\(category),\(amount / 100)."
                products += "\(amount % 100 < 10 ? "0" : "")\(amount % 100),UAH\n"
            }
        }
        let tables = [
            "agency": "agency_name,agency_url,agency_timezone\nA,https://a.example,Europe/Kyiv\n",
            "stops": stops, "areas": areas, "stop_areas": stopAreas, "fare_leg_rules": rules,
            "fare_products": products,
            "routes": "route_id,route_short_name,route_type\nbus,1,3\n",
            "rider_categories": "rider_category_id,rider_category_name,is_default_fare_category\n"
                + "adult,Adult,1\npupil,Pupil,0\npensioner,Pensioner,0\n",
            "fare_transfer_rules":
                "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,"
                + "duration_limit_type,fare_transfer_type\ncity,city,-1,3600,1,0\n",
            "fare_caps": "cap_id,rider_category_id,window,amount,currency\n"
                + "day,adult,day,40.00,UAH\nday,pupil,day,20.00,UAH\nday,pensioner,day,10.00,UAH\n"
                + "week,adult,week,180.00,UAH\nweek,pupil,week,90.00,UAH\n"
                + "week,pensioner,week,45.00,UAH\n",
        ]
        var files: [String: [UInt8]] = [:]
        for (name, text) in tables { files[name + ".txt"] = Array(text.utf8) }
        return files
    }

    func tariff() throws -> Tariff {
        let files = files
        return try compile(GTFSTables(files: files), files)
    }

    func compile(_ tables: GTFSTables, _ files: [String: [UInt8]]) throws -> Tariff {
        try Tariff.compile(
            tables, with: TariffExtension(files: files, over: tables), id: "bench", version: "1"
        ) { _ in Self.kyiv }
    }

    /// With the changes of clocks of 2026.
    private static let kyiv = ZoneOffsets(
        name: "Europe/Kyiv", initialOffsetSeconds: 7_200,
        transitions: [
            .init(at: Timestamp(secondsSince1970: 1_774_746_000), offsetSeconds: 10_800),
            .init(at: Timestamp(secondsSince1970: 1_792_890_000), offsetSeconds: 7_200),
        ])

    /// Rides some minutes or hours apart.
    func history(of rider: Int, legs: Int) -> [RiderLeg] {
        var random = SeededGenerator(seed: UInt64(rider))
        let who = FareRider(
            categories: [Self.categories[rider % Self.categories.count]], media: .only([]))
        var instant = Self.start
        var zone = Int.random(in: 0..<zones, using: &random)
        return (0..<legs).map { _ in
            instant = instant.advanced(by: .seconds(Int.random(in: 300...14_400, using: &random)))
            let from = StopID("s\(zone)-\(Int.random(in: 0..<4, using: &random))")
            zone = Int.random(in: 0..<zones, using: &random)
            return RiderLeg(
                FareLeg(
                    boarding: nil, route: "bus", fromStop: from,
                    toStop: StopID("s\(zone)-\(Int.random(in: 0..<4, using: &random))"),
                    departedAt: instant, arrivedAt: instant.advanced(by: .seconds(240))),
                by: who)
        }
    }

    private func distance(_ zone: Int, _ other: Int) -> Int {
        let around = abs(zone - other)
        return min(around, zones - around)
    }
}

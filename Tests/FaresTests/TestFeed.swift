import Fares
import Timetable
import TransitModel

/// Kyiv with both changes of 2026, and a place two hours west of it.
private let zonesOfTests = [
    "Europe/Kyiv": ZoneOffsets(
        name: "Europe/Kyiv", initialOffsetSeconds: 7_200,
        transitions: [
            .init(at: Timestamp(secondsSince1970: 1_774_746_000), offsetSeconds: 10_800),
            .init(at: Timestamp(secondsSince1970: 1_792_890_000), offsetSeconds: 7_200),
        ]),
    "Atlantic/Azores": ZoneOffsets(name: "Atlantic/Azores", initialOffsetSeconds: 0),
]

/// A small feed written as tables, so that a test shows the rules that it is about.
struct TestFeed {
    private var files: [String: [String]] = [
        "agency.txt": [
            "agency_id,agency_name,agency_url,agency_timezone",
            "town,Town,https://town.example,Europe/Kyiv",
        ],
        "stops.txt": [
            "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station",
            "A,A,50,30,,", "B,B,50,30,,", "C,C,50,30,,", "D,D,50,30,,",
            "station,Station,50,30,1,", "platform-1,Platform 1,50,30,0,station",
            "platform-2,Platform 2,50,30,0,station",
        ],
        "routes.txt": [
            "route_id,route_short_name,route_type", "bus,1,3", "tram,2,0", "train,3,2",
        ],
    ]

    /// Replaces a table; the first row is its header.
    func with(_ file: String, _ rows: String...) -> TestFeed {
        with(file, rows: rows)
    }

    func with(_ file: String, rows: [String]) -> TestFeed {
        var copy = self
        copy.files[file + ".txt"] = rows
        return copy
    }

    /// The same tables with their records in another order.
    func shuffled(using random: inout some RandomNumberGenerator) -> TestFeed {
        var copy = self
        for (file, rows) in files.sorted(by: { $0.key < $1.key }) {
            copy.files[file] = [rows[0]] + rows.dropFirst().shuffled(using: &random)
        }
        return copy
    }

    private var contents: [String: [UInt8]] {
        files.mapValues { Array($0.joined(separator: "\r\n").utf8) }
    }

    func tables() throws -> GTFSTables { try GTFSTables(files: contents) }

    func findings(served: [TariffCheck.ServedPattern]) throws -> [TariffFinding] {
        let tables = try tables()
        let source = try TariffExtension(files: contents, over: tables)
        let zone = zonesOfTests["Europe/Kyiv"] ?? .utc
        return try TariffCheck(tables, source, tariff(), served: served, zone: zone).findings
    }

    func tariff() throws -> Tariff {
        let tables = try tables()
        let source = try TariffExtension(files: contents, over: tables)
        return try Tariff.compile(tables, with: source, id: "town", version: "1") {
            zonesOfTests[$0]
        }
    }

    func engine() throws -> FareEngine { FareEngine(try tariff()) }
}

extension TestFeed {
    /// 15.00 for any ride; further rides begun within 60 minutes of the first are free.
    static let flatFare = TestFeed()
        .with("fare_products", "fare_product_id,amount,currency", "single,15.00,UAH")
        .with("fare_leg_rules", "leg_group_id,fare_product_id", "city,single")
        .with(
            "fare_transfer_rules",
            "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,"
                + "fare_transfer_type",
            "city,city,-1,3600,1,0")
}

/// A leg `minutes` after Monday 2 March 2026, 07:40 in Kyiv, between two stops.
func leg(
    _ route: RouteID = "bus", at minutes: Double = 0, arriving arrival: Double? = nil,
    from: StopID? = "A", to: StopID? = nil, network: NetworkID? = nil, agency: AgencyID? = nil,
    metres: Int? = nil
) -> FareLeg {
    func instant(_ minutes: Double) -> Timestamp {
        Timestamp(millisecondsSince1970: 1_772_430_000_000 + Int64(minutes * 60_000))
    }
    return FareLeg(
        boarding: nil, route: route, network: network, agency: agency, fromStop: from, toStop: to,
        departedAt: instant(minutes), arrivedAt: arrival.map(instant), distanceMetres: metres)
}

extension FareEngine {
    /// The charges of a run of legs as decimals, priced in order.
    func charges(
        _ legs: [FareLeg], _ rider: FareRider = FareRider()
    ) throws(FareRefusal) -> [String] {
        try price(legs.map { RiderLeg($0, by: rider) }).legs.map(\.charge.decimal)
    }

    /// The lowest total as a decimal.
    func lowestTotal(
        _ legs: [FareLeg], _ rider: FareRider = FareRider()
    ) throws(FareRefusal) -> String {
        try quote(legs.map { RiderLeg($0, by: rider) }).total.decimal
    }

    func priced(
        _ legs: [FareLeg], _ rider: FareRider = FareRider()
    ) throws(FareRefusal) -> [PricedLeg] {
        try price(legs.map { RiderLeg($0, by: rider) }).legs
    }
}

extension TestFeed {
    /// What is wrong with the tables; `nil` where they make a tariff.
    var complaint: String? {
        do {
            _ = try tariff()
            return nil
        } catch {
            return "\(error)"
        }
    }
}

extension TestFeed {
    /// A city at 15.00 (pupils 7.00) and a fast line at 40.00, each a network and a set of legs.
    static let cityAndFast = TestFeed()
        .with(
            "rider_categories", "rider_category_id,rider_category_name,is_default_fare_category",
            "adult,Adult,1", "pupil,Pupil,"
        )
        .with(
            "fare_products", "fare_product_id,rider_category_id,amount,currency",
            "single,adult,15.00,UAH", "single,pupil,7.00,UAH", "express,,40.00,UAH",
            "farthest,adult,60.00,UAH", "farthest,pupil,30.00,UAH"
        )
        .with("networks", "network_id", "city", "fast")
        .with("route_networks", "network_id,route_id", "city,bus", "city,tram", "fast,train")
        .with("fare_leg_rules", "network_id,fare_product_id", "city,single", "fast,express")
        .with("leg_sets", "leg_set_id,network_id", "city,city", "fast,fast")
}

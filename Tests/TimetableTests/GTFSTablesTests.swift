import Testing
import Timetable
import TransitModel

/// A sound feed; tests replace one file at a time.
private let sound: [String: String] = [
    "agency.txt": "agency_id,agency_name,agency_timezone\nt,Town,Europe/Kyiv\n",
    "stops.txt": """
    stop_id,stop_name,location_type,parent_station
    A,A,,
    S,S,1,
    P,P,0,S
    """,
    "routes.txt": "route_id,agency_id,route_type\nbus,t,3\ntram,t,0\n",
    "networks.txt": "network_id,network_name\nn,N\n",
    "route_networks.txt": "network_id,route_id\nn,bus\n",
    "areas.txt": "area_id\nz\n",
    "stop_areas.txt": "area_id,stop_id\nz,A\n",
    "rider_categories.txt":
        "rider_category_id,rider_category_name,is_default_fare_category\nadult,Adult,1\n",
    "fare_media.txt": "fare_media_id,fare_media_type\ncard,2\n",
    "fare_products.txt": """
    fare_product_id,rider_category_id,fare_media_id,amount,currency
    single,adult,card,15.00,UAH
    """,
    "fare_leg_rules.txt":
        "leg_group_id,network_id,from_area_id,fare_product_id\ncity,n,z,single\n",
    "fare_transfer_rules.txt": """
    from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,\
    fare_transfer_type,fare_product_id
    city,city,-1,3600,1,0,
    """,
]

/// Loads the sound feed with some files replaced, or removed where the text is `nil`.
private func load(_ changes: [String: String?] = [:]) throws(FeedError) -> GTFSTables {
    var files = sound
    for (file, text) in changes { files[file] = text }
    return try GTFSTables(files: files.mapValues { Array($0.utf8) })
}

@Suite("A feed's tables")
struct GTFSTablesTests {
    @Test("A sound feed loads with typed values")
    func soundFeed() throws {
        let tables = try load()
        #expect(tables.agencies.map(\.timeZone) == ["Europe/Kyiv"])
        #expect(tables.stops.map(\.locationType) == [.stop, .station, .stop])
        #expect(tables.stops[2].parentStation == "S")
        #expect(tables.networkOfRoute == ["bus": "n"])
        #expect(tables.fareProducts.map(\.amount.minorUnits) == [1_500])
        #expect(tables.fareMedia.map(\.type) == [.transitCard])
        #expect(tables.riderCategories.map(\.isDefault) == [true])
        #expect(!tables.fareLegRulesHavePriority)
        let transfer = try #require(tables.fareTransferRules.first)
        #expect(transfer.durationLimit == .seconds(3_600))
        #expect(transfer.transferCount == nil)
        #expect(transfer.durationLimitType == .departureToDeparture)
    }

    @Test("Amounts have their currency's decimal places")
    func currencies() throws {
        func amount(_ text: String) throws -> Int64? {
            try load([
                "fare_products.txt": "fare_product_id,amount,currency\nsingle,\(text)\n",
                "fare_leg_rules.txt": "fare_product_id\nsingle\n",
                "fare_transfer_rules.txt": nil,
            ]).fareProducts.first?.amount.minorUnits
        }
        #expect(try amount("150,JPY") == 150)
        #expect(try amount("1.250,KWD") == 1_250)
        #expect(try amount("-0.50,EUR") == -50)
        for bad in ["1.5,JPY", "1.005,EUR", "1e3,EUR", "99999999999999999999,EUR", "1.00,eur"] {
            #expect(throws: FeedError.self, "\(bad)") { try amount(bad) }
        }
    }

    @Test("Networks may come from routes.txt instead")
    func networksFromRoutes() throws {
        let tables = try load([
            "routes.txt": "route_id,route_type,network_id\nbus,3,n\ntram,0,\n",
            "networks.txt": nil, "route_networks.txt": nil,
        ])
        #expect(tables.networks.map(\.id) == ["n"])
        #expect(tables.networkOfRoute == ["bus": "n"])
    }

    @Test("Optional files may be missing, required ones not")
    func missing() throws {
        var files: [String: [UInt8]] = [:]
        for file in ["agency.txt", "stops.txt", "routes.txt"] {
            files[file] = Array((sound[file] ?? "").utf8)
        }
        #expect(try GTFSTables(files: files).fareLegRules.isEmpty)
        let error = #expect(throws: FeedError.self) { try load(["stops.txt": nil]) }
        #expect(error?.description == "stops.txt: the feed lacks this file")
    }

    @Test(
        "Each offence is refused with file, line and field",
        arguments: [
            (
                "routes.txt", "route_id,route_type\nbus,3\nbus,3",
                "routes.txt:3: \"bus\" appears more than once"
            ),
            (
                "routes.txt", "route_id\nbus",
                "routes.txt:1: route_type: the header lacks this field"
            ),
            (
                "routes.txt", "route_id,route_type\nbus,",
                "routes.txt:2: route_type: a value is required"
            ),
            (
                "routes.txt", "route_id,agency_id,route_type\nbus,x,3\ntram,t,0",
                "routes.txt:2: agency_id: \"x\" is not in agency.agency_id"
            ),
            (
                "routes.txt", "route_id,route_type,network_id\nbus,3,n\ntram,0,",
                "routes.txt:2: network_id: networks.txt or route_networks.txt exists too"
            ),
            (
                "stops.txt", "stop_id,location_type,parent_station\nA,0,P\nP,0,",
                "stops.txt:2: parent_station: \"P\" is not a possible parent of this stop"
            ),
            (
                "stops.txt", "stop_id,location_type\nA,9",
                "stops.txt:2: location_type: \"9\" is not one of 0, 1, 2, 3, 4"
            ),
            (
                "stop_areas.txt", "area_id,stop_id\nz,Q",
                "stop_areas.txt:2: stop_id: \"Q\" is not in stops.stop_id"
            ),
            (
                "fare_products.txt",
                "fare_product_id,fare_media_id,amount,currency\nsingle,ring,1.00,UAH",
                "fare_products.txt:2: fare_media_id: \"ring\" is not in fare_media.fare_media_id"
            ),
            (
                "fare_products.txt", "fare_product_id,amount,currency\nsingle,\"15,00\",UAH",
                "fare_products.txt:2: amount: \"15,00\" is not an amount in UAH"
            ),
            (
                "fare_leg_rules.txt", "leg_group_id,network_id,fare_product_id\ncity,m,single",
                "fare_leg_rules.txt:2: network_id: \"m\" is not in any network_id"
            ),
            (
                "fare_leg_rules.txt", "fare_product_id,rule_priority\nsingle,-1",
                "fare_leg_rules.txt:2: rule_priority: \"-1\" is not a whole number from 0"
            ),
            (
                "fare_leg_rules.txt", "fare_product_id\npass",
                "fare_leg_rules.txt:2: fare_product_id: "
                    + "\"pass\" is not in fare_products.fare_product_id"
            ),
            ("agency.txt", "agency_name,agency_timezone", "agency.txt: there is no record"),
        ])
    func offences(file: String, text: String, message: String) {
        let error = #expect(throws: FeedError.self) { try load([file: text]) }
        #expect(error?.description == message)
    }

    @Test(
        "Conditions between the fields of a transfer rule",
        arguments: [
            ("city,city,,,,0,", "transfer_count: a value is required"),
            ("city,city,0,,,0,", "transfer_count: \"0\" is not -1 or a whole number from 1"),
            ("city,,1,,,0,", "transfer_count: not allowed between two different leg groups"),
            ("city,city,1,60,,0,", "duration_limit_type: a value is required"),
            ("city,city,1,,1,0,", "duration_limit_type: not allowed without duration_limit"),
            ("city,city,1,0,1,0,", "duration_limit: \"0\" is not a whole number of seconds from 1"),
            ("city,city,1,60,4,0,", "duration_limit_type: \"4\" is not one of 0, 1, 2, 3"),
            ("city,city,1,,,3,", "fare_transfer_type: \"3\" is not one of 0, 1, 2"),
            ("city,town,,,,0,", "to_leg_group_id: \"town\" is not in fare_leg_rules.leg_group_id"),
        ])
    func transferRules(row: String, message: String) throws {
        let text = try #require(sound["fare_transfer_rules.txt"])
        let header = try #require(text.split(separator: "\n").first)
        let error = #expect(throws: FeedError.self) {
            try load(["fare_transfer_rules.txt": "\(header)\n\(row)\n"])
        }
        #expect(error?.description == "fare_transfer_rules.txt:2: \(message)")
    }
}

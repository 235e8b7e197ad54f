import Feeds
import Foundation
import TariffDesk
import TransitModel
import Wording

/// A small feed written as tables, so that a test shows the rules that it is about.
struct TestTariff {
    private var files: [String: [String]] = [
        "agency.txt": [
            "agency_id,agency_name,agency_url,agency_timezone",
            "town,Town,https://town.example,Europe/Kyiv",
            "rail,Rail,https://rail.example,Europe/Kyiv",
        ],
        "stops.txt": [
            "stop_id,stop_name,stop_lat,stop_lon", "A,Market,50,30", "B,Park,50,30",
        ],
        "routes.txt": [
            "route_id,agency_id,route_short_name,route_type", "r1,town,1,3", "r2,town,2,3",
            "r3,town,3,3", "train,rail,S1,2",
        ],
        "networks.txt": ["network_id,network_name", "city,City", "region,Region"],
        "route_networks.txt": [
            "network_id,route_id", "city,r1", "city,r2", "city,r3", "region,train",
        ],
        "rider_categories.txt": [
            "rider_category_id,rider_category_name,is_default_fare_category", "adult,Adult,1",
            "pupil,Pupil,0", "student,Student,0",
        ],
        "fare_media.txt": [
            "fare_media_id,fare_media_name,fare_media_type", "card,city card,2",
            "bank,bank card,3",
        ],
        "fare_products.txt": [
            "fare_product_id,fare_product_name,rider_category_id,fare_media_id,amount,currency",
            "single,Single,adult,card,15.00,UAH", "single,Single,adult,bank,15.00,UAH",
            "single,Single,pupil,card,7.50,UAH", "single,Single,student,card,7.50,UAH",
        ],
        "fare_leg_rules.txt": [
            "leg_group_id,network_id,fare_product_id", "ride,city,single",
        ],
        "leg_sets.txt": ["leg_set_id,leg_set_name,route_type", "buses,City buses,3"],
        "translations.txt": [
            "table_name,field_name,language,translation,record_id,record_sub_id,field_value",
            "fare_products,fare_product_name,uk,Разовий квиток,single,,",
            "rider_categories,rider_category_name,uk,Дорослий,adult,,",
            "networks,network_name,uk,Місто,city,,",
            "leg_sets,leg_set_name,uk,Міські автобуси,buses,,",
        ],
    ]

    /// Replaces a table; the first row is its header.
    func with(_ file: String, _ rows: String...) -> TestTariff { with(file, rows: rows) }

    func with(_ file: String, rows: [String]) -> TestTariff {
        var copy = self
        copy.files[file + ".txt"] = rows
        return copy
    }

    /// Adds records to a table that is there.
    func adding(_ file: String, _ rows: String...) -> TestTariff {
        var copy = self
        copy.files[file + ".txt", default: []] += rows
        return copy
    }

    /// The same tables with their records in another order.
    func shuffled(using random: inout some RandomNumberGenerator) -> TestTariff {
        var copy = self
        for (file, rows) in files.sorted(by: { $0.key < $1.key }) {
            copy.files[file] = [rows[0]] + rows.dropFirst().shuffled(using: &random)
        }
        return copy
    }

    func voice(_ language: Language = .english) throws -> TariffVoice {
        let contents = files.mapValues { Array($0.joined(separator: "\r\n").utf8) }
        let feed = FeedFiles(name: "town", contents: contents)
        return try TariffVoice(
            LoadedFeed(feed, tariff: "town"), feed, catalogue: Self.catalogue(), in: language)
    }

    /// The price list with its line breaks taken out, so that a test may look for sentences.
    func list(_ language: Language = .english) throws -> String {
        Self.unbroken(PriceList(try voice(language)).text)
    }

    /// What another tariff changes.
    func changes(to other: TestTariff, _ language: Language = .english) throws -> String {
        Self.unbroken(
            TariffChanges(
                from: try voice(language), to: try other.voice(language), called: ("A", "B")
            ).text)
    }

    private static func unbroken(_ text: String) -> String {
        text.replacingOccurrences(of: "\u{A0}", with: " ")
            .replacing(#/\n +(?![ -])/#, with: " ")
    }

    private static func catalogue() throws -> Catalogue {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let share = ShareDirectory(root.path(percentEncoded: false))
        return try Catalogue(json: Array(Data(contentsOf: URL(filePath: share.catalogue))))
    }
}

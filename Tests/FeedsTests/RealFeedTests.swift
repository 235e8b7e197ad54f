import Fares
import Feeds
import Foundation
import LocalStack
import Testing
import Timetable
import TransitModel

private let sharedFeeds = Checkout.path("../shared/data/gtfs")

@Suite("Feeds as agencies publish them")
struct RealFeedTests {
    private static let isPresent = FileManager.default.fileExists(atPath: sharedFeeds)

    private func tables(_ name: String) throws -> GTFSTables {
        try GTFSTables(files: FeedFiles(path: "\(sharedFeeds)/\(name).zip").contents)
    }

    @Test("A larger feed without fares", .enabled(if: isPresent, "../shared/data/gtfs is absent"))
    func cairns() throws {
        let tables = try tables("cairns_gtfs")
        #expect(tables.stops.count == 416)
        #expect(tables.trips.count == 1_339)
        #expect(throws: TariffError.noFareTables) {
            try Tariff.compile(tables, id: "cairns", version: "1")
        }
    }

    @Test(
        "Areas, and a timeframe of days", .enabled(if: isPresent, "../shared/data/gtfs is absent"),
        arguments: [
            ("GAT", "PNT", "2026-06-01", "20.00"), ("PNT", "GAT", "2026-06-01", "20.00"),
            ("GAT", "COL", "2026-06-07", "5.00"), ("PNT", "PNT", "2026-08-23", "5.00"),
            ("GAT", "PNT", "2026-08-24", nil), ("GAT", "PNT", "2026-01-04", nil),
        ] as [(AreaID, AreaID, String, String?)])
    func transcollines(from: AreaID, to: AreaID, date: String, fare: String?) throws {
        let feed = try LoadedFeed(
            FeedFiles(path: "\(sharedFeeds)/transcollines-qc-ca-fares.zip"), tariff: "outaouais")
        #expect(feed.tables.networkOfRoute.count == feed.tables.routes.count)
        let areas = Dictionary(grouping: feed.tables.stopAreas, by: \.area)
        let noon = feed.zone.instant(ofSecond: 43_200, on: try #require(ServiceDate(date)))
        let leg = FareLeg(
            boarding: nil, route: "910", fromStop: areas[from]?.first?.stop,
            toStop: areas[to]?.first?.stop, departedAt: noon)
        let engine = FareEngine(try feed.tariff)
        guard let fare else {
            #expect(throws: FareRefusal.noMatchingRule) {
                try engine.quote([RiderLeg(leg, by: FareRider())])
            }
            return
        }
        #expect(try engine.quote([RiderLeg(leg, by: FareRider())]).total.decimal == fare)
    }

    @Test("Zones, categories and media", .enabled(if: isPresent, "../shared/data/gtfs is absent"))
    func zakroczym() throws {
        let feed = try LoadedFeed(
            FeedFiles(path: "\(sharedFeeds)/zakroczym_pl_faresv2.zip"), tariff: "zakroczym")
        #expect(try feed.tariff.currency.code == "PLN")
        #expect(feed.zone.name == "Europe/Warsaw")
        let areas = Dictionary(grouping: feed.tables.stopAreas, by: \.area)
        let first = try #require(areas["1"]?.first?.stop)
        let third = try #require(areas["3"]?.first?.stop)
        let leg = FareLeg(
            boarding: nil, route: "Z1", fromStop: first, toStop: third,
            departedAt: Timestamp(secondsSince1970: 1_772_430_000))
        let priced = try FareEngine(feed.tariff).quote([RiderLeg(leg, by: FareRider())])
        #expect(priced.total.decimal == "5.00")
    }
}

@Suite("The demonstration town")
struct DemoTownTests {
    private func feed() throws -> LoadedFeed {
        try LoadedFeed(
            FeedFiles(path: Checkout.path("simulations/feeds/demo-town")), tariff: "demo-town")
    }

    @Test(
        "An hour of rides for each rider",
        arguments: [
            (nil, ["15.00", "0.00", "15.00"]), ("adult", ["15.00", "0.00", "15.00"]),
            ("pupil", ["7.50", "0.00", "7.50"]), ("pensioner", ["0.00", "0.00", "0.00"]),
        ] as [(RiderCategoryID?, [String])])
    func fares(category: RiderCategoryID?, charges: [String]) throws {
        let feed = try feed()
        let rider = FareRider(
            categories: category.map { [$0] } ?? [], media: try feed.tariff.media(for: .eTicketCard)
        )
        let rides: [(RouteID, StopID, Int64)] = [
            ("tram-1", "vokzal", 0), ("bus-3", "ploshcha-bus", 3_600),
            ("trolleybus-2", "teatr", 3_601),
        ]
        let legs = rides.map { route, stop, seconds in
            RiderLeg(
                FareLeg(
                    boarding: nil, route: route, fromStop: stop, toStop: nil,
                    departedAt: Timestamp(secondsSince1970: 1_795_000_000 + seconds)),
                by: rider)
        }
        let engine = FareEngine(try feed.tariff)
        #expect(try engine.price(legs).legs.map(\.charge.decimal) == charges)
        #expect(try feed.tariff.linkingWindow(fallback: .zero) == .seconds(3_600))
    }

    @Test("A bank card pays the full fare and proves no concession")
    func bankCard() throws {
        let feed = try feed()
        #expect(try feed.tariff.media(for: .bankCard) == .only(["bank_card"]))
        #expect(try feed.tariff.version.hasPrefix("2026-1/"))
    }
}

@Suite("Time zones of the system")
struct SystemZoneTests {
    @Test(
        "Kyiv's clocks change at 01:00 UTC",
        arguments: [
            (1_792_889_999 as Int64, 10_800), (1_792_890_000, 7_200), (1_806_195_599, 7_200),
            (1_806_195_600, 10_800),
        ])
    func kyiv(second: Int64, offset: Int) throws {
        let zone = try #require(ZoneOffsets(system: "Europe/Kyiv"))
        #expect(zone.offsetSeconds(at: Timestamp(secondsSince1970: second)) == offset)
    }

    @Test("A zone that nobody knows is none")
    func unknown() {
        #expect(ZoneOffsets(system: "Europe/Atlantis") == nil)
    }
}

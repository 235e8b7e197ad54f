import Feeds
import Foundation
import LocalStack
import PostgresClient
import SignedDocuments
import Store
import Testing
import Timetable
import TransitModel

@testable import BackOfficeApp

@Suite("What validators are told")
struct SchemeDescriptionTests {
    @Test("The demonstration town's fares and keys, and nothing before a tariff is in force")
    func demoTown() async throws {
        let database = PostgresClient(try await TestDatabase.make())
        try await Migrator().migrate(database)
        let key = [UInt8](repeating: 5, count: 32)
        let description = SchemeDescription(
            scheme: "demo-town", timeZoneName: "Europe/Kyiv", passbackWindow: .seconds(300),
            issuerKeys: [IssuerKeyID(1): key], tariffs: PublishedTariffs(database))
        let now = Timestamp(secondsSince1970: 1_795_000_000)
        await #expect(throws: SchemeDescription.Failure.self) {
            try await description.configuration(at: now)
        }

        let feed = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "simulations/feeds/demo-town").path
        _ = try await FeedImport(database).run(
            try FeedFiles(path: feed), feed: nil, firstFeed: "demo-town", effectiveFrom: now,
            now: now)
        let configuration = try await description.configuration(at: now)
        #expect(configuration.issuerKeys == [IssuerKeyID(1): key])
        #expect(configuration.passbackWindowSeconds == 300)
        #expect(configuration.displayedFare(for: nil, on: nil)?.currency == .uah)
        #expect(configuration.displayedFares.values.allSatisfy { $0 >= 0 })
        await #expect(throws: SchemeDescription.Failure.self) {
            try await description.configuration(at: now.advanced(by: .seconds(-1)))
        }
        await database.close()
    }

    @Test("A route shows its own network's fare, others the dearest")
    func routeFares() async throws {
        let database = PostgresClient(try await TestDatabase.make())
        try await Migrator().migrate(database)
        let folder = try ScratchFolder("feed")
        for (file, text) in [
            "agency.txt": "agency_name,agency_url,agency_timezone\nT,https://t.ua,Europe/Kyiv\n",
            "routes.txt":
                "route_id,route_short_name,route_type,network_id\nr7,7,0,urban\nr99,99,3,suburban\n",
            "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,A,50.4,30.5\n",
            "fare_products.txt":
                "fare_product_id,amount,currency\ntown,15.00,UAH\nvillage,26.00,UAH\n",
            "fare_leg_rules.txt":
                "network_id,fare_product_id\nurban,town\nsuburban,village\n",
        ] {
            try Data(text.utf8).write(to: folder.url.appending(path: file))
        }
        let now = Timestamp(secondsSince1970: 1_795_000_000)
        _ = try await FeedImport(database).run(
            try FeedFiles(path: folder.path), feed: nil, firstFeed: "town", effectiveFrom: now,
            now: now)
        let configuration = try await SchemeDescription(
            scheme: "town", timeZoneName: "Europe/Kyiv", passbackWindow: .seconds(300),
            issuerKeys: [:], tariffs: PublishedTariffs(database)
        ).configuration(at: now)
        #expect(configuration.displayedFare(for: nil, on: "r7")?.minorUnits == 1_500)
        #expect(configuration.displayedFare(for: nil, on: "r99")?.minorUnits == 2_600)
        #expect(configuration.displayedFare(for: nil, on: nil)?.minorUnits == 2_600)
        await database.close()
    }

    @Test("A feed without fares lets validators take taps, and promises no price")
    func withoutFares() async throws {
        let database = PostgresClient(try await TestDatabase.make())
        try await Migrator().migrate(database)
        let folder = try ScratchFolder("feed")
        for (file, text) in [
            "agency.txt": "agency_name,agency_url,agency_timezone\nT,https://t.ua,Europe/Kyiv\n",
            "routes.txt": "route_id,route_short_name,route_type\nr,7,0\n",
            "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,A,50.4,30.5\n",
        ] {
            try Data(text.utf8).write(to: folder.url.appending(path: file))
        }
        let now = Timestamp(secondsSince1970: 1_795_000_000)
        let outcome = try await FeedImport(database).run(
            try FeedFiles(path: folder.path), feed: nil, firstFeed: "town", effectiveFrom: now,
            now: now)
        #expect(outcome.gaps.map(\.code) == ["no_timetable", "no_calendar", "no_fares"])
        let configuration = try await SchemeDescription(
            scheme: "town", timeZoneName: "Europe/Kyiv", passbackWindow: .seconds(300),
            issuerKeys: [:], tariffs: PublishedTariffs(database)
        ).configuration(at: now)
        #expect(configuration.displayedFares.isEmpty)
        #expect(configuration.displayedFare(for: nil, on: nil) == nil)
        await database.close()
    }

    @Test("Issuer keys are read strictly, and the entry at fault is named")
    func issuerKeys() throws {
        let folder = try ScratchFolder("keys")
        func read(_ text: String) throws -> [IssuerKeyID: [UInt8]] {
            let path = folder.path("issuer-public.json")
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return try IssuerKeysFile.read(path)
        }
        let key = String(repeating: "0a", count: 32)
        let good = "{\"issuer_key\":7,\"public_key\":\"\(key)\"}"
        #expect(
            try read("[\(good)]") == [IssuerKeyID(7): [UInt8](repeating: 10, count: 32)])
        for (text, entry) in [
            ("[\(good),\(good)]", 2), ("[{\"issuer_key\":1,\"public_key\":\"0a\"}]", 1),
        ] {
            #expect(
                throws: BackOfficeFailure.issuerKeysMalformed(
                    path: folder.path("issuer-public.json"), entry: entry)
            ) { try read(text) }
        }
        #expect(throws: BackOfficeFailure.self) { try read("{}") }
    }
}

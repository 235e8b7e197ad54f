import Foundation
import FoundationNetworking
import LocalStack
import Logging
import PostgresClient
import Store
import Testing
import TransitModel
import Wording

@testable import BackOfficeApp

@Suite("Back office")
struct BackOfficeTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func configuration(
        _ database: String, roles: Set<BackOfficeRole> = Set(BackOfficeRole.allCases),
        environment: BackOfficeEnvironment = .development
    ) throws -> BackOfficeConfiguration {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        return BackOfficeConfiguration(
            database: database, stateFolder: try ScratchFolder("state").path,
            share: ShareDirectory(checkout), roles: roles, environment: environment,
            scheme: "demo-town")
    }

    @Test("Production refuses keys in files, and a schema that is behind")
    func production() async throws {
        let url = try await TestDatabase.make()
        await #expect(throws: BackOfficeFailure.fileKeysInProduction(roles: ["gateway", "rating"]))
        {
            try await BackOffice.build(
                configuration(url, environment: .production), logger: logger)
        }
        await #expect(
            throws: BackOfficeFailure.migrationsMissing(Migration.all.map(\.name))
        ) {
            try await BackOffice.build(
                configuration(url, roles: [.console], environment: .production), logger: logger)
        }
    }

    @Test("A demonstration is refused in production before anything else is touched")
    func demonstrationInProduction() async throws {
        var configuration = try configuration(
            "host=/nowhere", roles: [.console], environment: .production)
        configuration.demonstrationSocket = "/nowhere/socket"
        await #expect(throws: BackOfficeFailure.demonstrationInProduction) {
            try await BackOffice.build(configuration, logger: logger)
        }
    }

    @Test("The demonstration's page is there only for who asked for it", arguments: [true, false])
    func demonstrationPage(isAsked: Bool) async throws {
        var configuration = try configuration(try await TestDatabase.make(), roles: [.console])
        if isAsked { configuration.demonstrationSocket = "/nowhere/socket" }
        let (addresses, source) = AsyncStream<BackOfficeAddresses>.makeStream()
        try await whileRunning({ [logger, configuration] in
            let office = try await BackOffice.build(configuration, logger: logger)
            try await office.run(endingOn: []) { source.yield($0) }
        }) {
            let address = try #require(await addresses.first { _ in true })
            // With it, a stranger is led to the sign-in.
            #expect(try await get("\(address.console)/demo").status == (isAsked ? 200 : 404))
            let events = try await get("\(address.console)/demo/events").status
            #expect(events == (isAsked ? 401 : 404))
        }
    }

    @Test("Roles are named, all of them known")
    func roles() {
        #expect(BackOfficeRole.set("gateway,rating") == [.gateway, .rating])
        #expect(BackOfficeRole.set(BackOfficeRole.list) == Set(BackOfficeRole.allCases))
        for list in ["", "gateway,", "gateway,typo", " rating"] {
            #expect(BackOfficeRole.set(list) == nil)
        }
    }

    @Test("It waits for a database that is away, serves, and lives through its death")
    func survivesTheDatabase() async throws {
        let folder = try ScratchFolder("office")
        let server = try PrivatePostgres(folder: folder.path, durability: .forgetful)
        let configuration = try configuration(server.url(database: "postgres"))
        let (addresses, source) = AsyncStream<BackOfficeAddresses>.makeStream()
        try await whileRunning({ [logger] in
            let office = try await BackOffice.build(configuration, logger: logger)
            try await office.run(endingOn: []) { source.yield($0) }
        }) {
            try await server.start()
            let address = try #require(await addresses.first { _ in true })
            try await expectToLive(through: server, address)
        }
        await server.stop()
    }

    private func expectToLive(
        through server: PrivatePostgres, _ address: BackOfficeAddresses
    ) async throws {
        #expect(address.gateway?.hasPrefix("https://127.0.0.1:") == true)

        #expect(try await get("\(address.console)/healthz").status == 200)
        #expect(try await get("\(address.console)/readyz").status == 200)
        let metrics = try await get("\(address.console)/metrics").text
        #expect(metrics.contains("\nkvytok_riders_waiting 0\n"))
        #expect(metrics.contains("\nkvytok_database_up 1\n"))
        #expect(
            metrics.split(separator: "\n").count { $0 == "# TYPE kvytok_taps_routed_total counter" }
                == 1)
        #expect(try await get("\(address.console)/console/sign-in").status == 200)

        await server.kill9()
        #expect(try await get("\(address.console)/healthz").status == 200)
        #expect(try await get("\(address.console)/readyz").status == 503)
        #expect(
            try await get("\(address.console)/metrics").text.contains("\nkvytok_database_up 0\n"))
        try await server.start()
        #expect(try await get("\(address.console)/readyz").status == 200)
    }

    private func get(_ url: String) async throws -> (status: Int, text: String) {
        let (data, response) = try await URLSession.shared.data(
            from: try #require(URL(string: url)))
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        return (status, String(decoding: data, as: UTF8.self))
    }
}

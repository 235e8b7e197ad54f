import Foundation
import LocalStack
import PostgresClient
import Testing

/// `kvytok-backoffice device enrol-code --devices`, as an operator types it.
@Suite("Codes for a fleet")
struct FleetCodesTests {
    private let folder: ScratchFolder
    private let installation: Installation

    init() async throws {
        folder = try ScratchFolder("codes")
        installation = Installation(
            root: folder.path, scheme: "demo-town", database: try await TestDatabase.make(),
            share: Checkout.root)
        try await installation.migrate()
    }

    private func codeCount() async throws -> Int {
        let database = PostgresClient(installation.database, connectionLimit: 1)
        let count = try await Evidence(database: database).count(
            "select count(*) as count from enrolment_code")
        await database.close()
        return count
    }

    @Test("Every vehicle gets a code of its own, in the order of the file")
    func codes() async throws {
        let codes = try await installation.makeCodes(for: (1...250).map { "bus-\($0)" })
        #expect(Set(codes).count == 250)
        #expect(try await codeCount() == 250)
    }

    @Test(
        "One bad line, and nobody gets a code; the line is named",
        arguments: [
            #"{"vehicle":"bus-3"}"#, "bus-3", #"{"vehicle_id":""}"#,
            #"{"vehicle_id":"bus-3","device_id":"no spaces please"}"#,
            #"{"vehicle_id":"bus-1"}"#,
        ])
    func badLine(line: String) async throws {
        let path = folder.path("devices.jsonl")
        let lines = [#"{"vehicle_id":"bus-1"}"#, "", line, #"{"vehicle_id":"bus-4"}"#]
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let command = ChildCommand(
            Checkout.program("kvytok-backoffice"),
            ["device", "enrol-code", "--database", installation.database, "--devices", path])
        let failure = await #expect(throws: CommandFailure.self) { try await command.run() }
        #expect(failure?.lastLines.contains { $0.contains("line 3") } == true)
        #expect(try await codeCount() == 0)
    }
}

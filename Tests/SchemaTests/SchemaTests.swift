import Foundation
import LocalStack
import PostgresClient
import Store
import Testing

/// `schema.sql` is what a person reads to know the schema; here it is held to the truth.
///
/// After a new migration: `KVYTOK_RENEW_SCHEMA=1 swift test --filter SchemaTests`, and review
/// the difference.
@Suite("Schema")
struct SchemaTests {
    private static let path = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "backoffice/Store/schema.sql")

    @Test("The migrations give exactly the committed schema")
    func migrationsGiveSchema() async throws {
        let url = try await TestDatabase.make()
        let database = PostgresClient(url)
        let taken = try await Migrator().migrate(database)
        #expect(taken == Migration.all.map(\.name))
        await database.close()

        let actual = try await Self.dump(url)
        if ProcessInfo.processInfo.environment["KVYTOK_RENEW_SCHEMA"] == "1" {
            try actual.write(to: Self.path, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOf: Self.path, encoding: .utf8)
        for (line, (is_, was)) in zip(Self.lines(actual), Self.lines(committed)).enumerated()
        where is_ != was {
            Issue.record("schema.sql:\(line + 1) says \(was), the migrations say \(is_)")
            return
        }
        #expect(actual == committed)
    }

    @Test("Every unique key of a distributed table holds its distribution column")
    func citusLegal() async throws {
        let database = PostgresClient(try await TestDatabase.make())
        try await Migrator().migrate(database)
        let distribution = [
            "tap_log": "device_id", "epoch_head": "device_id", "set_aside_tap": "device_id",
            "refused_tap": "device_id", "quarantined_batch": "device_id",
            "media_rider": "media_token", "rider_tap": "rider_id", "unpriced_tap": "rider_id",
            "charge": "rider_id", "charge_tap": "rider_id", "rider_entry": "rider_id",
            "vehicle_location": "vehicle_id", "vehicle_state": "vehicle_id",
            "device_health": "device_id",
        ]
        for (table, column) in distribution.sorted(by: { $0.key < $1.key }) {
            let offenders = try await database.query(
                """
                select indexrelid::regclass::text as name from pg_index
                where indrelid = \(table)::text::regclass and indisunique and not exists (
                    select 1 from pg_attribute
                    where attrelid = indrelid and attname = \(column)::text
                        and attnum = any(indkey)
                )
                """)
            #expect(try offenders.map { try $0.decode("name", as: String.self) } == [])
        }
        await database.close()
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// What pg_dump says, without comments, settings, blank lines, and partitions that were made
    /// for the current month.
    private static func dump(_ url: String) async throws -> String {
        let command = ChildCommand(
            "/usr/bin/env",
            [
                "pg_dump", "--schema-only", "--no-owner", "--no-privileges",
                "--exclude-table=tap_log_2*", "--dbname=\(url)",
            ])
        let kept = try await command.run().filter { line in
            !line.isEmpty && !line.hasPrefix("--") && !line.hasPrefix("SET ")
                && !line.hasPrefix("SELECT pg_catalog.set_config") && !line.hasPrefix("\\")
        }
        return kept.joined(separator: "\n") + "\n"
    }
}

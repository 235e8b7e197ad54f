import PostgresClient
import TransitModel

/// Keeps a partition of a growing table ready for each month of receipt.
///
/// The gateway's clock decides, never the device's, so that a tap from a clock in 2099 lands in
/// this month. What no partition awaits goes to the default one and is not lost.
package struct MonthlyPartitions: Sendable {
    /// What is partitioned this way, by its column `received_at`.
    package static let all = [tapLog, vehicleLocation]
    package static let tapLog = MonthlyPartitions(table: "tap_log")
    package static let vehicleLocation = MonthlyPartitions(table: "vehicle_location")

    private let table: String

    /// Makes the partitions of this month and the next ones, where they are missing.
    package func prepare(
        _ database: PostgresClient, at now: Timestamp, monthsAhead: Int = 2
    ) async throws {
        let (today, _) = ZoneOffsets.utc.local(now, as: FareDay.self)
        var (year, month, _) = today.components
        for _ in 0...monthsAhead {
            let (nextYear, nextMonth) = month == 12 ? (year + 1, 1) : (year, month + 1)
            try await make(
                "\(table)_\(year)_\(padded(month))", from: "\(year)-\(padded(month))-01",
                to: "\(nextYear)-\(padded(nextMonth))-01", in: database)
            (year, month) = (nextYear, nextMonth)
        }
    }

    private func make(
        _ name: String, from start: String, to end: String, in database: PostgresClient
    ) async throws {
        try await database.withTransaction { connection in
            let exists: Bool =
                try connection.query("select to_regclass(\(name)::text) is not null as found")
                .first?.decode("found") ?? false
            if exists { return }
            // Two gateways may start together; the second waits here and finds it made.
            try connection.run(
                script: """
                    select pg_advisory_xact_lock(hashtext('kvytok \(table) partitions'));
                    create table if not exists \(name) partition of \(table)
                        for values from ('\(start) 00:00:00+00') to ('\(end) 00:00:00+00');
                    """)
        }
    }

    private func padded(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}

import PostgresClient
import Store
import TransitModel

/// Rates riders whose taps have changed: journeys, prices, charges, entries.
///
/// A batch of whole riders is one transaction, and each rider in it a savepoint: what fails
/// stays with its rider. Any number of workers may run at once; a rider is held by one at a time.
package struct RatingWorker: Sendable {
    package static let defaultRiderLimit = 50
    /// A rider with more taps than this since the change waits for staff.
    static let tapLimit = 20_000
    /// How long a rider claimed by a worker that died stays away.
    private static let lease: Duration = .seconds(5)

    private let database: PostgresClient
    private let tariffs: any TariffSource
    private let riderLimit: Int

    package init(
        _ database: PostgresClient, tariffs: any TariffSource,
        riderLimit: Int = RatingWorker.defaultRiderLimit
    ) {
        self.database = database
        self.tariffs = tariffs
        self.riderLimit = riderLimit
    }

    /// What one batch brought.
    package struct Outcome: Hashable, Sendable {
        package var riders = 0
        package var charges = 0
        package var entries = 0
        package var unpriced = 0
        /// Riders on whom the attempt failed, by code.
        package var failures: [String] = []

        fileprivate mutating func add(_ other: Outcome) {
            riders += other.riders
            charges += other.charges
            entries += other.entries
            unpriced += other.unpriced
        }
    }

    /// Rates one batch.
    ///
    /// - Returns: `nil` when no rider is due.
    package func rateBatch() async throws -> Outcome? {
        let calendar = try await tariffs.currentCalendar()
        // Written down before the work begins: if it ends this process, it counts.
        let claimed = try await database.withTransaction { connection in
            try RiderWorkStore.claim(limit: riderLimit, lease: Self.lease, on: connection)
        }
        guard !claimed.isEmpty else { return nil }
        return try await database.withTransaction { connection in
            var outcome = Outcome()
            var finished: [RiderAccountID] = []
            for work in try RiderWorkStore.lock(claimed, on: connection) {
                do {
                    let rated = try await connection.savepoint { connection in
                        try rate(work, under: calendar, on: connection)
                    }
                    outcome.add(rated)
                    finished.append(work.rider)
                } catch {
                    guard let code = Self.code(ofRidersOwn: error) else { throw error }
                    try RiderWorkStore.recordFailure(of: work.rider, code: code, on: connection)
                    outcome.failures.append(code)
                }
            }
            try RiderWorkStore.finish(finished, on: connection)
            if outcome.charges > 0 || outcome.unpriced > 0 {
                try connection.notify(Channel.charges)
            }
            return outcome
        }
    }

    /// Rates one rider inside the caller's transaction.
    private func rate(
        _ work: RiderWork, under calendar: TariffCalendar,
        on connection: isolated PostgresConnection
    ) throws -> Outcome {
        let (start, charges) = try findRun(of: work, under: calendar, on: connection)
        let taps = try RiderStore.listTaps(
            of: work.rider, from: start, limit: Self.tapLimit + 1, on: connection)
        guard taps.count <= Self.tapLimit else { throw RatingFailure.tooManyTaps }

        let pricing = RiderPricing(taps, under: calendar)
        var random = SystemRandomNumberGenerator()
        let plan = ChargePlan(
            pricing.priced, replacing: charges, of: work.rider,
            makeID: { ChargeID(using: &random) })

        try RatingStore.append(plan.revisions, of: work.rider, on: connection)
        try RatingStore.append(plan.entries, of: work.rider, on: connection)
        try RatingStore.replaceUnpriced(
            pricing.unpriced, among: taps.map(\.id), of: work.rider, on: connection)
        return Outcome(
            riders: 1, charges: plan.revisions.count, entries: plan.entries.count,
            unpriced: pricing.unpriced.count)
    }

    /// Where to begin: no journey and no charge in force reaches across that instant.
    private func findRun(
        of work: RiderWork, under calendar: TariffCalendar,
        on connection: isolated PostgresConnection
    ) throws -> (start: Timestamp, charges: [RatedCharge]) {
        var instant = work.affectedFrom
        while true {
            let start =
                try RatingStore.findRunStart(
                    of: work.rider, at: instant, quietSpan: calendar.memory, on: connection)
                ?? instant
            let (charges, earliest) = try RatingStore.listChargesInForce(
                of: work.rider, from: start, on: connection)
            guard let earliest, earliest < start else { return (start, charges) }
            // A charge under an earlier tariff, with a longer window, began before.
            instant = earliest
        }
    }

    /// - Returns: `nil` for what is not the rider's doing: a lost database, a conflict.
    private static func code(ofRidersOwn error: any Error) -> String? {
        switch error {
        case let failure as PostgresFailure:
            if failure.isConnectionLost || failure.isWorthRepeating { return nil }
            return "postgres.\(failure.sqlState ?? "undecodable")"
        case let failure as RatingFailure: return failure.rawValue
        case is CancellationError: return nil
        default: return "unexpected"
        }
    }
}

/// Why a rider cannot be rated. The raw value is stored.
enum RatingFailure: String, Error {
    case tooManyTaps = "too_many_taps"
}

import Logging
import PostgresClient
import ServiceLifecycle
import Store

/// Routes, rates and batches as long as the program runs.
///
/// Every step is safe to kill at any instant and to run in several programs at once: all that it
/// knows is in the database.
package struct RatingService: Service {
    /// What a step did, for metrics.
    package enum Event: Sendable {
        case routed(TapRouter.Outcome)
        case rated(RatingWorker.Outcome)
        case batched(entries: Int)
        case failed(step: String)
    }

    private let database: PostgresClient
    private let router: TapRouter
    private let worker: RatingWorker
    private let batcher: LedgerBatcher
    private let tariffs: any TariffSource
    private let batchInterval: Duration
    private let logger: Logger
    private let report: @Sendable (Event) -> Void

    /// How long a notification that went astray can delay a step.
    private static let pollInterval: Duration = .seconds(2)

    /// - Parameter batchInterval: The least time between two ledger batches.
    package init(
        _ database: PostgresClient, router: TapRouter, worker: RatingWorker,
        batcher: LedgerBatcher, tariffs: any TariffSource,
        batchInterval: Duration = .seconds(15), logger: Logger,
        report: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.database = database
        self.router = router
        self.worker = worker
        self.batcher = batcher
        self.tariffs = tariffs
        self.batchInterval = batchInterval
        self.logger = logger
        self.report = report
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await route() }
                group.addTask { await rate() }
                group.addTask { await batch() }
                group.addTask { await watchTariffs() }
            }
        }
    }

    private func route() async {
        await run("route", wokenBy: [Channel.taps]) {
            guard let outcome = try await router.routePage() else { return false }
            report(.routed(outcome))
            return true
        }
    }

    private func rate() async {
        await run("rate", wokenBy: [Channel.riders]) {
            guard let outcome = try await worker.rateBatch() else { return false }
            report(.rated(outcome))
            for code in outcome.failures {
                logger.error("A rider could not be rated", metadata: ["cause": "\(code)"])
            }
            return true
        }
    }

    private func batch() async {
        await run("batch", wokenBy: [], every: batchInterval) {
            guard let entries = try await batcher.postBatch() else { return false }
            report(.batched(entries: entries))
            return true
        }
    }

    /// Taps that had no price are tried again under tariffs that were not there before.
    private func watchTariffs() async {
        let known = KnownTariffs()
        await run("tariffs", wokenBy: [Channel.feeds]) {
            let calendar = try await tariffs.currentCalendar()
            guard await known.isNews(calendar.versions) else { return false }
            try await database.withTransaction { connection in
                try RiderWorkStore.enqueueUnpriced(on: connection)
                try connection.notify(Channel.riders)
            }
            await known.remember(calendar.versions)
            return false
        }
    }

    private func run(
        _ name: String, wokenBy channels: [String], every interval: Duration = Self.pollInterval,
        step: @escaping @Sendable () async throws -> Bool
    ) async {
        let loop = WorkLoop(
            name: name, channels: channels, pollInterval: interval, logger: logger)
        await loop.run(on: database, onFailure: { _ in report(.failed(step: name)) }, step: step)
    }
}

/// The tariffs under which unpriced taps were last tried.
private actor KnownTariffs {
    private var versions: [String]?

    func isNews(_ versions: [String]) -> Bool { versions != self.versions }

    func remember(_ versions: [String]) { self.versions = versions }
}

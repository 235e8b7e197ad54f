import PostgresClient
import Store
import Timetable
import TransitModel

/// Finds out which versions of the feed are wanted, and reads them.
actor ScheduleLoader {
    /// The versions that a snapshot should have.
    struct Plan: Hashable, Sendable {
        let current: FeedStore.Period
        let previous: FeedStore.Period?
        /// The versions before the current one, the latest first.
        fileprivate let earlier: [FeedStore.Period]

        /// - Parameter periods: By their beginning.
        /// - Returns: `nil` while nothing is in force.
        init?(_ periods: [FeedStore.Period], at now: Timestamp) {
            guard let index = periods.lastIndex(where: { $0.effectiveFrom <= now }) else {
                return nil
            }
            let current = periods[index]
            let isRecent =
                now.elapsed(since: current.effectiveFrom) < ScheduleBook.overlap
            self.current = current
            earlier = periods[..<index].reversed().filter { $0.sha256 != current.sha256 }
            previous = isRecent ? earlier.first : nil
        }
    }

    private static let fallbackLimit = 4

    private let database: PostgresClient
    /// Versions that could not be read: not worth the work again and again.
    private var refused: Set<[UInt8]> = []

    init(_ database: PostgresClient) {
        self.database = database
    }

    func plan(at now: Timestamp) async throws -> Plan? {
        let periods = try await database.withConnection { connection in
            try FeedStore.listPeriods(on: connection)
        }
        return Plan(periods, at: now)
    }

    /// Reads what is not known yet.
    ///
    /// - Returns: `nil` when the version in force cannot be read and there is nothing better than
    ///   what is known.
    func load(
        _ plan: Plan, knowing known: ScheduleSnapshot?,
        report: @Sendable (ScheduleBook.Event) -> Void
    ) async throws -> ScheduleSnapshot? {
        guard let current = try await find(plan.current, in: known, report) else {
            return known == nil ? try await loadEarlier(plan, report) : nil
        }
        var previous: LoadedSchedule?
        if let period = plan.previous { previous = try await find(period, in: known, report) }
        return ScheduleSnapshot(current: current, previous: previous)
    }

    /// After a start there is no old version in memory that could stay: the latest that can be
    /// read takes its place.
    private func loadEarlier(
        _ plan: Plan, _ report: @Sendable (ScheduleBook.Event) -> Void
    ) async throws -> ScheduleSnapshot? {
        for period in plan.earlier.prefix(Self.fallbackLimit) {
            if let found = try await find(period, in: nil, report) {
                return ScheduleSnapshot(current: found)
            }
        }
        return nil
    }

    private func find(
        _ period: FeedStore.Period, in known: ScheduleSnapshot?,
        _ report: @Sendable (ScheduleBook.Event) -> Void
    ) async throws -> LoadedSchedule? {
        if let found = [known?.current, known?.previous].lazy.compactMap({ $0 })
            .first(where: { $0.sha256 == period.sha256 })
        {
            return found
        }
        guard !refused.contains(period.sha256) else { return nil }
        let version = try await database.withConnection { connection in
            try FeedStore.fetchVersion(of: period.feed, sha256: period.sha256, on: connection)
        }
        do {
            return try await FeedWork.run {
                let files = try FeedFiles(archive: version.archive, name: period.feed.rawValue)
                let schedule = try Schedule(files: files.contents)
                return LoadedSchedule(
                    feed: period.feed, sha256: period.sha256, effectiveFrom: period.effectiveFrom,
                    importedAt: version.importedAt, schedule: schedule,
                    zone: try ZoneOffsets(ofFeed: schedule.zoneName))
            }
        } catch {
            refused.insert(period.sha256)
            report(.refused(sha256: period.sha256, reason: "\(error)"))
            return nil
        }
    }
}

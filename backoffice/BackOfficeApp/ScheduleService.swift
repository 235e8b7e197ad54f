import Feeds
import Logging
import ServiceLifecycle
import Timetable
import TransitModel

/// Keeps the timetable in force in memory as long as the program runs.
struct ScheduleService: Service {
    let book: ScheduleBook
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await book.run { event in log(event) }
        }
    }

    private func log(_ event: ScheduleBook.Event) {
        switch event {
        case .loaded(let snapshot):
            let schedule = snapshot.current.schedule
            logger.info(
                "A timetable is in force",
                metadata: [
                    "feed": "\(snapshot.current.feed)",
                    "version": "\(snapshot.current.version.prefix(16))",
                    "routes": "\(schedule.routes.count)", "trips": "\(schedule.trips.count)",
                    "gaps": "\(schedule.gaps.map(\.code).joined(separator: " "))",
                ])
        case .refused(let sha256, let reason):
            logger.error(
                "A published feed cannot be read; the one before stays in force",
                metadata: ["version": "\(sha256.hex.prefix(16))", "cause": "\(reason)"])
        case .unreachable(let reason):
            logger.warning("The feeds cannot be asked for", metadata: ["cause": "\(reason)"])
        }
    }
}

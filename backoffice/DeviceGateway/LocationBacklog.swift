import Store
import TransitModel

/// What waits to be written, bounded: while the database is away the history loses its oldest
/// rows, and of every vehicle and device the newest word stays.
struct LocationBacklog: Sendable {
    private let historyLimit: Int
    private var history: [ReceivedLocation] = []
    private var states: [VehicleID: ReceivedLocation] = [:]
    private var health: [DeviceID: ReceivedHealth] = [:]
    /// Rows of history that were given up for want of room, since the beginning.
    private(set) var forgotten = 0

    init(historyLimit: Int = 30_000) {
        self.historyLimit = historyLimit
    }

    var waiting: Int { history.count }

    mutating func add(_ location: ReceivedLocation) {
        history.append(location)
        trim()
        merge(location)
    }

    mutating func add(_ report: ReceivedHealth) {
        merge(report)
    }

    /// Hands everything over to be written.
    mutating func take() -> FleetBatch {
        let batch = FleetBatch(
            history: history, states: Array(states.values), health: Array(health.values))
        history = []
        states = [:]
        health = [:]
        return batch
    }

    /// Takes back what could not be written; what came meanwhile is newer and stays.
    mutating func giveBack(_ batch: FleetBatch) {
        history = batch.history + history
        trim()
        batch.states.forEach { merge($0) }
        batch.health.forEach { merge($0) }
    }

    private mutating func trim() {
        // By a tenth at a time, so that a long outage does not move the whole array every time.
        guard history.count > historyLimit else { return }
        let surplus = history.count - historyLimit + historyLimit / 10
        history.removeFirst(surplus)
        forgotten += surplus
    }

    private mutating func merge(_ location: ReceivedLocation) {
        if let known = states[location.vehicle],
            known.location.recordedAt >= location.location.recordedAt
        {
            return
        }
        states[location.vehicle] = location
    }

    private mutating func merge(_ report: ReceivedHealth) {
        if let known = health[report.device], known.reportedAt >= report.reportedAt { return }
        health[report.device] = report
    }
}

import DeviceGateway
import PostgresClient
import Store

/// What `/metrics` answers: the text format of Prometheus 0.0.4.
struct MetricsPage: Sendable {
    let database: PostgresClient
    let meters: Meters

    func render() async -> String {
        var text = ""
        var described: Set<Substring> = []
        func line(_ name: String, _ value: some BinaryInteger, _ type: String) {
            let family = name.prefix { $0 != "{" }
            if described.insert(family).inserted {
                text += "# TYPE kvytok_\(family) \(type)\n"
            }
            text += "kvytok_\(name) \(value)\n"
        }
        for (counter, count) in meters.readings { line(counter.rawValue, count, "counter") }
        if let positions = meters.positionTally {
            line("positions_accepted_total", positions.accepted, "counter")
            line("positions_written_total", positions.written, "counter")
            for (reason, count) in positions.setAside.sorted(by: { $0.key < $1.key }) {
                line("positions_set_aside_total{reason=\"\(reason)\"}", count, "counter")
            }
            line("positions_lost_total", positions.lost, "counter")
            line("position_reports_throttled_total", positions.throttled, "counter")
            line("failed_position_writes_total", positions.failedWrites, "counter")
        }
        do {
            let queues = try await database.withConnection { connection in
                try QueueStore.read(on: connection)
            }
            line("database_up", 1, "gauge")
            line("taps_ingested_total", queues.ingestedTaps, "counter")
            line("unrouted_taps", queues.unroutedTaps, "gauge")
            line("quarantined_epochs", queues.quarantinedEpochs, "gauge")
            line("set_aside_taps", queues.setAsideTaps, "gauge")
            line("unpriced_taps", queues.unpricedTaps, "gauge")
            line("riders_waiting", queues.waitingRiders, "gauge")
            line("riders_resting", queues.restingRiders, "gauge")
            line("unbatched_entries", queues.unbatchedEntries, "gauge")
        } catch {
            line("database_up", 0, "gauge")
        }
        return text
    }
}

import DeviceGateway
import Rating
import Synchronization

/// Counts what this process has done, for monitoring.
package final class Meters: Sendable {
    /// A count that only rises while the process lives.
    package enum Counter: String, Sendable, CaseIterable {
        case tapsAccepted = "taps_routed_total{outcome=\"accepted\"}"
        case tapsRefused = "taps_routed_total{outcome=\"refused\"}"
        case tapsSetAside = "taps_routed_total{outcome=\"set_aside\"}"
        case ridersRated = "riders_rated_total"
        case riderFailures = "rider_failures_total"
        case chargeRevisions = "charge_revisions_total"
        case riderEntries = "rider_entries_total"
        case ledgerBatches = "ledger_batches_total"
        case failedRoutes = "failed_steps_total{step=\"route\"}"
        case failedRatings = "failed_steps_total{step=\"rate\"}"
        case failedBatches = "failed_steps_total{step=\"batch\"}"
        case failedTariffs = "failed_steps_total{step=\"tariffs\"}"
    }

    private let counts = Mutex<[Counter: UInt64]>([:])
    private let positions = Mutex<(@Sendable () -> LocationTally)?>(nil)

    package init() {}

    package func add(_ amount: Int, to counter: Counter) {
        counts.withLock { $0[counter, default: 0] += UInt64(max(0, amount)) }
    }

    package var readings: [(counter: Counter, count: UInt64)] {
        counts.withLock { counts in Counter.allCases.map { ($0, counts[$0] ?? 0) } }
    }
}

extension Meters {
    /// Takes over who counts positions; a gateway that was started again counts from nothing.
    func watch(positions tally: @escaping @Sendable () -> LocationTally) {
        positions.withLock { $0 = tally }
    }

    /// `nil` in a process without a gateway.
    var positionTally: LocationTally? { positions.withLock { $0 }?() }

    func note(_ event: RatingService.Event) {
        switch event {
        case .routed(let outcome):
            add(outcome.accepted, to: .tapsAccepted)
            add(outcome.refused, to: .tapsRefused)
            add(outcome.setAside, to: .tapsSetAside)
        case .rated(let outcome):
            add(outcome.riders, to: .ridersRated)
            add(outcome.failures.count, to: .riderFailures)
            add(outcome.charges, to: .chargeRevisions)
            add(outcome.entries, to: .riderEntries)
        case .batched: add(1, to: .ledgerBatches)
        case .failed(let step):
            if let counter = Counter(rawValue: "failed_steps_total{step=\"\(step)\"}") {
                add(1, to: counter)
            }
        }
    }
}

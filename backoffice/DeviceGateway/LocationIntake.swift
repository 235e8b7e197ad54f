import DeviceProtocol
import Logging
import PostgresClient
import ServiceLifecycle
import Store
import Synchronization
import TransitModel

/// Takes positions as they come and writes them about once a second, all vehicles at once.
///
/// Devices never wait for the database: what they said is in memory, bounded, and a database
/// that was away gets the newest of it when it is back.
package final class LocationIntake: Service {
    private struct State {
        var backlog = LocationBacklog()
        var vehicles: [VehicleID: LocationSanity.Memory] = [:]
        var healths: [DeviceID: HealthPace] = [:]
        var tally = LocationTally()
    }

    /// When a device's health was last passed on, and what it was.
    private struct HealthPace {
        let health: DeviceHealth
        let at: Timestamp
    }

    /// Health that did not change is written again this seldom, as a sign of life.
    private static let healthRest: Duration = .seconds(15)

    private let sanity = LocationSanity()
    private let state = Mutex(State())
    private let interval: Duration
    private let write: @Sendable (FleetBatch) async throws -> Void
    private let logger: Logger

    /// - Parameter write: Writes a whole batch or nothing of it.
    init(
        every interval: Duration = .seconds(1), logger: Logger,
        write: @escaping @Sendable (FleetBatch) async throws -> Void
    ) {
        self.interval = interval
        self.logger = logger
        self.write = write
    }

    convenience init(database: PostgresClient, logger: Logger) {
        self.init(logger: logger) { batch in
            try await database.withTransaction { connection in
                try FleetStore.write(batch, on: connection)
            }
        }
    }

    package var tally: LocationTally {
        state.withLock { state in
            var tally = state.tally
            tally.lost += UInt64(state.backlog.forgotten)
            return tally
        }
    }

    /// Takes a report; what cannot be true is counted and set aside.
    func take(_ report: PositionReport, from device: DeviceStore.Device, at now: Timestamp) {
        state.withLock { state in
            state.tally.count(.garbled, times: report.flaws.count)
            var memory = state.vehicles[device.vehicle] ?? LocationSanity.Memory()
            for location in report.locations {
                if let flaw = sanity.judge(location, receivedAt: now, &memory) {
                    state.tally.count(flaw)
                    continue
                }
                state.tally.accepted += 1
                state.backlog.add(
                    ReceivedLocation(
                        vehicle: device.vehicle, device: device.id, location: location,
                        receivedAt: now))
            }
            state.vehicles[device.vehicle] = memory
            guard let health = report.health else { return }
            if let last = state.healths[device.id], last.health.saysTheSame(as: health),
                now < last.at.advanced(by: Self.healthRest), now >= last.at
            {
                return
            }
            state.healths[device.id] = HealthPace(health: health, at: now)
            state.backlog.add(
                ReceivedHealth(
                    device: device.id, vehicle: device.vehicle, health: health, reportedAt: now))
        }
    }

    func countThrottled() {
        state.withLock { $0.tally.throttled += 1 }
    }

    /// Writes until the end, and once more then.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: self.interval)) != nil {
                await self.flush()
            }
        }
        await flush()
    }

    /// Writes what waits. A database that is away gets it next time; a row that the database
    /// will not have costs its vehicle's part of the batch and nothing else.
    func flush() async {
        let batch = state.withLock { $0.backlog.take() }
        guard !batch.isEmpty else { return }
        do {
            try await write(batch)
            note(batch)
        } catch {
            state.withLock { $0.tally.failedWrites += 1 }
            if (error as? PostgresFailure)?.isUnwilling ?? false {
                logger.error("Positions were refused", metadata: ["cause": "\(error)"])
                for part in batch.byVehicle { await writeOrForget(part) }
            } else {
                logger.warning("Positions wait", metadata: ["cause": "\(error)"])
                state.withLock { $0.backlog.giveBack(batch) }
            }
        }
    }

    private func writeOrForget(_ part: FleetBatch) async {
        do {
            try await write(part)
            note(part)
        } catch {
            state.withLock { $0.tally.lost += UInt64(part.history.count) }
        }
    }

    private func note(_ batch: FleetBatch) {
        state.withLock { $0.tally.written += UInt64(batch.history.count) }
    }
}

extension DeviceHealth {
    /// Whether nothing changed but the time that taps have waited.
    fileprivate func saysTheSame(as other: DeviceHealth) -> Bool {
        var other = other
        other.oldestWaiting = oldestWaiting
        return self == other
    }
}

extension PostgresFailure {
    /// Whether the rows themselves are at fault, so that sending them again is useless: data
    /// exceptions and broken constraints (PostgreSQL, appendix A, classes 22 and 23).
    fileprivate var isUnwilling: Bool {
        sqlState.map { $0.hasPrefix("22") || $0.hasPrefix("23") } ?? false
    }
}

extension FleetBatch {
    /// The same in parts, one for each vehicle.
    fileprivate var byVehicle: [FleetBatch] {
        var parts: [VehicleID: FleetBatch] = [:]
        for entry in history { parts[entry.vehicle, default: FleetBatch()].history.append(entry) }
        for entry in states { parts[entry.vehicle, default: FleetBatch()].states.append(entry) }
        for entry in health { parts[entry.vehicle, default: FleetBatch()].health.append(entry) }
        return parts.sorted { $0.key < $1.key }.map(\.value)
    }
}

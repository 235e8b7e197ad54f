import FareMedia
import Foundation
import Synchronization
import TransitModel
import Uplink
import ValidatorApp

/// All vehicles of the city but those with validators of their own: it moves them, lets riders
/// tap, and leaves everything else to the validators.
package struct LightFleet: Sendable {
    package struct Settings: Sendable {
        /// How often each vehicle notes where it is.
        package var positionInterval: Duration
        /// Vehicles whose journals and keys are opened at once.
        package var openingsAtOnce: Int
        /// The most taps that a vehicle's riders make at one stop.
        package var boardingLimit: Int

        package init(
            positionInterval: Duration = .seconds(1), openingsAtOnce: Int = 4,
            boardingLimit: Int = 24
        ) {
            self.positionInterval = positionInterval
            self.openingsAtOnce = openingsAtOnce
            self.boardingLimit = boardingLimit
        }
    }

    private let stage: CityStage
    private let boardings: (any Boardings)?
    private let counter: TicketCounter?
    private let settings: Settings
    private let clock: @Sendable () -> Timestamp

    /// - Parameter boardings: Without them nobody boards.
    package init(
        stage: CityStage, boardings: (any Boardings)?, counter: TicketCounter?,
        settings: Settings = Settings(), clock: @escaping @Sendable () -> Timestamp
    ) {
        self.stage = stage
        self.boardings = boardings
        self.counter = counter
        self.settings = settings
        self.clock = clock
    }

    /// Runs each vehicle as soon as it is there, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - vehicles: Enrolled ones, as they become so.
    ///   - open: Opens one of them.
    ///   - onTrouble: Told what cannot run; the others go on.
    package func run(
        _ vehicles: AsyncStream<VehicleID>,
        open: @escaping @Sendable (VehicleID) async throws -> LightValidator,
        onTrouble: @escaping @Sendable (VehicleID, any Error) -> Void
    ) async {
        let openings = Openings(limit: settings.openingsAtOnce)
        await withDiscardingTaskGroup { group in
            group.addTask { await prepareDays() }
            var count = 0
            for await vehicle in vehicles {
                count += 1
                // Spread over the interval, so that a fleet does not speak with one voice.
                let offset = settings.positionInterval * (count % 16) / 16
                group.addTask {
                    do {
                        let validator = try await openings.turn { try await open(vehicle) }
                        await live(validator, offset: offset)
                    } catch {
                        if !Task.isCancelled { onTrouble(vehicle, error) }
                    }
                }
            }
        }
    }

    private func prepareDays() async {
        repeat {
            let dates = stage.prepare(for: clock())
            await boardings?.prepare(for: dates)
        } while (try? await Task.sleep(for: .seconds(20))) != nil
    }

    private func live(_ validator: LightValidator, offset: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await validator.run() }
            group.addTask { await drive(validator, offset) }
            await group.waitForAll()
        }
    }

    private func drive(_ validator: LightValidator, _ offset: Duration) async {
        var seen = clock()
        try? await Task.sleep(for: offset)
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let now = clock()
                if let place = stage.place(of: validator.vehicle, at: now) {
                    validator.move(to: place.location, direction: place.direction)
                    for arrival in stage.arrivals(of: validator.vehicle, from: seen, to: now) {
                        group.addTask { await board(arrival, validator) }
                    }
                }
                seen = now
                try? await Task.sleep(for: settings.positionInterval)
            }
            group.cancelAll()
        }
    }

    /// Riders board one after the other while the doors are open.
    private func board(_ arrival: CityStage.Arrival, _ validator: LightValidator) async {
        guard let boardings, let counter else { return }
        let cards = boardings.cards(at: arrival.visit, on: arrival.date)
            .prefix(settings.boardingLimit)
        let pause = max(.milliseconds(20), arrival.stay / (cards.count + 1))
        for card in cards {
            guard (try? await Task.sleep(for: min(pause, .seconds(3)))) != nil else { return }
            guard let reading = try? counter.present(card) else { continue }
            validator.present(reading)
        }
    }
}

/// Lets so many do something at once.
private actor Openings {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(limit: Int) {
        free = limit
    }

    func turn<Value: Sendable>(
        _ work: @Sendable () async throws -> Value
    ) async rethrows -> Value {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
        defer { if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() } }
        return try await work()
    }
}

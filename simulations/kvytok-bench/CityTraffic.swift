import ArgumentParser
import City
import CityLife
import SmallTown
import Synchronization
import Timetable
import TransitModel

/// Vehicles of one roster.
struct Column: Sendable {
    private static let minutesBehind = 7

    let stage: CityStage
    let vehicles: [VehicleID]

    /// A city has some twenty vehicles fewer than the promise speaks of: the rest, by made-up
    /// names, follow in a second column, some minutes behind.
    static func split(_ count: Int, over hour: RushHour) throws -> [Column] {
        let first = Column(hour, minutesBehind: 0, fleet: hour.city.vehicles, limit: count)
        let second = Column(
            hour, minutesBehind: minutesBehind, fleet: [], limit: count - first.vehicles.count)
        guard first.vehicles.count + second.vehicles.count == count else {
            throw ValidationError(
                "this city has \(first.vehicles.count) vehicles; at most twice as many can be had")
        }
        return [first, second]
    }

    private init(_ hour: RushHour, minutesBehind: Int, fleet: [CityVehicle], limit: Int) {
        let clock = TimetableClock(
            wall: hour.clock.wall,
            timetable: hour.clock.timetable.advanced(by: .seconds(-60 * minutesBehind)))
        stage = CityStage(
            schedule: hour.schedule, zone: hour.zone, clock: clock, seed: hour.city.seed,
            fleet: fleet)
        stage.prepare(for: .now)
        let later = Timestamp.now.advanced(by: .seconds(600))
        vehicles = Array(
            stage.vehicles(at: .now).filter { [stage] vehicle in
                [.now, later].allSatisfy { stage.place(of: vehicle, at: $0) != nil }
            }.prefix(limit))
    }

    /// Enrols the vehicles and lets them live until the task is cancelled.
    func run(
        _ enrolment: FleetEnrolment, _ line: LineTally, boardings: any Boardings,
        counter: TicketCounter
    ) async {
        let (ready, inbox) = AsyncStream.makeStream(of: VehicleID.self)
        let fleet = LightFleet(
            stage: stage, boardings: boardings, counter: counter,
            settings: SteadyCrowd.crowding, clock: { .now })
        await withDiscardingTaskGroup { group in
            group.addTask {
                do {
                    try await enrolment.enrol(vehicles) { inbox.yield($0) }
                } catch {
                    if !Task.isCancelled { progress("enrolment: \(error)") }
                }
                inbox.finish()
            }
            await fleet.run(
                ready, open: { try await enrolment.open($0, line: line) },
                onTrouble: { vehicle, error in progress("\(vehicle): \(error)") })
        }
    }
}

/// As many people as it takes for so many taps a second, whoever's doors open.
final class SteadyCrowd: Boardings {
    /// Before somebody comes again, transfers and passback have long run out for most.
    private static let people = 20_000
    /// Few doors open each second: all who are due board there, however many.
    static let crowding = LightFleet.Settings(boardingLimit: 100)

    private let tapsPerSecond: Int
    private let held = Mutex<(since: ContinuousClock.Instant?, boarded: Int)>((nil, 0))

    init(tapsPerSecond: Int) {
        self.tapsPerSecond = tapsPerSecond
    }

    func begin() { held.withLock { $0.since = .now } }

    func prepare(for dates: [ServiceDate]) async {}

    func cards(at visit: FleetMotion.Visit, on date: ServiceDate) -> [TicketCounter.Card] {
        held.withLock { held in
            guard let since = held.since, !visit.isLastOfTrip else { return [] }
            let due = Int(since.duration(to: .now) / .seconds(1) * Double(tapsPerSecond))
            // A vehicle takes only so many; whoever is left boards the next one, anywhere.
            let count = min(max(0, due - held.boarded), SteadyCrowd.crowding.boardingLimit)
            defer { held.boarded += count }
            return (held.boarded..<(held.boarded + count)).map {
                TicketCounter.Card(number: UInt32($0 % Self.people + 1), category: nil)
            }
        }
    }
}

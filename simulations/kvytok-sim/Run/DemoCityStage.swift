import City
import CityLife
import Foundation
import LocalStack
import Timetable
import TransitModel

/// The city of one demonstration, in motion.
struct DemoCityStage: Sendable {
    let feed: CityFeed
    let stage: CityStage
    private let seed: UInt64
    private let remark: String?
    /// Those that take part, the ones on the street first.
    private let cast: [VehicleID]

    static func make(_ settings: DemoSettings, below folder: String) async throws -> DemoCityStage {
        let now = Timestamp.now
        let feed =
            if let path = settings.feed {
                try await CityFeed.read(path, below: folder, at: now)
            } else {
                try CityFeed.generate(seed: settings.seed, below: folder, at: now)
            }
        let clock = try DemoClock(
            for: feed, speed: settings.speed, wanted: settings.moment, at: now)
        let stage = CityStage(
            schedule: feed.schedule, zone: feed.zone, clock: clock.clock, seed: settings.seed,
            fleet: feed.fleet)
        stage.prepare(for: now)
        let vehicles = stage.vehicles(at: now)
        guard vehicles.count >= Demonstration.vehicleCount else {
            let day = clock.remark.map { "\($0): " } ?? ""
            throw InstallationFailure(
                """
                \(feed.title): \(day)vehicles running: \(vehicles.count), and a demonstration needs \
                \(Demonstration.vehicleCount). Another day may have more: --at.
                """)
        }
        return DemoCityStage(
            feed: feed, stage: stage, seed: settings.seed, remark: clock.remark,
            cast: Array(vehicles.prefix(settings.vehicleLimit ?? .max)))
    }

    var summary: String {
        let facts =
            "\(feed.title): \(feed.schedule.routes.count) routes, \(cast.count) vehicles today"
        return [facts, remark].compactMap(\.self).joined(separator: "; ")
    }

    /// The vehicles that are on the street longest, of different routes when there are.
    func leads(_ count: Int) -> [VehicleID] {
        let now = Timestamp.now
        let moments = (0..<18).map { step in
            stage.clock.wall(
                atTimetable: stage.clock.timetable(at: now).advanced(by: .seconds(step * 600)))
        }
        let candidates = cast.map { vehicle in
            let places = moments.map { stage.place(of: vehicle, at: $0) }
            return (
                vehicle: vehicle, route: places.lazy.compactMap { $0?.location.route }.first,
                times: (places[0] == nil ? 0 : 100) + places.count { $0 != nil }
            )
        }.sorted { ($0.times, $1.vehicle) > ($1.times, $0.vehicle) }
        var routes: Set<RouteID?> = []
        let varied = candidates.filter { routes.insert($0.route).inserted }
        let rest = candidates.filter { one in !varied.contains { $0.vehicle == one.vehicle } }
        return (varied + rest).prefix(count).map(\.vehicle)
    }

    func vehicles(besides others: [VehicleID]) -> [VehicleID] {
        cast.filter { !others.contains($0) }
    }

    func riders(with installation: Installation) throws -> DemoRiders {
        DemoRiders(
            boardings: Citizens(
                schedule: feed.schedule, riders: feed.riders, categories: feed.categories,
                seed: seed),
            counter: try TicketCounter(
                keys: installation.folders.keys, cardKeys: installation.folders.cardKeys,
                clock: { .now }))
    }
}

import Feeds
import Timetable
import Tracking
import TransitModel

/// The published timetable as the board needs it.
package struct ScheduleTimetable: FleetTimetable {
    /// Receivers of vehicles that stand turn round by themselves; below this a bearing means
    /// nothing.
    private static let movingMetresPerSecond = 1.5
    /// Far below what a map shows, far above what a city's drawing errs by.
    private static let streetToleranceMetres = 3.0

    package let version: String
    package let streets: Streets
    private let snapshot: ScheduleSnapshot

    package init(_ snapshot: ScheduleSnapshot) {
        self.snapshot = snapshot
        version = snapshot.version
        streets = Streets(
            snapshot.current, version: snapshot.version,
            toleranceMetres: Self.streetToleranceMetres)
    }

    package func service(
        of location: VehicleLocation, previousMetres: Double?
    ) -> VehicleService {
        guard let trip = location.trip, let (loaded, index) = snapshot.findTrip(trip) else {
            let route = location.route.flatMap(snapshot.findRoute).map { loaded, route in
                VehicleService.Route(route, of: loaded.schedule)
            }
            return VehicleService(
                route: route, headsign: nil, nextStop: nil, progress: .noTrip)
        }
        let schedule = loaded.schedule
        let deviation = deviation(of: index, in: loaded, location, previousMetres)
        let calls = schedule.calls(of: index)
        let nextStop = deviation?.nextCall.map { calls[calls.startIndex + $0].stop }
        return VehicleService(
            route: VehicleService.Route(schedule.trips[index].route, of: schedule),
            headsign: LocalText { schedule.headsign(ofTrip: index, in: $0) },
            nextStop: nextStop.map { stop in LocalText { schedule.name(ofStop: stop, in: $0) } },
            progress: deviation?.isOffRoute ?? false
                ? .offRoute : .onRoute(delay: deviation?.delay),
            distanceMetres: deviation?.distanceMetres,
            isAtTripEnd: deviation.map { $0.nextCall == nil } ?? false)
    }

    private func deviation(
        of trip: Int, in loaded: LoadedSchedule, _ location: VehicleLocation,
        _ previousMetres: Double?
    ) -> ScheduleDeviation? {
        let instant = location.recordedAt
        let isMoving = location.speedMetresPerSecond.map { $0 >= Self.movingMetresPerSecond }
        guard
            let day = TripDay(of: trip, in: loaded.schedule, at: instant, zone: loaded.zone)
        else { return nil }
        return ScheduleDeviation(
            of: day, in: loaded.schedule,
            VehicleObservation(
                point: location.point, bearing: isMoving ?? true ? location.bearing : nil,
                previousMetres: previousMetres),
            at: instant, zone: loaded.zone)
    }
}

/// Makes the board's timetable once for each version of the feed.
package actor ScheduleShelf {
    private let book: ScheduleBook
    private let clock: TimetableClock
    private var made: ClockedTimetable?

    /// - Parameter clock: What time it is in the timetable.
    package init(_ book: ScheduleBook, clock: TimetableClock = .real) {
        self.book = book
        self.clock = clock
    }

    /// `nil` before the first feed was read.
    package func timetable() -> (any FleetTimetable)? {
        guard let snapshot = book.snapshot else { return nil }
        if let made, made.version == snapshot.version { return made }
        let timetable = ClockedTimetable(ScheduleTimetable(snapshot), clock: clock)
        made = timetable
        return timetable
    }
}

extension VehicleService.Route {
    init(_ route: Int, of schedule: Schedule) {
        let record = schedule.routes[route]
        self.init(
            id: record.id, name: record.name, type: record.type, colour: record.colour,
            textColour: record.textColour)
    }
}

extension LocalText {
    /// - Parameter name: The name in a language.
    fileprivate init(_ name: (_ language: String) -> String) {
        self.init(name("uk"), translated: ["en": name("en")])
    }
}

extension Streets {
    /// One line for each route and shape that a trip of it follows.
    fileprivate init(
        _ loaded: LoadedSchedule, version: String, toleranceMetres: Double
    ) {
        let schedule = loaded.schedule
        var used: Set<[Int]> = []
        for trip in schedule.trips {
            if let shape = trip.shape { used.insert([trip.route, shape]) }
        }
        let lines = used.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }.map { pair in
            Line(
                route: VehicleService.Route(pair[0], of: schedule),
                points: LineSimplification.simplify(
                    schedule.shapes[pair[1]].points, toleranceMetres: toleranceMetres))
        }
        var served: Set<Int> = []
        for trip in schedule.trips.indices {
            for call in schedule.calls(of: trip) { served.insert(call.stop) }
        }
        let stops = served.sorted().compactMap { stop -> Stop? in
            guard let point = schedule.stops[stop].position else { return nil }
            return Stop(
                point: point, name: LocalText { schedule.name(ofStop: stop, in: $0) })
        }
        self.init(version: version, lines: lines, stops: stops)
    }
}

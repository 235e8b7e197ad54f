import Foundation
import LocalStack
import Timetable

/// One route of the feed with the trips of a day, as a vehicle of the demonstration drives it.
struct DemoRoute: Sendable {
    struct Trip: Sendable {
        let id: String
        let direction: Int
        /// In the order of travel.
        var stops: [String] = []
        /// The first departure as the feed writes it, past 24:00:00 perhaps.
        var departure = ""
    }

    let id: String
    /// The next one at the moment of reading comes first.
    let trips: [Trip]

    /// The routes that have trips on that day, ordered by id.
    ///
    /// - Parameter feed: A folder of GTFS files.
    static func read(feed: String, at now: Date) throws -> [DemoRoute] {
        let feed = FeedFolder(path: feed)
        let clock = try feed.localClock(at: now)
        let services = try feed.services(on: clock.weekday)
        let trips = try feed.trips(of: services)
        return trips.sorted { $0.key < $1.key }.map { route, trips in
            let ordered = trips.sorted { ($0.departure, $0.id) < ($1.departure, $1.id) }
            let next = ordered.firstIndex { $0.departure >= clock.time } ?? 0
            return DemoRoute(id: route, trips: Array(ordered[next...] + ordered[..<next]))
        }
    }
}

/// The four files that tell where a vehicle drives; fares and riders are no matter here.
private struct FeedFolder {
    let path: String

    func localClock(at now: Date) throws -> (weekday: String, time: String) {
        var rows = try cursor("agency.txt")
        let zone = try rows.requiredColumn("agency_timezone")
        guard try rows.next(), let zone = TimeZone(identifier: try rows.text(zone)) else {
            throw InstallationFailure("\(path)/agency.txt names no known time zone")
        }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = zone
        formatter.dateFormat = "EEEE HH:mm:ss"
        let words = formatter.string(from: now).lowercased().split(separator: " ")
        return (String(words[0]), String(words[1]))
    }

    func services(on weekday: String) throws -> Set<String> {
        var rows = try cursor("calendar.txt")
        let (id, runs) = (
            try rows.requiredColumn("service_id"), try rows.requiredColumn(weekday)
        )
        var services: Set<String> = []
        while try rows.next() {
            if try rows.text(runs) == "1" { services.insert(try rows.text(id)) }
        }
        return services
    }

    func trips(of services: Set<String>) throws -> [String: [DemoRoute.Trip]] {
        let calls = try calls()
        var rows = try cursor("trips.txt")
        let (trip, route) = (
            try rows.requiredColumn("trip_id"), try rows.requiredColumn("route_id")
        )
        let (service, direction) = (
            try rows.requiredColumn("service_id"), rows.column("direction_id")
        )
        var trips: [String: [DemoRoute.Trip]] = [:]
        while try rows.next() {
            let id = try rows.text(trip)
            guard services.contains(try rows.text(service)), let stops = calls[id] else { continue }
            let route = try rows.text(route)
            trips[route, default: []].append(
                DemoRoute.Trip(
                    id: id, direction: Int(try rows.text(direction)) ?? 0,
                    stops: stops.map(\.stop), departure: stops[0].departure))
        }
        return trips
    }

    private struct Call {
        let order: Int
        let stop: String
        let departure: String
    }

    private func calls() throws -> [String: [Call]] {
        var rows = try cursor("stop_times.txt")
        let (trip, stop) = (try rows.requiredColumn("trip_id"), try rows.requiredColumn("stop_id"))
        let (order, departure) = (
            try rows.requiredColumn("stop_sequence"), rows.column("departure_time")
        )
        var calls: [String: [Call]] = [:]
        while try rows.next() {
            calls[try rows.text(trip), default: []].append(
                Call(
                    order: Int(try rows.text(order)) ?? 0, stop: try rows.text(stop),
                    departure: try rows.text(departure)))
        }
        return calls.mapValues { $0.sorted { $0.order < $1.order } }
    }

    private func cursor(_ file: String) throws -> CSVCursor {
        let data = try Data(contentsOf: URL(filePath: path).appending(path: file))
        return try CSVCursor(file: file, bytes: [UInt8](data))
    }
}

/// Where a vehicle is just now, in the file that its validator reads.
struct DemoService: Encodable, Sendable {
    let route: String
    let trip: String
    let stop: String
    let direction: Int

    enum CodingKeys: String, CodingKey {
        case route = "route_id"
        case trip = "trip_id"
        case stop = "stop_id"
        case direction
    }

    /// Replaces the file in one step, so that a reader never sees half of it.
    func write(to path: String) throws {
        try JSONEncoder().encode(self).write(to: URL(filePath: path), options: .atomic)
    }
}

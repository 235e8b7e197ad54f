import Foundation
import Timetable

/// One route of the feed with its trips, as a bus of the demonstration drives it.
struct DemoRoute: Sendable {
    struct Trip: Sendable {
        let id: String
        let direction: Int
        /// In the order of travel.
        var stops: [String] = []
    }

    let id: String
    let trips: [Trip]

    /// The routes that have trips with stops, ordered by id.
    ///
    /// - Parameter feed: A folder of GTFS files.
    static func read(feed: String) throws -> [DemoRoute] {
        func cursor(_ file: String) throws -> CSVCursor {
            let data = try Data(contentsOf: URL(filePath: feed).appending(path: file))
            return try CSVCursor(file: file, bytes: [UInt8](data))
        }
        var trips: [String: Trip] = [:]
        var routeOfTrip: [String: String] = [:]
        var rows = try cursor("trips.txt")
        let (trip, route) = (
            try rows.requiredColumn("trip_id"), try rows.requiredColumn("route_id")
        )
        let direction = rows.column("direction_id")
        while try rows.next() {
            let id = try rows.text(trip)
            trips[id] = Trip(id: id, direction: Int(try rows.text(direction)) ?? 0)
            routeOfTrip[id] = try rows.text(route)
        }
        for (id, stops) in try readStops(cursor("stop_times.txt")) { trips[id]?.stops = stops }
        let byRoute = Dictionary(grouping: trips.values.filter { !$0.stops.isEmpty }) {
            routeOfTrip[$0.id] ?? ""
        }
        return byRoute.sorted { $0.key < $1.key }.map { route, trips in
            DemoRoute(id: route, trips: trips.sorted { $0.id < $1.id })
        }
    }

    private static func readStops(_ cursor: CSVCursor) throws -> [String: [String]] {
        var rows = cursor
        let (trip, stop) = (try rows.requiredColumn("trip_id"), try rows.requiredColumn("stop_id"))
        let sequence = try rows.requiredColumn("stop_sequence")
        var calls: [String: [(order: Int, stop: String)]] = [:]
        while try rows.next() {
            calls[try rows.text(trip), default: []].append(
                (Int(try rows.text(sequence)) ?? 0, try rows.text(stop)))
        }
        return calls.mapValues { calls in
            calls.sorted { $0.order < $1.order }.map(\.stop)
        }
    }
}

/// Where a bus is just now, in the file that its validator reads.
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

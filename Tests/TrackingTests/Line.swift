import Timetable
import TransitModel

/// A trip along a line given in metres east and north of a square in Kyiv, with a stop every so
/// often.
struct Line {
    let schedule: Schedule
    var shape: Shape { schedule.shapes[0] }
    var calls: ArraySlice<Call> { schedule.calls(of: 0) }
    var length: Double { shape.lengthMetres }

    static let centre = GeoPoint(latitude: 50.4501, longitude: 30.5234)
    /// Noon: seconds of the service day at which the trip departs.
    static let start = 43_200

    /// - Parameters:
    ///   - path: Corners in metres.
    ///   - stopEvery: Metres between stops; both ends have one.
    ///   - metresPerSecond: Between stops; at each the vehicle stands 20 seconds.
    init(
        _ path: [(Double, Double)], stopEvery spacing: Double, metresPerSecond: Double = 8,
        hasShape: Bool = true
    ) throws {
        let points = path.map { Self.centre.moved(eastMetres: $0.0, northMetres: $0.1) }
        let plain = Shape(id: "s", points: points)
        guard let plain else { throw Malformed() }
        let count = max(1, Int(plain.lengthMetres / spacing))
        var stops = "stop_id,stop_name,stop_lat,stop_lon\n"
        var times = "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n"
        for number in 0...count {
            let distance = plain.lengthMetres * Double(number) / Double(count)
            let place = plain.point(atMetres: distance)
            stops += "S\(number),Stop \(number),\(place.latitude),\(place.longitude)\n"
            let arrival =
                Self.start + Int(distance / metresPerSecond) + 20 * max(0, number - 1)
            let departure = number == 0 || number == count ? arrival : arrival + 20
            times += "T,\(number * 5),S\(number),\(Self.clock(arrival)),\(Self.clock(departure))\n"
        }
        var files = [
            "agency.txt": "agency_name,agency_url,agency_timezone\nA,http://a.ua,Europe/Kyiv\n",
            "routes.txt": "route_id,route_short_name,route_type\nR,7,0\n",
            "stops.txt": stops, "stop_times.txt": times,
            "trips.txt": "trip_id,route_id,service_id,shape_id\nT,R,day,s\n",
            "calendar_dates.txt": "service_id,date,exception_type\nday,20260302,1\n",
        ]
        if hasShape {
            files["shapes.txt"] = points.enumerated().reduce(
                into: "shape_id,shape_pt_sequence,shape_pt_lat,shape_pt_lon\n"
            ) { text, point in
                text += "s,\(point.offset),\(point.element.latitude),\(point.element.longitude)\n"
            }
        }
        schedule = try Schedule(files: files.mapValues { Array($0.utf8) })
    }

    struct Malformed: Error {}

    private static func clock(_ second: Int) -> String {
        [second / 3_600, second / 60 % 60, second % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    /// Where the timetable has the vehicle.
    func plannedMetres(at second: Int) -> Double {
        for (from, to) in zip(calls, calls.dropFirst()) where second < to.departure {
            if second <= from.departure { return from.distanceMetres }
            let part = Double(second - from.departure) / Double(max(1, to.arrival - from.departure))
            return from.distanceMetres
                + (to.distanceMetres - from.distanceMetres) * min(1, part)
        }
        return length
    }

    // MARK: - Lines that tell passes apart badly

    static let straight: [(Double, Double)] = [(0, 0), (0, 4_000)]
    static let ring: [(Double, Double)] = [
        (0, 0), (0, 1_500), (1_500, 1_500), (1_500, 0), (0, 0),
    ]
    /// Out and back on the same street.
    static let thereAndBack: [(Double, Double)] = [(0, 0), (2_500, 0), (0, 0)]
    /// Crosses its own way in the middle.
    static let eight: [(Double, Double)] = [
        (0, 0), (1_000, 1_000), (2_000, 0), (2_000, 1_000), (1_000, 0), (0, 1_000), (0, 10),
    ]
    /// Twice around the same block, and home.
    static let twice: [(Double, Double)] = [
        (0, 0), (800, 0), (800, 800), (0, 800), (0, 0), (800, 0), (800, 800), (0, 800), (0, 0),
        (-900, 0),
    ]
}

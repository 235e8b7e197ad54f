import Testing
import Timetable
import TransitModel

@Suite("Lines on the ground")
struct ShapeTests {
    private static let centre = GeoPoint(latitude: 50.4501, longitude: 30.5234)

    private func shape(_ corners: [(Double, Double)]) throws -> Shape {
        try #require(
            Shape(
                id: "s",
                points: corners.map {
                    Self.centre.moved(eastMetres: $0.0, northMetres: $0.1)
                }))
    }

    /// Where a trip's stops are found along a line.
    private func distances(
        of stops: [(Double, Double)], along corners: [(Double, Double)]
    ) throws -> [Double] {
        var text = "stop_id,stop_name,stop_lat,stop_lon\n"
        var times = ""
        for (number, stop) in stops.enumerated() {
            let place = Self.centre.moved(eastMetres: stop.0, northMetres: stop.1)
            text += "S\(number),S,\(place.latitude),\(place.longitude)\n"
            times += "t1,\(number),S\(number),08:\(10 + number):00,08:\(10 + number):00\n"
        }
        var points = "shape_id,shape_pt_sequence,shape_pt_lat,shape_pt_lon\n"
        for (number, point) in try shape(corners).points.enumerated() {
            points += "line,\(number),\(point.latitude),\(point.longitude)\n"
        }
        let schedule = try TestSchedule.load([
            "stops.txt": text, "shapes.txt": points,
            "stop_times.txt":
                "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n" + times,
        ])
        return schedule.calls(of: 0).map(\.distanceMetres)
    }

    private func expect(
        _ found: [Double], _ expected: [Double], within tolerance: Double = 3
    ) {
        #expect(found.count == expected.count)
        for (found, expected) in zip(found, expected) {
            #expect((found - expected).magnitude <= tolerance, "\(found) for \(expected)")
        }
    }

    @Test("Points, directions and parts by distance")
    func places() throws {
        let line = try shape([(0, 0), (0, 1_000), (0, 1_000), (500, 1_000)])
        #expect((line.lengthMetres - 1_500).magnitude < 1)
        #expect(
            (line.point(atMetres: 1_250).distanceMetres(to: line.points[3]) - 250).magnitude < 1)
        #expect(line.point(atMetres: -5) == line.points[0])
        #expect(line.point(atMetres: 9_999) == line.points[3])
        #expect(line.bearing(atMetres: 500) == 0)
        #expect((line.bearing(atMetres: 1_010) - 90).magnitude < 0.1)
        #expect((line.bearing(atMetres: 1_500) - 90).magnitude < 0.1)
        #expect(line.points(fromMetres: 900, toMetres: 1_100).count == 4)
        #expect(line.points(fromMetres: 1_100, toMetres: 900).isEmpty)
        #expect(Shape(id: nil, points: [Self.centre]) == nil)
        #expect(Shape(id: nil, points: [Self.centre, Self.centre]) == nil)
    }

    @Test("The nearest place, and every place that the line passes by")
    func projections() throws {
        let line = try shape([(0, 0), (1_000, 0), (1_000, 50), (0, 50)])
        let point = Self.centre.moved(eastMetres: 400, northMetres: 20)
        let nearest = line.project(point)
        #expect((nearest.distanceMetres - 400).magnitude < 1)
        #expect((nearest.offsetMetres - 20).magnitude < 1)
        let later = line.project(point, between: 800...line.lengthMetres)
        #expect((later.distanceMetres - 1_650).magnitude < 1)
        let all = line.projections(of: point)
        expect(all.map(\.distanceMetres), [400, 1_020, 1_650])
        // Beyond the corners, where both pieces end.
        let corner = Self.centre.moved(eastMetres: 1_200, northMetres: 25)
        expect(line.projections(of: corner).map(\.distanceMetres), [1_025])
    }

    @Test("A ring's first and last stop are its two ends")
    func ring() throws {
        let ring: [(Double, Double)] = [(0, 0), (0, 800), (800, 800), (800, 0), (0, 0)]
        expect(
            try distances(of: [(0, 0), (10, 600), (790, 400), (0, 0)], along: ring),
            [0, 600, 2_000, 3_200])
    }

    @Test("Out and back on one street: the way back lies beyond the turn")
    func thereAndBack() throws {
        let street: [(Double, Double)] = [(0, 0), (2_000, 0), (0, 0)]
        expect(
            try distances(
                of: [(0, 5), (700, -5), (1_400, -5), (2_000, 0), (1_300, 5), (650, 5), (0, 5)],
                along: street),
            [0, 700, 1_400, 2_000, 2_700, 3_350, 4_000])
    }

    @Test("Twice around the block: each round has its own stops")
    func twice() throws {
        let rounds: [(Double, Double)] = [
            (0, 0), (500, 0), (500, 500), (0, 500), (0, 0), (500, 0), (500, 500), (0, 500), (0, 0),
        ]
        expect(
            try distances(
                of: [(0, 0), (250, 0), (250, 500), (250, 0), (250, 500), (0, 100)], along: rounds),
            [0, 250, 1_250, 2_250, 3_250, 3_900])
    }

    @Test("Two stops on one piece stay in order though their places do not")
    func swapped() throws {
        let found = try distances(
            of: [(0, 0), (510, 3), (490, -3), (1_000, 0)], along: [(0, 0), (1_000, 0)])
        #expect(found == found.sorted())
        expect(found, [0, 500, 500, 1_000], within: 12)
    }

    @Test("Stops are never out of order, on any line", arguments: UInt64(1)...40)
    func ordered(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func place() -> (Double, Double) {
            (.random(in: 0...2_000, using: &random), .random(in: 0...2_000, using: &random))
        }
        let corners = (0..<Int.random(in: 2...30, using: &random)).map { _ in place() }
        let line = try shape(corners)
        // Stops that truly lie along the line are found within their own offset.
        var along = (0..<12).map { _ in Double.random(in: 0...line.lengthMetres, using: &random) }
        along.sort()
        let plane = LocalPlane(around: Self.centre)
        let stops = along.map { distance in
            let place = plane.position(of: line.point(atMetres: distance))
            return (place.east, place.north)
        }
        let found = try distances(of: stops, along: corners)
        #expect(found == found.sorted())
        for (distance, stop) in zip(found, stops) {
            let point = Self.centre.moved(eastMetres: stop.0, northMetres: stop.1)
            #expect(line.point(atMetres: distance).distanceMetres(to: point) < 3)
        }
    }
}

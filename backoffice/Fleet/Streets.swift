import TransitModel

/// The lines along which vehicles run, simplified for drawing.
package struct Streets: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let route: VehicleService.Route
        package let points: [GeoPoint]

        package init(route: VehicleService.Route, points: [GeoPoint]) {
            self.route = route
            self.points = points
        }
    }

    package struct Stop: Hashable, Sendable {
        package let point: GeoPoint
        package let name: LocalText

        package init(point: GeoPoint, name: LocalText) {
            self.point = point
            self.name = name
        }
    }

    /// Changes with the feed.
    package let version: String
    package let lines: [Line]
    package let stops: [Stop]

    package init(version: String, lines: [Line], stops: [Stop]) {
        self.version = version
        self.lines = lines
        self.stops = stops
    }
}

/// Leaves out the points of a line that nobody would miss (Douglas and Peucker, 1973).
package enum LineSimplification {
    /// - Parameter tolerance: How far, in metres, a point that is left out may lie from the line.
    /// - Returns: The first point, the last one, and those between that matter, in order.
    package static func simplify(
        _ points: [GeoPoint], toleranceMetres tolerance: Double
    ) -> [GeoPoint] {
        guard let first = points.first, points.count > 2 else { return points }
        let plane = LocalPlane(around: first)
        let flat = points.map(plane.position(of:))
        var isKept = Array(repeating: false, count: points.count)
        isKept[0] = true
        isKept[points.count - 1] = true
        // A stack of our own: a line of a hundred thousand points must not exhaust the thread's.
        var spans = [(from: 0, to: points.count - 1)]
        while let (from, to) = spans.popLast() {
            var (farthest, greatest) = (from, tolerance * tolerance)
            for index in (from + 1)..<max(to, from + 1) {
                let square = squaredDistance(flat[index], from: flat[from], to: flat[to])
                if square > greatest { (farthest, greatest) = (index, square) }
            }
            guard farthest > from else { continue }
            isKept[farthest] = true
            spans.append((from, farthest))
            spans.append((farthest, to))
        }
        return zip(points, isKept).filter(\.1).map(\.0)
    }

    private static func squaredDistance(
        _ point: (east: Double, north: Double), from start: (east: Double, north: Double),
        to end: (east: Double, north: Double)
    ) -> Double {
        let (dx, dy) = (end.east - start.east, end.north - start.north)
        let (px, py) = (point.east - start.east, point.north - start.north)
        let length = dx * dx + dy * dy
        let fraction = length > 0 ? min(max((px * dx + py * dy) / length, 0), 1) : 0
        let (ex, ey) = (px - fraction * dx, py - fraction * dy)
        return ex * ex + ey * ey
    }
}

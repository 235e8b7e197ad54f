package import TransitModel

/// A line on the ground with distances along it.
package struct Shape: Hashable, Sendable {
    /// A place on the line that is nearest to another place.
    package struct Projection: Hashable, Sendable {
        package let distanceMetres: Double
        /// How far the other place lies from the line.
        package let offsetMetres: Double
    }

    /// `nil` where the feed has no shape, and this one goes straight from stop to stop.
    package let id: ShapeID?
    /// At least two.
    package let points: [GeoPoint]
    /// The distance of each point from the first along the line; never falls.
    package let cumulativeMetres: [Double]
    private let plane: LocalPlane

    package var lengthMetres: Double { cumulativeMetres.last ?? 0 }

    /// - Returns: `nil` for fewer than two points, or a line without any length.
    package init?(id: ShapeID?, points: [GeoPoint]) {
        guard let first = points.first, let last = points.last else { return nil }
        plane = LocalPlane(around: first.interpolated(to: last, fraction: 0.5))
        var total = 0.0
        var cumulative: [Double] = []
        cumulative.reserveCapacity(points.count)
        var previous = first
        for point in points {
            total += previous.distanceMetres(to: point)
            cumulative.append(total)
            previous = point
        }
        guard total > 0 else { return nil }
        self.id = id
        self.points = points
        cumulativeMetres = cumulative
    }

    /// The place at a distance; beyond the ends, the end.
    package func point(atMetres distance: Double) -> GeoPoint {
        let (segment, fraction) = locate(distance)
        return points[segment].interpolated(to: points[segment + 1], fraction: fraction)
    }

    /// The direction of travel at a distance, in degrees clockwise from north.
    package func bearing(atMetres distance: Double) -> Double {
        var segment = locate(distance).segment
        // Points that repeat have no direction of their own.
        while segment + 2 < points.count, points[segment] == points[segment + 1] { segment += 1 }
        while segment > 0, points[segment] == points[segment + 1] { segment -= 1 }
        return points[segment].bearing(to: points[segment + 1])
    }

    /// The line between two distances, with both ends; empty when they are in the wrong order.
    package func points(fromMetres start: Double, toMetres end: Double) -> [GeoPoint] {
        guard start <= end else { return [] }
        let between = (upperIndex(of: start)..<cumulativeMetres.endIndex)
            .prefix { cumulativeMetres[$0] < end }
        return [point(atMetres: start)] + between.map { points[$0] } + [point(atMetres: end)]
    }

    /// The place nearest to a point among those between two distances; of equally near ones the
    /// first.
    package func project(
        _ point: GeoPoint, between range: ClosedRange<Double>? = nil
    ) -> Projection {
        let range = range ?? 0...lengthMetres
        let first = locate(range.lowerBound).segment
        let last = locate(range.upperBound).segment
        let target = plane.position(of: point)
        var best = Projection(distanceMetres: range.lowerBound, offsetMetres: .infinity)
        for segment in first...max(first, last) {
            let flat = FlatSegment(
                from: plane.position(of: points[segment]),
                to: plane.position(of: points[segment + 1]))
            let start = cumulativeMetres[segment]
            let length = cumulativeMetres[segment + 1] - start
            let lower = length > 0 ? (range.lowerBound - start) / length : 0
            let upper = length > 0 ? (range.upperBound - start) / length : 1
            let (fraction, square) = flat.nearest(
                to: target, between: min(max(lower, 0), 1), and: min(max(upper, 0), 1))
            let offset = square.squareRoot()
            if offset < best.offsetMetres {
                best = Projection(
                    distanceMetres: start + fraction * length, offsetMetres: offset)
            }
        }
        return best
    }

    /// Every place between two distances that is nearer to a point than its surroundings are, in
    /// order: one for each time that the line passes by.
    package func projections(
        of point: GeoPoint, between range: ClosedRange<Double>? = nil
    ) -> [Projection] {
        let range = range ?? 0...lengthMetres
        let first = locate(range.lowerBound).segment
        let last = locate(range.upperBound).segment
        let target = plane.position(of: point)
        var found: [Projection] = []
        // The end of the piece before, where that is its nearest place: a place of the line only
        // if the next piece leads away from it too.
        var corner: Projection?
        var isFirst = true
        for segment in first...max(first, last) {
            let start = cumulativeMetres[segment]
            let length = cumulativeMetres[segment + 1] - start
            guard length > 0 else { continue }
            let flat = FlatSegment(
                from: plane.position(of: points[segment]),
                to: plane.position(of: points[segment + 1]))
            let (fraction, square) = flat.nearest(to: target)
            let place = Projection(
                distanceMetres: start + fraction * length, offsetMetres: square.squareRoot())
            if fraction <= 0 {
                if corner != nil || isFirst { found.append(place) }
                corner = nil
            } else if fraction >= 1 {
                corner = place
            } else {
                found.append(place)
                corner = nil
            }
            isFirst = false
        }
        if let corner { found.append(corner) }
        return found
    }

    /// The first index whose distance is above `distance`.
    private func upperIndex(of distance: Double) -> Int {
        var low = 0
        var high = cumulativeMetres.count
        while low < high {
            let middle = (low + high) / 2
            if cumulativeMetres[middle] <= distance { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func locate(_ distance: Double) -> (segment: Int, fraction: Double) {
        let segment = min(max(upperIndex(of: distance) - 1, 0), points.count - 2)
        let length = cumulativeMetres[segment + 1] - cumulativeMetres[segment]
        guard length > 0 else { return (segment, 0) }
        return (segment, min(max((distance - cumulativeMetres[segment]) / length, 0), 1))
    }
}

/// A straight piece on a flat map.
struct FlatSegment {
    let x: Double
    let y: Double
    let dx: Double
    let dy: Double
    private let inverseSquare: Double

    init(from start: (east: Double, north: Double), to end: (east: Double, north: Double)) {
        x = start.east
        y = start.north
        dx = end.east - start.east
        dy = end.north - start.north
        let square = dx * dx + dy * dy
        inverseSquare = square > 0 ? 1 / square : 0
    }

    /// The fraction of the piece that is nearest to a point, and the square of its distance.
    @inline(__always)
    func nearest(
        to point: (east: Double, north: Double), between lower: Double = 0, and upper: Double = 1
    ) -> (fraction: Double, square: Double) {
        let px = point.east - x
        let py = point.north - y
        let fraction = min(max((px * dx + py * dy) * inverseSquare, lower), upper)
        let ex = px - fraction * dx
        let ey = py - fraction * dy
        return (fraction, ex * ex + ey * ey)
    }
}

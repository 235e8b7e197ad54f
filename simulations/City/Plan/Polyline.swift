/// A line of straight pieces, measured from its beginning.
struct Polyline: Sendable {
    let points: [Spot]
    /// The distance at which each point lies.
    let distances: [Double]

    /// - Parameter points: At least two.
    init(_ points: [Spot]) {
        precondition(points.count > 1, "A line has two ends")
        self.points = points
        var distances = [0.0]
        distances.reserveCapacity(points.count)
        for index in 1..<points.count {
            distances.append(distances[index - 1] + points[index - 1].distance(to: points[index]))
        }
        self.distances = distances
    }

    var length: Double { distances[distances.count - 1] }
    var first: Spot { points[0] }
    var last: Spot { points[points.count - 1] }

    var reversed: Polyline { Polyline(points.reversed()) }

    func point(at distance: Double) -> Spot {
        let piece = piece(at: distance)
        let span = distances[piece + 1] - distances[piece]
        let fraction = span > 0 ? (distance - distances[piece]) / span : 0
        return points[piece] + (points[piece + 1] - points[piece]) * min(max(fraction, 0), 1)
    }

    /// The direction of travel, of length one.
    func direction(at distance: Double) -> Spot {
        let piece = piece(at: distance)
        return (points[piece + 1] - points[piece]).unit
    }

    /// What lies between two distances.
    func slice(from start: Double, to end: Double) -> Polyline {
        var inner: [Spot] = [point(at: start)]
        for (index, distance) in distances.enumerated() where distance > start + 0.01 {
            guard distance < end - 0.01 else { break }
            inner.append(points[index])
        }
        return Polyline(inner + [point(at: end)])
    }

    /// The distance of the place on the line that lies nearest to a spot, among those in a range.
    func nearest(to spot: Spot, from start: Double, to end: Double) -> Double {
        var best = (gap: Double.infinity, distance: start)
        var index = piece(at: start)
        while index + 1 < points.count, distances[index] <= end {
            let span = points[index + 1] - points[index]
            let square = span.dot(span)
            let fraction =
                square > 0 ? min(max((spot - points[index]).dot(span) / square, 0), 1) : 0
            let distance = min(
                max(distances[index] + fraction * square.squareRoot(), start), end)
            let gap = spot.distance(to: point(at: distance))
            if gap < best.gap - 0.001 { best = (gap, distance) }
            index += 1
        }
        return best.distance
    }

    private func piece(at distance: Double) -> Int {
        var low = 0
        var high = distances.count - 2
        while low < high {
            let middle = (low + high + 1) / 2
            if distances[middle] <= distance { low = middle } else { high = middle - 1 }
        }
        return low
    }
}

// MARK: - From streets to the way of a vehicle

extension Polyline {
    /// The line with corners as a long vehicle drives them.
    func roundingCorners(radius: Double) -> Polyline {
        var smooth = [first]
        for index in 1..<(points.count - 1) {
            let (before, corner, after) = (points[index - 1], points[index], points[index + 1])
            let (arriving, leaving) = (corner - before, after - corner)
            guard arriving.unit.turn(into: leaving.unit) > 15 else {
                smooth.append(corner)
                continue
            }
            let reach = min(radius, arriving.length * 0.45, leaving.length * 0.45)
            let start = corner - arriving.unit * reach
            let end = corner + leaving.unit * reach
            for step in 0...4 {
                let t = Double(step) / 4
                let (a, b) = (start + (corner - start) * t, corner + (end - corner) * t)
                smooth.append(a + (b - a) * t)
            }
        }
        return Polyline(smooth + [last])
    }

    /// The line without the points that change it by less than `tolerance` (Douglas, Peucker).
    func simplified(tolerance: Double) -> Polyline {
        var isKept = [Bool](repeating: false, count: points.count)
        isKept[0] = true
        isKept[points.count - 1] = true
        var ranges = [(0, points.count - 1)]
        while let (start, end) = ranges.popLast() {
            let span = points[end] - points[start]
            var farthest = (gap: tolerance, index: -1)
            for index in (start + 1)..<max(end, start + 1) {
                let offset = points[index] - points[start]
                let gap =
                    span.length > 1 ? abs(span.unit.cross(offset)) : offset.length
                if gap > farthest.gap { farthest = (gap, index) }
            }
            guard farthest.index > 0 else { continue }
            isKept[farthest.index] = true
            ranges += [(start, farthest.index), (farthest.index, end)]
        }
        return Polyline(zip(points, isKept).filter(\.1).map(\.0))
    }

    /// The line moved to its right-hand side, where traffic drives.
    func shiftedRight(by metres: Double) -> Polyline {
        Polyline(
            points.indices.map { index in
                let arriving = index > 0 ? (points[index] - points[index - 1]).unit : .centre
                let leaving =
                    index + 1 < points.count ? (points[index + 1] - points[index]).unit : .centre
                return points[index] + (arriving + leaving).unit.right * metres
            })
    }
}

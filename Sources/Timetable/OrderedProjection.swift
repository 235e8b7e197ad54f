internal import TransitModel

/// Finds where along a line a trip's stops lie, in the order in which the trip calls at them.
///
/// The nearest point alone is wrong wherever a line passes a place twice: on loops, at termini
/// where it turns back on itself, where it crosses its own way. So all stops are placed at once:
/// of all placements that never go backwards, the one with the least sum of squared offsets, by
/// dynamic programming over stops and segments. Of equally good ones the earliest.
enum OrderedProjection {
    /// Above this many pairs of stop and segment the search would take seconds; stops are then
    /// spread by their straight distances, which is what such a feed deserves.
    private static let pairLimit = 20_000_000

    /// A placement of one stop on one segment, with the best of all before it.
    private struct State {
        var cost: Double
        var along: Double
        var square: Double
        /// The segment of the stop before.
        var previous: Int32
    }

    /// - Returns: One projection for each stop, never falling along the line.
    static func place(_ stops: [GeoPoint], along shape: Shape) -> [Shape.Projection] {
        let segmentCount = shape.points.count - 1
        guard !stops.isEmpty else { return [] }
        guard stops.count * segmentCount <= pairLimit else { return spread(stops, along: shape) }
        let middle = shape.points[segmentCount / 2]
        let plane = LocalPlane(around: middle)
        let flat = shape.points.map { plane.position(of: $0) }
        let segments = (0..<segmentCount).map { FlatSegment(from: flat[$0], to: flat[$0 + 1]) }
        var states: [State] = []
        states.reserveCapacity(stops.count * segmentCount)
        for (number, stop) in stops.enumerated() {
            append(
                plane.position(of: stop), isFirst: number == 0, segments, shape.cumulativeMetres,
                to: &states)
        }
        return trace(states, stops.count, segmentCount)
    }

    /// Adds a stop's states, one for each segment.
    private static func append(
        _ stop: (east: Double, north: Double), isFirst: Bool, _ segments: [FlatSegment],
        _ cumulative: [Double], to states: inout [State]
    ) {
        let before = states.count - segments.count
        var bestCost = isFirst ? 0 : Double.infinity
        var bestSegment: Int32 = -1
        for (number, segment) in segments.enumerated() {
            if !isFirst, number > 0, states[before + number - 1].cost < bestCost {
                bestCost = states[before + number - 1].cost
                bestSegment = Int32(number - 1)
            }
            let start = cumulative[number]
            let length = cumulative[number + 1] - start
            let (fraction, square) = segment.nearest(to: stop)
            var state = State(
                cost: bestCost + square, along: start + fraction * length, square: square,
                previous: bestSegment)
            if !isFirst {
                // The stop before may lie on this very segment; this one then not before it.
                let same = states[before + number]
                let lower = length > 0 ? min(max((same.along - start) / length, 0), 1) : 0
                let (behind, square) = segment.nearest(to: stop, between: lower)
                if same.cost + square < state.cost {
                    state = State(
                        cost: same.cost + square, along: start + behind * length, square: square,
                        previous: Int32(number))
                }
            }
            states.append(state)
        }
    }

    /// Follows the best last placement back to the first.
    private static func trace(
        _ states: [State], _ stopCount: Int, _ segmentCount: Int
    ) -> [Shape.Projection] {
        var row = (stopCount - 1) * segmentCount
        var best = row
        for index in row..<(row + segmentCount) where states[index].cost < states[best].cost {
            best = index
        }
        var result: [Shape.Projection] = []
        var state = states[best]
        while true {
            result.append(
                Shape.Projection(
                    distanceMetres: state.along, offsetMetres: state.square.squareRoot()))
            guard state.previous >= 0, row >= segmentCount else { break }
            row -= segmentCount
            state = states[row + Int(state.previous)]
        }
        return result.reversed()
    }

    private static func spread(_ stops: [GeoPoint], along shape: Shape) -> [Shape.Projection] {
        var total = 0.0
        var distances = [0.0]
        for (stop, next) in zip(stops, stops.dropFirst()) {
            total += stop.distanceMetres(to: next)
            distances.append(total)
        }
        let scale = total > 0 ? shape.lengthMetres / total : 0
        return zip(stops, distances).map { stop, distance in
            let along = min(distance * scale, shape.lengthMetres)
            return Shape.Projection(
                distanceMetres: along,
                offsetMetres: shape.point(atMetres: along).distanceMetres(to: stop))
        }
    }
}

internal import TransitModel

/// Turns records of `stop_times.txt` into calls: where along its line each stop lies, and when
/// the vehicle is there.
struct CallPlacement {
    struct Placed {
        var shape: Int?
        var calls: [Call] = []
    }

    /// Trips that call at the same stops along the same line.
    private struct PatternKey: Hashable {
        let shape: Int?
        let stops: [Int32]
    }

    private struct Pattern {
        let shape: Int?
        let distances: [Double]
        let farCount: Int
    }

    /// A stop further from its line than this is counted as a gap.
    private static let farMetres = 300.0

    /// The feed's shapes, and then the straight lines that stand in for missing ones.
    private(set) var shapes: [Shape] = []
    /// Calls at stops that lie far from their shape.
    private(set) var farCount = 0
    private var statedDistances: [[Double]?] = []
    private var stops: [GeoPoint?] = []
    private var patterns: [PatternKey: Pattern] = [:]

    init() {}

    init(_ table: ShapeTable, stops: [GeoPoint?]) {
        shapes = table.shapes
        statedDistances = table.statedDistances
        self.stops = stops
    }

    /// - Returns: No calls for a trip that has fewer than two.
    mutating func place(
        _ rows: ArraySlice<StopTimeTable.Row>, of trip: TripTable.Record, _ limits: Schedule.Limits
    ) throws(FeedError) -> Placed {
        guard rows.count >= 2, let first = rows.first else { return Placed(shape: trip.shape) }
        guard rows.count <= limits.callsPerTrip else {
            throw FeedError(
                file: StopTimeTable.file, line: Int(first.line), field: "trip_id",
                .tooLarge("over \(limits.callsPerTrip) calls of one trip"))
        }
        let (shape, distances) = distances(of: rows, along: trip.shape)
        let timed = try CallTimes(rows, distances)
        var calls: [Call] = []
        calls.reserveCapacity(rows.count)
        for (number, row) in rows.enumerated() {
            calls.append(
                Call(
                    stop: Int(row.stop), sequence: Int(row.sequence),
                    arrival: timed.arrivals[number], departure: timed.departures[number],
                    distanceMetres: distances[number]))
        }
        return Placed(shape: shape, calls: calls)
    }

    private mutating func distances(
        of rows: ArraySlice<StopTimeTable.Row>, along shape: Int?
    ) -> (shape: Int?, metres: [Double]) {
        if let shape, let stated = statedDistances[shape],
            let metres = shapes[shape].metres(ofStated: rows.map { Double($0.stated) }, stated)
        {
            return (shape, metres)
        }
        let key = PatternKey(shape: shape, stops: rows.map(\.stop))
        let pattern: Pattern
        if let known = patterns[key] {
            pattern = known
        } else {
            pattern = makePattern(key)
            patterns[key] = pattern
        }
        farCount += pattern.farCount
        return (pattern.shape, pattern.distances)
    }

    private mutating func makePattern(_ key: PatternKey) -> Pattern {
        let places = key.stops.map { stops[Int($0)] }
        guard let shape = key.shape else { return makeStraightPattern(places) }
        let known = places.enumerated().compactMap { number, place in place.map { (number, $0) } }
        let projections = OrderedProjection.place(known.map(\.1), along: shapes[shape])
        let placed = zip(known, projections).map { ($0.0, $1.distanceMetres) }
        return Pattern(
            shape: shape,
            distances: Self.filled(placed, count: places.count, length: shapes[shape].lengthMetres),
            farCount: projections.count { $0.offsetMetres > Self.farMetres })
    }

    /// A line from stop to stop, as long as two of them say where they are.
    private mutating func makeStraightPattern(_ places: [GeoPoint?]) -> Pattern {
        let known = places.enumerated().compactMap { number, place in place.map { (number, $0) } }
        guard let line = Shape(id: nil, points: known.map(\.1)) else {
            return Pattern(
                shape: nil, distances: Array(repeating: 0, count: places.count), farCount: 0)
        }
        shapes.append(line)
        statedDistances.append(nil)
        let placed = zip(known, line.cumulativeMetres).map { ($0.0, $1) }
        return Pattern(
            shape: shapes.count - 1,
            distances: Self.filled(placed, count: places.count, length: line.lengthMetres),
            farCount: 0)
    }

    /// Spreads stops without a position evenly between their neighbours.
    private static func filled(
        _ known: [(number: Int, metres: Double)], count: Int, length: Double
    ) -> [Double] {
        guard known.count < count else { return known.map(\.metres) }
        var anchors = known
        if anchors.first?.number != 0 { anchors.insert((0, 0), at: 0) }
        if anchors.last?.number != count - 1 { anchors.append((count - 1, length)) }
        var result = Array(repeating: 0.0, count: count)
        for (start, end) in zip(anchors, anchors.dropFirst()) {
            for number in start.number...end.number {
                let fraction = Double(number - start.number) / Double(end.number - start.number)
                result[number] = start.metres + (end.metres - start.metres) * fraction
            }
        }
        return result
    }
}

extension Shape {
    /// Distances in the feed's own unit as metres along this line.
    ///
    /// - Parameter points: The same unit's distance of each point of the line; never falls.
    /// - Returns: `nil` when one is missing, falls, or lies beyond the line's ends by more than
    ///   rounding explains: the stops are then projected instead.
    fileprivate func metres(ofStated stated: [Double], _ points: [Double]) -> [Double]? {
        guard let first = points.first, let last = points.last else { return nil }
        let slack = (last - first) * 0.001
        var segment = 0
        var previous = -Double.infinity
        var result: [Double] = []
        result.reserveCapacity(stated.count)
        for value in stated {
            guard value >= previous, value >= first - slack, value <= last + slack else {
                return nil
            }
            previous = value
            while segment + 2 < points.count, points[segment + 1] < value { segment += 1 }
            let span = points[segment + 1] - points[segment]
            let fraction = span > 0 ? min(max((value - points[segment]) / span, 0), 1) : 0
            let start = cumulativeMetres[segment]
            result.append(start + (cumulativeMetres[segment + 1] - start) * fraction)
        }
        return result
    }
}

/// The times of one trip's calls, with those that the feed leaves out filled in by distance.
struct CallTimes {
    private(set) var arrivals: [Int]
    private(set) var departures: [Int]

    /// - Parameter distances: Metres along the line for each row.
    /// - Throws: ``FeedError`` when the ends have no time, or time runs backwards.
    init(
        _ rows: ArraySlice<StopTimeTable.Row>, _ distances: [Double]
    ) throws(FeedError) {
        arrivals = []
        departures = []
        arrivals.reserveCapacity(rows.count)
        departures.reserveCapacity(rows.count)
        var latest = 0
        var hasMissing = false
        for (index, row) in zip(rows.indices, rows) {
            let arrival = Int(row.arrival >= 0 ? row.arrival : row.departure)
            let departure = Int(row.departure >= 0 ? row.departure : row.arrival)
            if arrival < 0 {
                guard index != rows.startIndex, index != rows.endIndex - 1 else {
                    throw Self.failure(row, "arrival_time", .missingValue)
                }
                hasMissing = true
            } else {
                guard arrival >= latest else {
                    throw Self.backwards(row, "arrival_time", arrival, since: latest)
                }
                guard departure >= arrival else {
                    throw Self.backwards(row, "departure_time", departure, since: arrival)
                }
                latest = departure
            }
            arrivals.append(arrival)
            departures.append(departure)
        }
        if hasMissing { interpolate(distances) }
    }

    private mutating func interpolate(_ distances: [Double]) {
        var known = 0
        for next in 1..<arrivals.count where arrivals[next] >= 0 {
            let seconds = Double(arrivals[next] - departures[known])
            let metres = distances[next] - distances[known]
            for call in (known + 1)..<max(next, known + 1) {
                let fraction =
                    metres > 0
                    ? (distances[call] - distances[known]) / metres
                    : Double(call - known) / Double(next - known)
                let second = departures[known] + Int((seconds * fraction).rounded())
                arrivals[call] = second
                departures[call] = second
            }
            known = next
        }
    }

    private static func backwards(
        _ row: StopTimeTable.Row, _ field: String, _ second: Int, since earlier: Int
    ) -> FeedError {
        failure(
            row, field,
            .malformedValue(
                TimeText.text(second), expected: "\(TimeText.text(earlier)) or later"))
    }

    private static func failure(
        _ row: StopTimeTable.Row, _ field: String, _ problem: FeedError.Problem
    ) -> FeedError {
        FeedError(file: StopTimeTable.file, line: Int(row.line), field: field, problem)
    }
}

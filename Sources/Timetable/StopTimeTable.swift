internal import TransitModel

/// `stop_times.txt` by trip and in order, the longest table of a feed.
struct StopTimeTable {
    /// One record in 28 bytes; -1 stands for what it leaves out.
    struct Row {
        let trip: Int32
        let sequence: Int32
        let stop: Int32
        var arrival: Int32
        var departure: Int32
        /// `shape_dist_traveled`; not a number where it is left out.
        let stated: Float
        let line: Int32
    }

    static let file = "stop_times.txt"

    private(set) var rows: [Row] = []
    /// The rows of each trip; empty where it has none.
    private(set) var rangeOfTrip: [Range<Int>]
    /// Records that name an area instead of a stop.
    private(set) var flexibleCount = 0

    init(
        _ source: GTFSTables.Source, _ limits: Schedule.Limits, trips: ByteIndex, stops: [Stop]
    ) throws(FeedError) {
        rangeOfTrip = Array(repeating: 0..<0, count: trips.count)
        guard let cursor = try source.cursor(Self.file) else { return }
        try read(cursor, limits, trips, stops)
        if !isOrdered {
            rows.sort { ($0.trip, $0.sequence, $0.line) < ($1.trip, $1.sequence, $1.line) }
        }
        try findTrips()
    }

    private mutating func read(
        _ cursor: consuming CSVCursor, _ limits: Schedule.Limits, _ trips: ByteIndex,
        _ stops: [Stop]
    ) throws(FeedError) {
        var row = cursor
        let columns = try Columns(row)
        var stopNumbers = ByteIndex()
        for stop in stops { _ = stopNumbers.insert(Array(stop.id.rawValue.utf8)[...]) }
        var current: (bytes: ArraySlice<UInt8>, number: Int)?
        while try row.next() {
            let bytes = row.bytes(columns.trip)
            let trip: Int
            if let current, current.bytes == bytes {
                trip = current.number
            } else {
                trip = try columns.trip(of: row, in: trips)
                current = (bytes, trip)
            }
            let stopID = row.bytes(columns.stop)
            guard !stopID.isEmpty else {
                try columns.requireArea(row)
                flexibleCount += 1
                continue
            }
            guard let stop = stopNumbers.find(stopID), stops[stop].locationType == .stop else {
                throw row.failure(
                    columns.stop,
                    .unknownReference(
                        try row.text(columns.stop), target: "stops.stop_id of type 0"))
            }
            guard let sequence = try row.wholeNumber(columns.sequence) else {
                throw row.failure(columns.sequence, .missingValue)
            }
            guard rows.count < limits.calls else {
                throw FeedError(
                    file: row.file, line: row.line, .tooLarge("over \(limits.calls) records"))
            }
            let distance = try row.decimal(columns.distance, expected: "a distance")
            rows.append(
                Row(
                    trip: Int32(trip), sequence: Int32(sequence), stop: Int32(stop),
                    arrival: Int32(try row.seconds(columns.arrival) ?? -1),
                    departure: Int32(try row.seconds(columns.departure) ?? -1),
                    stated: distance.map { Float($0) } ?? .nan, line: Int32(row.line)))
        }
    }

    private var isOrdered: Bool {
        var seen = Array(repeating: false, count: rangeOfTrip.count)
        var previous: Row?
        for row in rows {
            if let previous, previous.trip == row.trip {
                guard previous.sequence < row.sequence else { return false }
            } else {
                guard !seen[Int(row.trip)] else { return false }
                seen[Int(row.trip)] = true
            }
            previous = row
        }
        return true
    }

    private mutating func findTrips() throws(FeedError) {
        var start = 0
        while start < rows.count {
            var end = start + 1
            while end < rows.count, rows[end].trip == rows[start].trip {
                guard rows[end - 1].sequence < rows[end].sequence else {
                    throw FeedError(
                        file: Self.file, line: Int(rows[end].line), field: "stop_sequence",
                        .duplicate("\(rows[end].sequence)"))
                }
                end += 1
            }
            rangeOfTrip[Int(rows[start].trip)] = start..<end
            start = end
        }
    }

    private struct Columns {
        let trip: CSVCursor.Column
        let stop: CSVCursor.Column
        let sequence: CSVCursor.Column
        let arrival: CSVCursor.Column
        let departure: CSVCursor.Column
        let distance: CSVCursor.Column
        let areas: [CSVCursor.Column]

        init(_ cursor: borrowing CSVCursor) throws(FeedError) {
            trip = try cursor.requiredColumn("trip_id")
            sequence = try cursor.requiredColumn("stop_sequence")
            areas = [cursor.column("location_group_id"), cursor.column("location_id")]
            stop =
                areas.contains(where: \.isPresent)
                ? cursor.column("stop_id") : try cursor.requiredColumn("stop_id")
            arrival = cursor.column("arrival_time")
            departure = cursor.column("departure_time")
            distance = cursor.column("shape_dist_traveled")
        }

        func trip(of row: borrowing CSVCursor, in trips: ByteIndex) throws(FeedError) -> Int {
            if let found = trips.find(row.bytes(trip)) { return found }
            throw row.failure(
                trip,
                .unknownReference(try row.requiredText(trip), target: "trips.trip_id"))
        }

        func requireArea(_ row: borrowing CSVCursor) throws(FeedError) {
            for area in areas where !row.bytes(area).isEmpty { return }
            throw row.failure(stop, .missingValue)
        }
    }
}

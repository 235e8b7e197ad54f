internal import TransitModel

/// A record of `frequencies.txt`: a trip repeats between two times of day.
struct Frequency {
    let start: Int
    /// The first second at which it no longer starts.
    let end: Int
    let headwaySeconds: Int
    let isExact: Bool
    let line: Int
}

/// `frequencies.txt` by trip.
struct FrequencyTable {
    private(set) var ofTrip: [Int: [Frequency]] = [:]

    init(_ source: GTFSTables.Source, trips: ByteIndex) throws(FeedError) {
        guard var row = try source.cursor("frequencies.txt") else { return }
        let trip = try row.requiredColumn("trip_id")
        let start = try row.requiredColumn("start_time")
        let end = try row.requiredColumn("end_time")
        let headway = try row.requiredColumn("headway_secs")
        let exact = row.column("exact_times")
        while try row.next() {
            guard let number = trips.find(row.bytes(trip)) else {
                throw row.failure(
                    trip,
                    .unknownReference(try row.requiredText(trip), target: "trips.trip_id"))
            }
            guard let first = try row.seconds(start) else {
                throw row.failure(start, .missingValue)
            }
            guard let last = try row.seconds(end) else { throw row.failure(end, .missingValue) }
            guard first < last else {
                throw row.failure(
                    end,
                    .malformedValue(
                        TimeText.text(last), expected: "after \(TimeText.text(first))"))
            }
            let seconds = try row.integer(
                headway, in: 1...86_400, expected: "a whole number of seconds from 1")
            guard let seconds else { throw row.failure(headway, .missingValue) }
            for other in ofTrip[number] ?? [] where first < other.end && other.start < last {
                throw row.failure(start, .forbidden("overlaps line \(other.line) of the same trip"))
            }
            let isExact = try row.integer(exact, in: 0...1, expected: "0 or 1") == 1
            ofTrip[number, default: []].append(
                Frequency(
                    start: first, end: last, headwaySeconds: seconds, isExact: isExact,
                    line: row.line))
        }
    }
}

internal import TransitModel

/// `shapes.txt`: lines, and the distances that the feed states along them.
struct ShapeTable {
    private(set) var shapes: [Shape] = []
    /// `shape_dist_traveled` of each point of each shape, in the feed's own unit; `nil` for
    /// shapes that do not state it throughout, or not rising.
    private(set) var statedDistances: [[Double]?] = []
    /// An index of ``shapes`` for each shape of the feed; `nil` for one that is no line.
    private(set) var index: [ShapeID: Int?] = [:]

    var isEmpty: Bool { index.isEmpty }

    init() {}

    private struct Point {
        let sequence: Int
        let point: GeoPoint
        let stated: Double?
        let line: Int
    }

    init(_ source: GTFSTables.Source, _ limits: Schedule.Limits) throws(FeedError) {
        guard var row = try source.cursor("shapes.txt") else { return }
        let id = try row.requiredColumn("shape_id")
        let latitude = try row.requiredColumn("shape_pt_lat")
        let longitude = try row.requiredColumn("shape_pt_lon")
        let sequence = try row.requiredColumn("shape_pt_sequence")
        let stated = row.column("shape_dist_traveled")
        var names: [ShapeID] = []
        var numbers = ByteIndex()
        var points: [[Point]] = []
        var total = 0
        var current: (bytes: ArraySlice<UInt8>, number: Int)?
        while try row.next() {
            let bytes = row.bytes(id)
            let number: Int
            if let current, current.bytes == bytes {
                number = current.number
            } else {
                if let new = numbers.insert(bytes) {
                    number = new
                    names.append(try row.id(id))
                    points.append([])
                } else {
                    number = numbers.find(bytes) ?? 0
                }
                current = (bytes, number)
            }
            total += 1
            guard total <= limits.shapePoints, points[number].count < limits.pointsPerShape else {
                throw FeedError(
                    file: row.file, line: row.line, .tooLarge("more points than any honest shape"))
            }
            guard let place = try row.position(latitude, longitude) else {
                throw row.failure(latitude, .missingValue)
            }
            guard let order = try row.wholeNumber(sequence) else {
                throw row.failure(sequence, .missingValue)
            }
            points[number].append(
                Point(
                    sequence: order, point: place,
                    stated: try row.decimal(stated, expected: "a distance"), line: row.line))
        }
        for (number, name) in names.enumerated() { try add(name, points[number]) }
    }

    private mutating func add(_ id: ShapeID, _ unsorted: [Point]) throws(FeedError) {
        let points =
            zip(unsorted, unsorted.dropFirst()).allSatisfy { $0.sequence < $1.sequence }
            ? unsorted : unsorted.sorted { ($0.sequence, $0.line) < ($1.sequence, $1.line) }
        for (point, next) in zip(points, points.dropFirst())
        where point.sequence == next.sequence {
            throw FeedError(
                file: "shapes.txt", line: next.line, field: "shape_pt_sequence",
                .duplicate("\(id), \(next.sequence)"))
        }
        guard let shape = Shape(id: id, points: points.map(\.point)) else {
            index[id] = .some(nil)
            return
        }
        index[id] = shapes.count
        shapes.append(shape)
        let stated = points.compactMap(\.stated)
        let isUsable =
            stated.count == points.count
            && zip(stated, stated.dropFirst()).allSatisfy { $0 <= $1 }
            && (stated.last ?? 0) > (stated.first ?? 0)
        statedDistances.append(isUsable ? stated : nil)
    }
}

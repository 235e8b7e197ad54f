internal import TransitModel

/// `trips.txt` with its references resolved.
struct TripTable {
    struct Record {
        let id: TripID
        /// An index of the routes.
        let route: Int
        /// `nil` where the feed has no calendar at all.
        let service: Int?
        let direction: Direction?
        let headsign: String
        let block: BlockID?
        /// `nil` where the trip names none, or one that is no line.
        let shape: Int?
    }

    private(set) var trips: [Record] = []
    /// Numbers trips as ``trips`` does.
    private(set) var index = ByteIndex()

    init(
        _ source: GTFSTables.Source, routes: [ScheduledRoute], shapes: ShapeTable,
        calendar: ServiceCalendar
    ) throws(FeedError) {
        guard var row = try source.cursor("trips.txt") else { return }
        let columns = try Columns(row)
        let routeIndex = Dictionary(uniqueKeysWithValues: routes.enumerated().map { ($1.id, $0) })
        while try row.next() {
            let id: TripID = try row.id(columns.id)
            guard index.insert(Array(id.rawValue.utf8)[...]) != nil else {
                throw FeedError(file: row.file, line: row.line, .duplicate(id.rawValue))
            }
            let routeID: RouteID = try row.id(columns.route)
            guard let route = routeIndex[routeID] else {
                throw row.failure(
                    columns.route,
                    .unknownReference(routeID.rawValue, target: "routes.route_id"))
            }
            let direction = try row.integer(columns.direction, in: 0...1, expected: "0 or 1")
            trips.append(
                Record(
                    id: id, route: route, service: try columns.service(of: row, in: calendar),
                    direction: direction.flatMap { Direction(rawValue: UInt8($0)) },
                    headsign: try row.text(columns.headsign),
                    block: try row.optionalID(columns.block),
                    shape: try columns.shape(of: row, in: shapes)))
        }
    }

    private struct Columns {
        let id: CSVCursor.Column
        let route: CSVCursor.Column
        let service: CSVCursor.Column
        let direction: CSVCursor.Column
        let headsign: CSVCursor.Column
        let block: CSVCursor.Column
        let shape: CSVCursor.Column

        init(_ cursor: CSVCursor) throws(FeedError) {
            id = try cursor.requiredColumn("trip_id")
            route = try cursor.requiredColumn("route_id")
            service = try cursor.requiredColumn("service_id")
            direction = cursor.column("direction_id")
            headsign = cursor.column("trip_headsign")
            block = cursor.column("block_id")
            shape = cursor.column("shape_id")
        }

        func service(
            of row: borrowing CSVCursor, in calendar: ServiceCalendar
        ) throws(FeedError) -> Int? {
            let id: ServiceID = try row.id(service)
            if let found = calendar.index(of: id) { return found }
            guard calendar.isEmpty else {
                throw row.failure(
                    service,
                    .unknownReference(
                        id.rawValue, target: "calendar.service_id or calendar_dates.service_id"))
            }
            return nil
        }

        func shape(
            of row: borrowing CSVCursor, in shapes: ShapeTable
        ) throws(FeedError) -> Int? {
            guard let id: ShapeID = try row.optionalID(shape), !shapes.isEmpty else { return nil }
            guard let found = shapes.index[id] else {
                throw row.failure(
                    shape, .unknownReference(id.rawValue, target: "shapes.shape_id"))
            }
            return found
        }
    }
}

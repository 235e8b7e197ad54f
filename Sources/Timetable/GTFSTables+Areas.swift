internal import TransitModel

/// Readers of the files that group stops, routes and times for fares.
extension GTFSTables.Table {
    static var areas: GTFSTables.Table<Area> {
        .init(file: "areas.txt", key: { $0.id.rawValue }) { cursor throws(FeedError) in
            let id = try cursor.requiredColumn("area_id")
            let name = cursor.column("area_name")
            return { row throws(FeedError) in
                Area(id: try row.id(id), name: try row.optionalText(name))
            }
        }
    }

    static var stopAreas: GTFSTables.Table<StopArea> {
        .init(file: "stop_areas.txt", key: { "\($0.area), \($0.stop)" }) {
            cursor throws(FeedError) in
            let area = try cursor.requiredColumn("area_id")
            let stop = try cursor.requiredColumn("stop_id")
            return { row throws(FeedError) in
                StopArea(area: try row.id(area), stop: try row.id(stop), line: row.line)
            }
        }
    }

    static var networks: GTFSTables.Table<Network> {
        .init(file: "networks.txt", key: { $0.id.rawValue }) { cursor throws(FeedError) in
            let id = try cursor.requiredColumn("network_id")
            let name = cursor.column("network_name")
            return { row throws(FeedError) in
                Network(id: try row.id(id), name: try row.optionalText(name))
            }
        }
    }

    static var routeNetworks: GTFSTables.Table<RouteNetwork> {
        .init(file: "route_networks.txt", key: { $0.route.rawValue }) { cursor throws(FeedError) in
            let network = try cursor.requiredColumn("network_id")
            let route = try cursor.requiredColumn("route_id")
            return { row throws(FeedError) in
                RouteNetwork(network: try row.id(network), route: try row.id(route), line: row.line)
            }
        }
    }

    static var timeframes: GTFSTables.Table<Timeframe> {
        .init(file: "timeframes.txt") { cursor throws(FeedError) in
            let group = try cursor.requiredColumn("timeframe_group_id")
            let start = cursor.column("start_time")
            let end = cursor.column("end_time")
            let service = try cursor.requiredColumn("service_id")
            return { row throws(FeedError) in
                Timeframe(
                    group: try row.id(group), seconds: try seconds(from: start, to: end, in: row),
                    service: try row.id(service), line: row.line)
            }
        }
    }

    /// Both times or neither, within one day of the clock; a span past midnight is two records.
    private static func seconds(
        from start: CSVCursor.Column, to end: CSVCursor.Column, in row: borrowing CSVCursor
    ) throws(FeedError) -> Range<Int> {
        let day = 86_400
        switch (try row.seconds(start), try row.seconds(end)) {
        case (nil, nil): return 0..<day
        case (_, nil): throw row.failure(end, .missingValue)
        case (nil, _): throw row.failure(start, .missingValue)
        case (let first?, let last?):
            guard last <= day else {
                let text = try row.text(end)
                throw row.failure(end, .malformedValue(text, expected: "24:00:00 or earlier"))
            }
            guard first < last else {
                let text = try row.text(end)
                let expected = "a time after start_time; a span past midnight takes two records"
                throw row.failure(end, .malformedValue(text, expected: expected))
            }
            return first..<last
        }
    }
}

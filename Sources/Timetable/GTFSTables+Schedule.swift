internal import TransitModel

/// Readers of the schedule's own files.
extension GTFSTables.Table {
    static var agencies: GTFSTables.Table<Agency> {
        .init(file: "agency.txt", isOptional: false, key: { $0.id?.rawValue ?? "" }) {
            cursor throws(FeedError) in
            let id = cursor.column("agency_id")
            let name = try cursor.requiredColumn("agency_name")
            let timeZone = try cursor.requiredColumn("agency_timezone")
            let language = cursor.column("agency_lang")
            return { row throws(FeedError) in
                Agency(
                    id: try row.optionalID(id), name: try row.requiredText(name),
                    timeZone: try row.requiredText(timeZone),
                    language: try row.optionalText(language))
            }
        }
    }

    static var stops: GTFSTables.Table<Stop> {
        .init(file: "stops.txt", isOptional: false, key: { $0.id.rawValue }) {
            cursor throws(FeedError) in
            let id = try cursor.requiredColumn("stop_id")
            let name = cursor.column("stop_name")
            let type = cursor.column("location_type")
            let parent = cursor.column("parent_station")
            let timeZone = cursor.column("stop_timezone")
            let latitude = cursor.column("stop_lat")
            let longitude = cursor.column("stop_lon")
            return { row throws(FeedError) in
                Stop(
                    id: try row.id(id), name: try row.text(name),
                    locationType: try row.choice(type, whenEmpty: .stop),
                    parentStation: try row.optionalID(parent),
                    timeZone: try row.optionalText(timeZone),
                    position: try row.position(latitude, longitude), line: row.line)
            }
        }
    }

    static var routes: GTFSTables.Table<Route> {
        .init(file: "routes.txt", isOptional: false, key: { $0.id.rawValue }) {
            cursor throws(FeedError) in
            let id = try cursor.requiredColumn("route_id")
            let agency = cursor.column("agency_id")
            let shortName = cursor.column("route_short_name")
            let longName = cursor.column("route_long_name")
            let type = try cursor.requiredColumn("route_type")
            let network = cursor.column("network_id")
            let colour = cursor.column("route_color")
            let textColour = cursor.column("route_text_color")
            return { row throws(FeedError) in
                let number = try row.integer(type, in: 0...1_799, expected: "a route type")
                guard let number else { throw row.failure(type, .missingValue) }
                return Route(
                    id: try row.id(id), agency: try row.optionalID(agency),
                    shortName: try row.text(shortName), longName: try row.text(longName),
                    type: number, network: try row.optionalID(network),
                    colour: try row.colour(colour), textColour: try row.colour(textColour),
                    line: row.line)
            }
        }
    }

    static var trips: GTFSTables.Table<TripRecord> {
        .init(file: "trips.txt", key: { $0.id.rawValue }) { cursor throws(FeedError) in
            let id = try cursor.requiredColumn("trip_id")
            let route = try cursor.requiredColumn("route_id")
            let service = try cursor.requiredColumn("service_id")
            let direction = cursor.column("direction_id")
            return { row throws(FeedError) in
                let number = try row.integer(direction, in: 0...1, expected: "0 or 1")
                return TripRecord(
                    id: try row.id(id), route: try row.id(route), service: try row.id(service),
                    direction: number.flatMap { Direction(rawValue: UInt8($0)) }, line: row.line)
            }
        }
    }

    static var feedInfo: GTFSTables.Table<FeedInfo> {
        .init(file: "feed_info.txt", key: { _ in "the only record" }) { cursor throws(FeedError) in
            let publisher = try cursor.requiredColumn("feed_publisher_name")
            let language = try cursor.requiredColumn("feed_lang")
            let start = cursor.column("feed_start_date")
            let end = cursor.column("feed_end_date")
            let version = cursor.column("feed_version")
            return { row throws(FeedError) in
                FeedInfo(
                    publisherName: try row.requiredText(publisher),
                    language: try row.requiredText(language), startDate: try row.date(start),
                    endDate: try row.date(end), version: try row.optionalText(version))
            }
        }
    }
}

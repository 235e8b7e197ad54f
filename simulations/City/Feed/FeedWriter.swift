internal import TransitModel

/// Writes a city's timetable as GTFS files.
struct FeedWriter {
    let layout: CityLayout
    private var ids: StopIDs
    private var files: [String: CSVText] = [:]
    private var english: [Translation] = []
    /// Patterns that some vehicle drives; the others are not published.
    private let used: [Int]

    private struct Translation {
        let table: String
        let field: String
        let text: String
        var record = ""
        var value = ""
    }

    /// How long the feed is valid.
    private static let years = 2

    init(_ layout: CityLayout) {
        self.layout = layout
        let runs = layout.service.days.values.joined().joined().flatMap(\.runs)
        used = Set(runs.map(\.pattern)).sorted()
        let platforms = Set(
            used.flatMap { layout.patterns.patterns[$0].calls.map(\.platform) })
        ids = StopIDs(layout.patterns.stops, used: platforms)
    }

    func stopID(_ platform: Int) -> StopID? { ids.stop(platform) }

    mutating func write() -> [String: [UInt8]] {
        writeAgencies()
        writeStops()
        writeRoutes()
        writeShapes()
        writeCalendars()
        writeTrips()
        writeFeedInfo()
        files.merge(FareTables.files(layout.lines, website: website)) { $1 }
        writeTranslations()
        return files.mapValues(\.bytes)
    }

    private var website: String {
        "https://\(Transliteration.slug(layout.name.english)).example.org"
    }

    // MARK: - Tables

    private mutating func writeAgencies() {
        var table = CSVText("agency_id,agency_name,agency_url,agency_timezone,agency_lang")
        for agency in CityAgency.allCases {
            let id = agency.id.rawValue
            table.add(id, agency.name.ukrainian, "\(website)/\(id)", "Europe/Kyiv", "uk")
            english.append(
                Translation(
                    table: "agency", field: "agency_name", text: agency.name.english, record: id))
        }
        files["agency.txt"] = table
    }

    private mutating func writeStops() {
        var table = CSVText(
            "stop_id,stop_code,stop_name,stop_lat,stop_lon,location_type,parent_station,"
                + "wheelchair_boarding,platform_code")
        func add(
            _ id: StopID, _ name: DemoCity.Name, _ spot: Spot, code: String, type: String = "",
            parent: String = "", platform: String = ""
        ) {
            let point = layout.point(spot)
            table.add(
                id.rawValue, code, name.ukrainian, point.latitude.text(decimals: 6),
                point.longitude.text(decimals: 6), type, parent, type.isEmpty ? "1" : "", platform)
            english.append(
                Translation(
                    table: "stops", field: "stop_name", text: name.english, record: id.rawValue))
        }
        var code = 1_000
        for (index, place) in layout.patterns.stops.places.enumerated() {
            let platforms = place.platforms.filter { ids.stop($0) != nil }
            guard !platforms.isEmpty else { continue }
            let station = place.isHub ? ids.station(index) : nil
            if let station { add(station, place.name, place.spot, code: "", type: "1") }
            for (number, platform) in platforms.enumerated() {
                guard let id = ids.stop(platform) else { continue }
                code += 1
                add(
                    id, place.name, layout.patterns.stops.platforms[platform].spot,
                    code: "\(code)", parent: station?.rawValue ?? "",
                    platform: place.isHub ? "\(number + 1)" : "")
            }
        }
        files["stops.txt"] = table
    }

    private mutating func writeRoutes() {
        var table = CSVText(
            "route_id,agency_id,route_short_name,route_long_name,route_type,route_color,"
                + "route_text_color,route_sort_order")
        var seen: [Mode: Int] = [:]
        for line in layout.lines {
            let mode = line.order.mode
            let name = lineName(line.order)
            let palette = RouteColours.palette(mode)
            let number = seen[mode, default: 0]
            seen[mode] = number + 1
            table.add(
                line.id.rawValue, CityAgency(mode).id.rawValue, "\(line.order.number)",
                name.ukrainian, "\(mode.rawValue)", palette[number % palette.count], "FFFFFF",
                "\(line.order.number)")
            english.append(
                Translation(
                    table: "routes", field: "route_long_name", text: name.english,
                    record: line.id.rawValue))
        }
        files["routes.txt"] = table
    }

    private mutating func writeShapes() {
        var table = CSVText(
            "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled")
        for index in used {
            let pattern = layout.patterns.patterns[index]
            let id = shapeID(pattern)
            for (number, spot) in pattern.shape.points.enumerated() {
                let point = layout.point(spot)
                table.append(id)
                table.append(point.latitude, decimals: 6)
                table.append(point.longitude, decimals: 6)
                table.append(number)
                table.append(pattern.shape.distances[number], decimals: 1)
                table.endRow()
            }
        }
        files["shapes.txt"] = table
    }

    private mutating func writeCalendars() {
        let (start, end) = ("\(layout.year)0101", "\(layout.year + Self.years - 1)1231")
        var table = CSVText(
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,"
                + "end_date")
        table.add("weekday", "1", "1", "1", "1", "1", "0", "0", start, end)
        table.add("weekend", "0", "0", "0", "0", "0", "1", "1", start, end)
        files["calendar.txt"] = table
        var exceptions = CSVText("service_id,date,exception_type")
        for holiday in Holidays.onWorkingDays(from: layout.year, years: Self.years) {
            exceptions.add("weekday", holiday.gtfs, "2")
            exceptions.add("weekend", holiday.gtfs, "1")
        }
        files["calendar_dates.txt"] = exceptions
    }

    private mutating func writeFeedInfo() {
        var table = CSVText(
            "feed_publisher_name,feed_publisher_url,feed_lang,default_lang,feed_start_date,"
                + "feed_end_date,feed_version,feed_contact_email,feed_contact_url")
        table.add(
            "Управління транспорту, \(layout.name.ukrainian)", website, "uk", "uk",
            "\(layout.year)0101", "\(layout.year + Self.years - 1)1231",
            "\(layout.year)-seed-\(layout.seed)",
            "feed@\(Transliteration.slug(layout.name.english)).example.org", "\(website)/feed")
        files["feed_info.txt"] = table
        english.append(
            Translation(
                table: "feed_info", field: "feed_publisher_name",
                text: "Department of Transport, \(layout.name.english)"))
    }

    private mutating func writeTranslations() {
        var table = CSVText(
            "table_name,field_name,language,translation,record_id,record_sub_id,field_value")
        for (name, translation) in FareTables.productNames {
            english.append(
                Translation(
                    table: "fare_products", field: "fare_product_name", text: translation,
                    value: name))
        }
        for entry in english {
            table.add(entry.table, entry.field, "en", entry.text, entry.record, "", entry.value)
        }
        files["translations.txt"] = table
    }

    // MARK: - Trips

    private mutating func writeTrips() {
        var trips = CSVText(
            "route_id,service_id,trip_id,trip_headsign,direction_id,block_id,shape_id,"
                + "wheelchair_accessible,bikes_allowed")
        var stopTimes = CSVText(
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled,"
                + "timepoint")
        var headsigns: [String: String] = [:]
        for day in DayType.allCases {
            for (index, vehicles) in (layout.service.days[day] ?? []).enumerated() {
                let line = layout.lines[index]
                var number = 0
                for (vehicle, vehicleDay) in vehicles.enumerated() {
                    let block = Self.blockID(day, line, vehicle)
                    for run in vehicleDay.runs {
                        number += 1
                        let pattern = layout.patterns.patterns[run.pattern]
                        let id = "\(line.order.number)-\(day.letter)-\(number)"
                        let headsign = headsign(pattern)
                        headsigns[headsign.ukrainian] = headsign.english
                        trips.add(
                            line.id.rawValue, day.rawValue, id, headsign.ukrainian,
                            "\(pattern.direction)", block, shapeID(pattern), "1", "2")
                        add(run, pattern, trip: id, to: &stopTimes)
                    }
                }
            }
        }
        files["trips.txt"] = trips
        files["stop_times.txt"] = stopTimes
        for (ukrainian, text) in headsigns.sorted(by: { $0.key < $1.key }) {
            english.append(
                Translation(
                    table: "trips", field: "trip_headsign", text: text, value: ukrainian))
        }
    }

    private func add(_ run: Run, _ pattern: Pattern, trip: String, to table: inout CSVText) {
        let times = layout.service.times[run.pattern].times(of: run)
        for (number, call) in pattern.calls.enumerated() {
            let isEnd = number == 0 || number == pattern.calls.count - 1
            table.append(trip)
            table.append(time: times[number].arrival)
            table.append(time: times[number].departure)
            table.append(ids.stop(call.platform)?.rawValue ?? "")
            table.append(number + 1)
            table.append(call.distance, decimals: 1)
            table.append(isEnd ? 1 : 0)
            table.endRow()
        }
    }

    static func blockID(_ day: DayType, _ line: Line, _ vehicle: Int) -> String {
        let number = vehicle + 1
        return "\(day.letter)-\(line.order.number)-\(number < 10 ? "0" : "")\(number)"
    }

    // MARK: - Words

    private func shapeID(_ pattern: Pattern) -> String {
        let line = layout.lines[pattern.line].id.rawValue
        return switch pattern.kind {
        case .main(let direction): "\(line)-\(direction)"
        case .pullOut(let end): "\(line)-out-\(end)"
        case .pullIn(let end): "\(line)-in-\(end)"
        }
    }

    private func lineName(_ order: LineOrder) -> DemoCity.Name {
        let ends = order.isCircular ? [0, 1, order.sites.count - 1] : [0, order.sites.count - 1]
        let names = ends.map { layout.name(of: order.sites[$0]) }
        return DemoCity.Name(
            ukrainian: names.map(\.ukrainian).joined(separator: " – "),
            english: names.map(\.english).joined(separator: " – "))
    }

    private func headsign(_ pattern: Pattern) -> DemoCity.Name {
        let order = layout.lines[pattern.line].order
        let last = order.sites.count - 1
        switch pattern.kind {
        case .pullIn: return order.depot.name
        case .pullOut(let end): return layout.name(of: order.sites[end == 0 ? 0 : last])
        case .main(let direction) where order.isCircular:
            let via = layout.name(of: order.sites[direction == 0 ? 1 : last - 1])
            return DemoCity.Name(
                ukrainian: "Кільцевий: \(via.ukrainian)", english: "Circular: \(via.english)")
        case .main(let direction):
            return layout.name(of: order.sites[direction == 0 ? last : 0])
        }
    }
}

internal import TransitModel

/// Reads a feed's timetable, step by step; what it leaves behind becomes a ``Schedule``.
struct ScheduleReader {
    let limits: Schedule.Limits
    let source: GTFSTables.Source
    /// Agencies, stops and routes, checked.
    let places: GTFSTables
    private(set) var calendar = ServiceCalendar()
    private(set) var translations = Translations()
    private(set) var routes: [ScheduledRoute] = []
    private(set) var stops: [ScheduledStop] = []
    private(set) var trips: [ScheduledTrip] = []
    var calls: [Call] = []
    var gaps: [FeedGap] = []
    private(set) var placement = CallPlacement()

    var shapes: [Shape] { placement.shapes }

    init(files: [String: [UInt8]], limits: Schedule.Limits) throws(FeedError) {
        self.limits = limits
        source = GTFSTables.Source(files: files, limits: limits.csv)
        places = try GTFSTables(placesOf: source)
    }

    mutating func read() throws(FeedError) {
        calendar = try ServiceCalendar(source)
        translations = try Translations(source)
        readPlaces()
        let shapeTable = try ShapeTable(source, limits)
        placement = CallPlacement(shapeTable, stops: stops.map(\.position))
        let records = try TripTable(source, routes: routes, shapes: shapeTable, calendar: calendar)
        let stopTimes = try StopTimeTable(source, limits, trips: records.index, stops: places.stops)
        let repetitions = try FrequencyTable(source, trips: records.index)
        for (number, record) in records.trips.enumerated() {
            let rows = stopTimes.rows[stopTimes.rangeOfTrip[number]]
            let placed = try placement.place(rows, of: record, limits)
            try append(record, placed, repetitions.ofTrip[number] ?? [])
        }
        noteGaps(records, stopTimes)
    }

    private mutating func readPlaces() {
        routes = places.routes.map { route in
            ScheduledRoute(
                id: route.id, agency: route.agency, shortName: route.shortName,
                longName: route.longName, type: route.type, colour: route.colour,
                textColour: route.textColour)
        }
        let numbers = Dictionary(
            uniqueKeysWithValues: places.stops.enumerated().map { ($1.id, $0) })
        stops = places.stops.map { stop in
            let parent = stop.parentStation.flatMap { numbers[$0] }
            let names = [stop.name, parent.map { places.stops[$0].name } ?? "", stop.id.rawValue]
            return ScheduledStop(
                id: stop.id, name: names.first { !$0.isEmpty } ?? "",
                position: stop.position ?? parent.flatMap { places.stops[$0].position },
                type: stop.locationType, parent: parent)
        }
    }

    /// Adds a trip, or all its repetitions in its place.
    private mutating func append(
        _ record: TripTable.Record, _ placed: CallPlacement.Placed, _ repetitions: [Frequency]
    ) throws(FeedError) {
        guard !repetitions.isEmpty, let first = placed.calls.first else {
            return append(record, placed, id: record.id, repetition: nil)
        }
        for frequency in repetitions {
            for start in stride(
                from: frequency.start, to: frequency.end, by: frequency.headwaySeconds)
            {
                guard calls.count + placed.calls.count <= limits.calls else {
                    throw FeedError(
                        file: "frequencies.txt", line: frequency.line, field: "headway_secs",
                        .tooLarge("repeats trips to over \(limits.calls) calls"))
                }
                let shifted = CallPlacement.Placed(
                    shape: placed.shape,
                    calls: placed.calls.map { $0.shifted(bySeconds: start - first.departure) })
                append(
                    record, shifted,
                    id: TripID("\(record.id)@\(TimeText.text(start))"),
                    repetition: .init(
                        template: record.id, startsAt: start, isExact: frequency.isExact))
            }
        }
    }

    private mutating func append(
        _ record: TripTable.Record, _ placed: CallPlacement.Placed, id: TripID,
        repetition: ScheduledTrip.Repetition?
    ) {
        let start = calls.count
        calls.append(contentsOf: placed.calls)
        trips.append(
            ScheduledTrip(
                id: id, route: record.route, service: record.service, direction: record.direction,
                headsign: record.headsign, block: repetition == nil ? record.block : nil,
                shape: placed.shape, repetition: repetition,
                startsAt: placed.calls.first?.departure ?? 0,
                endsAt: placed.calls.last?.arrival ?? 0, calls: start..<calls.count))
    }

    private mutating func noteGaps(_ records: TripTable, _ stopTimes: StopTimeTable) {
        let running = trips.filter { !$0.calls.isEmpty }
        if running.isEmpty { gaps.append(.noTimetable) }
        if calendar.isEmpty { gaps.append(.noCalendar) }
        let shapeless = running.count { trip in
            trip.shape.map { shapes[$0].id == nil } ?? true
        }
        if shapeless == running.count {
            if shapeless > 0 { gaps.append(.noShapes(trips: shapeless)) }
        } else if shapeless > 0 {
            gaps.append(.tripsWithoutShape(trips: shapeless))
        }
        func note(_ count: Int, _ gap: (Int) -> FeedGap) {
            if count > 0 { gaps.append(gap(count)) }
        }
        note(running.count { $0.block == nil }) { .tripsWithoutBlock(trips: $0) }
        note(trips.count - running.count) { .tripsWithoutCalls(trips: $0) }
        note(stopTimes.flexibleCount) { .flexibleCalls(calls: $0) }
        let platforms = places.stops.indices.filter { places.stops[$0].locationType == .stop }
        note(platforms.count { isNameless($0) }) { .stopsWithoutName(stops: $0) }
        note(platforms.count { stops[$0].position == nil }) { .stopsWithoutPosition(stops: $0) }
        note(placement.farCount) { .callsFarFromShape(calls: $0) }
    }

    private func isNameless(_ stop: Int) -> Bool {
        let record = places.stops[stop]
        return record.name.isEmpty && stops[stop].name == record.id.rawValue
    }
}

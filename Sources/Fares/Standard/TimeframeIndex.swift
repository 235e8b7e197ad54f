internal import Timetable
internal import TransitModel

/// The timeframes by the groups that fare leg rules name.
///
/// A validation is judged by the clock on the wall where it happens: the time zone of its stop,
/// of the stop's station, or else of the agency. The day is that clock's, not the service day of
/// the trip (GTFS reference, "Timeframe Local Time Semantics").
struct TimeframeIndex: Sendable {
    private struct Frame: Sendable {
        let seconds: Range<Int>
        let days: ServiceDays
    }

    let numberOfGroup: [TimeframeGroupID: Int32]
    /// By number.
    private let frames: [[Frame]]
    private let zone: ZoneOffsets
    /// Of stops with another zone than the agency's.
    private let zoneOfStop: [StopID: ZoneOffsets]

    /// - Parameter zones: Finds a zone by its IANA name.
    init(
        _ tables: GTFSTables, zones: (String) -> ZoneOffsets?
    ) throws(TariffError) {
        guard !tables.timeframes.isEmpty else {
            (numberOfGroup, frames, zone, zoneOfStop) = ([:], [], .utc, [:])
            return
        }
        let groups = Set(tables.timeframes.map(\.group)).sorted()
        numberOfGroup = groups.numbered()
        var daysOfService: [ServiceID: ServiceDays] = [:]
        var frames = Array(repeating: [Frame](), count: groups.count)
        for record in tables.timeframes {
            guard let service = tables.calendar.index(of: record.service),
                let group = numberOfGroup[record.group]
            else { continue }
            let days = daysOfService[record.service] ?? tables.calendar.days(of: service)
            daysOfService[record.service] = days
            frames[Int(group)].append(Frame(seconds: record.seconds, days: days))
        }
        self.frames = frames

        func find(
            _ name: String, _ file: String, _ line: Int?, _ field: String
        ) throws(TariffError) -> ZoneOffsets {
            if let zone = zones(name) { return zone }
            throw .contradiction(
                FeedError(
                    file: file, line: line, field: field,
                    .malformedValue(name, expected: "a time zone that this system knows")))
        }
        let name = tables.agencies.first?.timeZone ?? ""
        let agencyZone = try find(name, "agency.txt", nil, "agency_timezone")
        zone = agencyZone
        var known = [name: agencyZone]
        var own: [StopID: ZoneOffsets] = [:]
        for stop in tables.stops {
            guard let name = stop.timeZone else { continue }
            if known[name] == nil {
                known[name] = try find(name, "stops.txt", stop.line, "stop_timezone")
            }
            own[stop.id] = known[name]
        }
        let tree = StopTree(tables.stops)
        var zoneOfStop: [StopID: ZoneOffsets] = [:]
        // A platform keeps its station's clock, whatever it says of itself.
        for stop in tables.stops { zoneOfStop[stop.id] = own[tree.station(of: stop.id)] }
        self.zoneOfStop = zoneOfStop
    }

    /// Whether a group has a span that holds an instant; its end is left out.
    func contains(_ instant: Timestamp, at stop: StopID?, group: Int32) -> Bool {
        let zone = stop.flatMap { zoneOfStop[$0] } ?? zone
        let local = zone.local(instant, as: ServiceDate.self)
        return frames[Int(group)].contains { frame in
            frame.seconds.contains(local.secondsOfDay) && frame.days.contains(local.date)
        }
    }
}

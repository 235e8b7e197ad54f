package import TransitModel

/// The timetable of a feed: who runs where and when, indexed.
///
/// Immutable and compact, so that a snapshot can be handed to anyone. Everything refers to
/// everything else by index into this value's arrays; indices mean nothing in another schedule,
/// identifiers do.
///
/// Like ``GTFSTables``, what is in memory obeys the reference: the first offence refuses the feed
/// by file, line and field. What a feed merely lacks is filled as well as can be and listed in
/// ``gaps``.
package struct Schedule: Sendable {
    /// Bounds against hostile or broken input.
    package struct Limits: Hashable, Sendable {
        package var csv = CSVCursor.Limits()
        /// Records of `stop_times.txt`, and what `frequencies.txt` makes of them.
        package var calls = 20_000_000
        package var callsPerTrip = 5_000
        package var shapePoints = 20_000_000
        package var pointsPerShape = 100_000

        package init() {}
    }

    /// IANA name, such as `Europe/Kyiv`.
    package let zoneName: String
    /// BCP 47 language of the feed's own names, when it tells.
    package let language: String?
    /// What the feed lacks, except in its fares, which are not looked at here.
    package let gaps: [FeedGap]
    package let agencies: [Agency]
    package let routes: [ScheduledRoute]
    package let stops: [ScheduledStop]
    package let shapes: [Shape]
    package let trips: [ScheduledTrip]
    package let calendar: ServiceCalendar
    package let feedInfo: FeedInfo?
    let translations: Translations
    /// The last second of a service day at which anything runs.
    private let lastSecond: Int
    private let calls: [Call]
    private let tripIndex: [TripID: Int]
    private let routeIndex: [RouteID: Int]
    private let stopIndex: [StopID: Int]

    /// The files that are read besides those of ``GTFSTables``.
    package static let fileNames: [String] = [
        "calendar.txt", "calendar_dates.txt", "frequencies.txt", "shapes.txt", "stop_times.txt",
        "translations.txt",
    ]

    /// - Parameter files: Contents by file name. Other files are ignored. Required are agency,
    ///   stops and routes; what else is missing becomes a gap.
    package init(
        files: [String: [UInt8]], limits: Limits = .init()
    ) throws(FeedError) {
        var reader = try ScheduleReader(files: files, limits: limits)
        try reader.read()
        agencies = reader.places.agencies
        zoneName = agencies.first?.timeZone ?? ""
        feedInfo = reader.places.feedInfo
        language = feedInfo?.language ?? agencies.first?.language
        routes = reader.routes
        stops = reader.stops
        shapes = reader.shapes
        trips = reader.trips
        calls = reader.calls
        calendar = reader.calendar
        translations = reader.translations
        gaps = reader.gaps
        routeIndex = Schedule.index(routes.map(\.id))
        stopIndex = Schedule.index(stops.map(\.id))
        tripIndex = Schedule.index(trips.map(\.id))
        lastSecond = trips.lazy.map(\.endsAt).max() ?? 0
    }

    private static func index<Kind>(_ ids: [Identifier<Kind>]) -> [Identifier<Kind>: Int] {
        Dictionary(ids.enumerated().map { ($1, $0) }) { first, _ in first }
    }
}

extension Schedule {
    package func trip(_ id: TripID) -> Int? { tripIndex[id] }
    package func route(_ id: RouteID) -> Int? { routeIndex[id] }
    package func stop(_ id: StopID) -> Int? { stopIndex[id] }

    /// The trip's visits to stops in order; empty for a trip that never runs.
    package func calls(of trip: Int) -> ArraySlice<Call> { calls[trips[trip].calls] }

    package func services(on date: ServiceDate) -> Set<Int> { calendar.services(on: date) }

    /// The trips of a service date by their first departure.
    package func trips(on date: ServiceDate) -> [Int] {
        let services = services(on: date)
        return trips.indices
            .filter { trips[$0].runs(on: services) }
            .sorted { (trips[$0].startsAt, $0) < (trips[$1].startsAt, $1) }
    }

    /// The service dates on which something can be running at an instant, the latest first, with
    /// the instant's second of each: a trip past midnight belongs to the day before.
    package func serviceDates(
        at instant: Timestamp, in zone: ZoneOffsets
    ) -> [(date: ServiceDate, second: Int)] {
        let today = zone.local(instant, as: ServiceDate.self).date
        // A day later too: on the day when clocks go back, service begins before midnight.
        return (-1...max(0, lastSecond / 86_400)).compactMap { daysAgo in
            let date = today.advanced(byDays: -daysAgo)
            let second = zone.second(of: instant, on: date)
            return (0...max(86_400, lastSecond)).contains(second) ? (date, second) : nil
        }
    }
}

extension ScheduledTrip {
    func runs(on services: Set<Int>) -> Bool {
        guard !calls.isEmpty, let service else { return false }
        return services.contains(service)
    }
}

package import TransitModel

/// The tables of a GTFS Schedule feed that fares rest on, read and checked.
///
/// What is in memory obeys the reference of 2026-04-27: values have their types, keys are unique,
/// references resolve. The first offence refuses the feed with its file, line and field; half a
/// tariff would be worse than none.
package struct GTFSTables: Sendable {
    package private(set) var agencies: [Agency] = []
    package private(set) var stops: [Stop] = []
    package private(set) var routes: [Route] = []
    package private(set) var trips: [TripRecord] = []
    package private(set) var feedInfo: FeedInfo?
    package private(set) var areas: [Area] = []
    package private(set) var stopAreas: [StopArea] = []
    /// From `networks.txt`, or the distinct values of `routes.network_id`.
    package private(set) var networks: [Network] = []
    package private(set) var networkOfRoute: [RouteID: NetworkID] = [:]
    package private(set) var timeframes: [Timeframe] = []
    /// On which dates the timeframes' services run; empty where there are none.
    package private(set) var calendar = ServiceCalendar()
    package private(set) var riderCategories: [RiderCategory] = []
    package private(set) var fareMedia: [FareMedium] = []
    package private(set) var fareProducts: [FareProduct] = []
    package private(set) var fareLegRules: [FareLegRule] = []
    /// Whether `fare_leg_rules.txt` has a `rule_priority` field, which changes the meaning of
    /// empty values.
    package private(set) var fareLegRulesHavePriority = false
    package private(set) var fareLegJoinRules: [FareLegJoinRule] = []
    package private(set) var fareTransferRules: [FareTransferRule] = []

    /// Every file that is read; a shell needs to fetch no other.
    package static let fileNames: [String] = [
        "agency.txt", "areas.txt", "calendar.txt", "calendar_dates.txt", "fare_leg_join_rules.txt",
        "fare_leg_rules.txt",
        "fare_media.txt", "fare_products.txt", "fare_transfer_rules.txt", "feed_info.txt",
        "networks.txt", "rider_categories.txt", "route_networks.txt", "routes.txt",
        "stop_areas.txt", "stops.txt", "timeframes.txt", "trips.txt",
    ]

    /// - Parameter files: Contents by file name. Other files are ignored. Required are agency,
    ///   stops and routes; a feed without fare tables loads, and has no tariff.
    package init(
        files: [String: [UInt8]], limits: CSVCursor.Limits = .init()
    ) throws(FeedError) {
        let source = Source(files: files, limits: limits)
        try self.init(placesOf: source)
        trips = try source.table(.trips)
        areas = try source.table(.areas)
        stopAreas = try source.table(.stopAreas)
        networks = try source.table(.networks)
        let routeNetworks = try source.table(.routeNetworks)
        timeframes = try source.table(.timeframes)
        if !timeframes.isEmpty { calendar = try ServiceCalendar(source) }
        riderCategories = try source.table(.riderCategories)
        fareMedia = try source.table(.fareMedia)
        fareProducts = try source.table(.fareProducts)
        if let cursor = try source.cursor("fare_leg_rules.txt") {
            fareLegRulesHavePriority = cursor.column("rule_priority").isPresent
        }
        fareLegRules = try source.table(.fareLegRules)
        fareLegJoinRules = try source.table(.fareLegJoinRules)
        fareTransferRules = try source.table(.fareTransferRules)
        try assignNetworks(routeNetworks, hasNetworkFile: files["networks.txt"] != nil)
        try checkTripReferences()
        try checkFareReferences(routeNetworks)
    }

    /// Only agencies, stops, routes and what the feed says of itself, checked.
    init(placesOf source: Source) throws(FeedError) {
        agencies = try source.table(.agencies)
        stops = try source.table(.stops)
        routes = try source.table(.routes)
        feedInfo = try source.table(.feedInfo).first
        try checkPlaceReferences()
    }

    /// Networks come from `routes.network_id`, or from the two network files, never from both.
    private mutating func assignNetworks(
        _ routeNetworks: [RouteNetwork], hasNetworkFile: Bool
    ) throws(FeedError) {
        for assignment in routeNetworks {
            networkOfRoute[assignment.route] = assignment.network
        }
        let named = routes.filter { $0.network != nil }
        if let first = named.first, hasNetworkFile || !routeNetworks.isEmpty {
            throw FeedError(
                file: "routes.txt", line: first.line, field: "network_id",
                .forbidden("networks.txt or route_networks.txt exists too"))
        }
        for route in named { networkOfRoute[route.id] = route.network }
        if !hasNetworkFile {
            networks = Set(named.compactMap(\.network)).sorted()
                .map { Network(id: $0, name: nil) }
        }
    }
}

extension GTFSTables {
    /// The files of one feed, opened as they are asked for.
    struct Source {
        let files: [String: [UInt8]]
        let limits: CSVCursor.Limits

        func cursor(_ file: String) throws(FeedError) -> CSVCursor? {
            guard let bytes = files[file] else { return nil }
            return try CSVCursor(file: file, bytes: bytes, limits: limits)
        }

        /// All records of a table; none when an optional file is missing.
        func table<Record>(_ table: Table<Record>) throws(FeedError) -> [Record] {
            guard var cursor = try cursor(table.file) else {
                guard table.isOptional else { throw FeedError(file: table.file, .missingFile) }
                return []
            }
            let read = try table.makeReader(cursor)
            var records: [Record] = []
            var keys: Set<String> = []
            while try cursor.next() {
                let record = try read(cursor)
                records.append(record)
                if let key = table.key?(record), !keys.insert(key).inserted {
                    throw FeedError(file: table.file, line: cursor.line, .duplicate(key))
                }
            }
            return records
        }
    }

    /// How one file turns into records.
    struct Table<Record> {
        typealias Reader = (borrowing CSVCursor) throws(FeedError) -> Record

        let file: String
        var isOptional = true
        /// The primary key as text; `nil` where there is none.
        var key: ((Record) -> String)?
        /// Looks the columns up and gives the reader of one record.
        let makeReader: (CSVCursor) throws(FeedError) -> Reader
    }
}

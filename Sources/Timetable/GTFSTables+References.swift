internal import TransitModel

/// Every identifier that one file takes from another must exist there.
extension GTFSTables {
    func checkPlaceReferences() throws(FeedError) {
        let agencyIDs = Set(agencies.compactMap(\.id))
        guard let zone = agencies.first?.timeZone else {
            throw FeedError(file: "agency.txt", .malformedText("there is no record"))
        }
        for agency in agencies where agency.timeZone != zone {
            throw FeedError(
                file: "agency.txt", field: "agency_timezone",
                .malformedValue(agency.timeZone, expected: "\(zone), as the other agencies have"))
        }
        for route in routes {
            let place = RecordPlace("routes.txt", route.line)
            try place.require(route.agency, "agency_id", in: agencyIDs, "agency.agency_id")
            if route.agency == nil, agencies.count > 1 {
                throw place.failure("agency_id", .missingValue)
            }
        }
        let types = Dictionary(uniqueKeysWithValues: stops.map { ($0.id, $0.locationType) })
        for stop in stops {
            guard let parent = stop.parentStation else { continue }
            let place = RecordPlace("stops.txt", stop.line)
            guard let parentType = types[parent] else {
                throw place.failure(
                    "parent_station",
                    .unknownReference(parent.rawValue, target: "stops.stop_id"))
            }
            let expected: LocationType = stop.locationType == .boardingArea ? .stop : .station
            guard stop.locationType != .station, parentType == expected else {
                throw place.failure(
                    "parent_station",
                    .malformedValue(parent.rawValue, expected: "a possible parent of this stop"))
            }
        }
    }

    func checkTripReferences() throws(FeedError) {
        let routeIDs = Set(routes.map(\.id))
        for trip in trips where !routeIDs.contains(trip.route) {
            throw RecordPlace("trips.txt", trip.line).failure(
                "route_id", .unknownReference(trip.route.rawValue, target: "routes.route_id"))
        }
    }

    func checkFareReferences(_ routeNetworks: [RouteNetwork]) throws(FeedError) {
        let routeIDs = Set(routes.map(\.id))
        let stopIDs = Set(stops.map(\.id))
        let areaIDs = Set(areas.map(\.id))
        let networkIDs = Set(networks.map(\.id))
        for record in routeNetworks {
            let place = RecordPlace("route_networks.txt", record.line)
            try place.require(record.network, "network_id", in: networkIDs, "networks.network_id")
            try place.require(record.route, "route_id", in: routeIDs, "routes.route_id")
        }
        for record in stopAreas {
            let place = RecordPlace("stop_areas.txt", record.line)
            try place.require(record.area, "area_id", in: areaIDs, "areas.area_id")
            try place.require(record.stop, "stop_id", in: stopIDs, "stops.stop_id")
        }
        try checkTimeframes()
        try checkProducts()
        try checkLegRules(areaIDs, networkIDs)
        try checkJoinRules(stopIDs, networkIDs)
        try checkTransferRules()
    }

    /// "There must not be overlapping time intervals for the same timeframe_group_id and
    /// service_id values" (GTFS reference).
    private func checkTimeframes() throws(FeedError) {
        let sorted = timeframes.sorted { left, right in
            (left.group, left.service, left.seconds.lowerBound, left.line)
                < (right.group, right.service, right.seconds.lowerBound, right.line)
        }
        for (index, record) in sorted.enumerated() {
            let place = RecordPlace("timeframes.txt", record.line)
            guard calendar.index(of: record.service) != nil else {
                throw place.failure(
                    "service_id",
                    .unknownReference(
                        record.service.rawValue, target: "calendar.txt or calendar_dates.txt"))
            }
            guard index > 0 else { continue }
            let previous = sorted[index - 1]
            if previous.group == record.group, previous.service == record.service,
                previous.seconds.overlaps(record.seconds)
            {
                throw place.failure(
                    "start_time", .forbidden("the span overlaps that of line \(previous.line)"))
            }
        }
    }

    private func checkJoinRules(
        _ stopIDs: Set<StopID>, _ networkIDs: Set<NetworkID>
    ) throws(FeedError) {
        for record in fareLegJoinRules {
            let place = RecordPlace("fare_leg_join_rules.txt", record.line)
            try place.require(
                record.fromNetwork, "from_network_id", in: networkIDs, "any network_id")
            try place.require(record.toNetwork, "to_network_id", in: networkIDs, "any network_id")
            try place.require(record.fromStop, "from_stop_id", in: stopIDs, "stops.stop_id")
            try place.require(record.toStop, "to_stop_id", in: stopIDs, "stops.stop_id")
        }
    }

    private func checkProducts() throws(FeedError) {
        let categories = Set(riderCategories.map(\.id))
        let media = Set(fareMedia.map(\.id))
        for record in fareProducts {
            let place = RecordPlace("fare_products.txt", record.line)
            try place.require(
                record.riderCategory, "rider_category_id", in: categories,
                "rider_categories.rider_category_id")
            try place.require(
                record.fareMedia, "fare_media_id", in: media, "fare_media.fare_media_id")
        }
    }

    private func checkLegRules(
        _ areaIDs: Set<AreaID>, _ networkIDs: Set<NetworkID>
    ) throws(FeedError) {
        let products = Set(fareProducts.map(\.id))
        let groups = Set(timeframes.map(\.group))
        for record in fareLegRules {
            let place = RecordPlace("fare_leg_rules.txt", record.line)
            try place.require(record.network, "network_id", in: networkIDs, "any network_id")
            try place.require(record.fromArea, "from_area_id", in: areaIDs, "areas.area_id")
            try place.require(record.toArea, "to_area_id", in: areaIDs, "areas.area_id")
            let timeframe = "timeframes.timeframe_group_id"
            try place.require(
                record.fromTimeframeGroup, "from_timeframe_group_id", in: groups, timeframe)
            try place.require(
                record.toTimeframeGroup, "to_timeframe_group_id", in: groups, timeframe)
            try place.require(
                record.fareProduct, "fare_product_id", in: products,
                "fare_products.fare_product_id")
        }
    }

    private func checkTransferRules() throws(FeedError) {
        let products = Set(fareProducts.map(\.id))
        let groups = Set(fareLegRules.compactMap(\.legGroup))
        for record in fareTransferRules {
            let place = RecordPlace("fare_transfer_rules.txt", record.line)
            let group = "fare_leg_rules.leg_group_id"
            try place.require(record.fromLegGroup, "from_leg_group_id", in: groups, group)
            try place.require(record.toLegGroup, "to_leg_group_id", in: groups, group)
            try place.require(
                record.fareProduct, "fare_product_id", in: products,
                "fare_products.fare_product_id")
        }
    }
}

internal import Timetable
internal import TransitModel

/// What the extension's tables name must exist, in them or in the feed.
extension TariffExtension {
    func checkReferences(_ tables: GTFSTables) throws(FeedError) {
        let products = Set(tables.fareProducts.map(\.id))
        let categories = Set(tables.riderCategories.map(\.id))
        let agencies = Set(tables.agencies.compactMap(\.id))
        try checkSets(tables, products, categories, agencies)
        for cap in caps {
            let place = RecordPlace("fare_caps.txt", cap.line)
            try place.legSet(cap.legSet, in: legSetIDs)
            try place.category(cap.riderCategory, in: categories)
            try place.require(
                cap.fareMedia, "fare_media_id", in: Set(tables.fareMedia.map(\.id)),
                "fare_media.fare_media_id")
        }
        for record in rideDiscounts {
            let place = RecordPlace("ride_discounts.txt", record.line)
            try place.legSet(record.legSet, in: legSetIDs)
            try place.category(record.riderCategory, in: categories)
        }
        for record in passes {
            let place = RecordPlace("fare_passes.txt", record.line)
            try place.legSet(record.legSet, in: legSetIDs)
            try place.product(record.product, in: products)
        }
        for record in distances {
            try RecordPlace("fare_distances.txt", record.line).product(record.product, in: products)
            guard distanceBands.contains(where: { $0.product == record.product }) else {
                throw RecordPlace("fare_distances.txt", record.line).failure(
                    "fare_product_id",
                    .unknownReference(
                        record.product.rawValue, target: "fare_distance_bands.fare_product_id"))
            }
        }
        let byDistance = Set(distances.map(\.product))
        for record in distanceBands {
            let place = RecordPlace("fare_distance_bands.txt", record.line)
            try place.require(
                record.product, "fare_product_id", in: byDistance,
                "fare_distances.fare_product_id")
            try place.category(record.riderCategory, in: categories)
        }
        for record in journeys {
            try RecordPlace("fare_journeys.txt", record.line).legSet(record.legSet, in: legSetIDs)
        }
        for record in transferTerms {
            let place = RecordPlace("transfer_terms.txt", record.line)
            try place.legSet(record.from, "from_leg_set_id", in: legSetIDs)
            try place.legSet(record.to, "to_leg_set_id", in: legSetIDs)
            try place.product(record.product, in: products)
        }
        for record in limits {
            let place = RecordPlace("fare_limits.txt", record.line)
            try place.legSet(record.legSet, in: legSetIDs)
            try place.category(record.riderCategory, in: categories)
        }
        for record in incompleteLegs {
            let place = RecordPlace("incomplete_legs.txt", record.line)
            try place.legSet(record.legSet, in: legSetIDs)
            try place.product(record.product, in: products)
        }
        for record in groupFares {
            try RecordPlace("group_fares.txt", record.line).legSet(record.legSet, in: legSetIDs)
        }
        for record in operatorShares {
            let place = RecordPlace("operator_shares.txt", record.line)
            try place.legSet(record.legSet, in: legSetIDs)
            try place.require(record.agency, "agency_id", in: agencies, "agency.agency_id")
        }
    }

    private var legSetIDs: Set<LegSetID> { Set(legSets.map(\.set)) }

    private func checkSets(
        _ tables: GTFSTables, _ products: Set<FareProductID>, _ categories: Set<RiderCategoryID>,
        _ agencies: Set<AgencyID>
    ) throws(FeedError) {
        let areas = Set(tables.areas.map(\.id))
        for record in areaSets {
            try RecordPlace("area_sets.txt", record.line)
                .require(record.area, "area_id", in: areas, "areas.area_id")
        }
        let sets = Set(areaSets.map(\.set))
        let routes = Set(tables.routes.map(\.id))
        let networks = Set(tables.networks.map(\.id))
        let groups = Set(tables.fareLegRules.compactMap(\.legGroup))
        let timeframes = Set(tables.timeframes.map(\.group))
        let media = Set(tables.fareMedia.map(\.id))
        for record in legSets {
            let place = RecordPlace("leg_sets.txt", record.line)
            try place.require(record.network, "network_id", in: networks, "any network_id")
            try place.require(record.route, "route_id", in: routes, "routes.route_id")
            try place.require(record.agency, "agency_id", in: agencies, "agency.agency_id")
            try place.product(record.fareProduct, in: products)
            try place.require(
                record.legGroup, "leg_group_id", in: groups, "fare_leg_rules.leg_group_id")
            try place.require(record.fromArea, "from_area_id", in: areas, "areas.area_id")
            try place.require(record.toArea, "to_area_id", in: areas, "areas.area_id")
            try place.require(
                record.withinAreaSet, "within_area_set_id", in: sets, "area_sets.area_set_id")
            try place.require(
                record.timeframeGroup, "timeframe_group_id", in: timeframes,
                "timeframes.timeframe_group_id")
            try place.category(record.riderCategory, in: categories)
            try place.require(
                record.fareMedia, "fare_media_id", in: media, "fare_media.fare_media_id")
            if let service = record.service, calendar.index(of: service) == nil {
                throw place.failure(
                    "service_id",
                    .unknownReference(
                        service.rawValue,
                        target: "calendar.service_id or calendar_dates.service_id"))
            }
        }
    }
}

extension RecordPlace {
    func legSet(
        _ id: LegSetID?, _ field: String = "leg_set_id", in known: Set<LegSetID>
    ) throws(FeedError) {
        try require(id, field, in: known, "leg_sets.leg_set_id")
    }

    func product(_ id: FareProductID?, in known: Set<FareProductID>) throws(FeedError) {
        try require(id, "fare_product_id", in: known, "fare_products.fare_product_id")
    }

    func category(_ id: RiderCategoryID?, in known: Set<RiderCategoryID>) throws(FeedError) {
        try require(id, "rider_category_id", in: known, "rider_categories.rider_category_id")
    }
}

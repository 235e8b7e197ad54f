package import Timetable
internal import TransitModel

/// The tables that Kvytok adds to GTFS's fare tables, read and checked; `docs/tariff-language.md`
/// documents each field.
///
/// All of them are optional, and together with the standard's tables they are one language: sets
/// of legs are named once and used by every table.
package struct TariffExtension: Sendable {
    package var tariff = TariffRecord()
    /// Whether there is a `tariff.txt`.
    package var hasTariffFile = false
    package var areaSets: [AreaSetMember] = []
    package var legSets: [LegSetRecord] = []
    package var caps: [FareCapRecord] = []
    package var rideDiscounts: [RideDiscountRecord] = []
    package var passes: [FarePassRecord] = []
    package var distances: [FareDistanceRecord] = []
    package var distanceBands: [FareDistanceBandRecord] = []
    package var journeys: [FareJourneyRecord] = []
    package var transferTerms: [TransferTermsRecord] = []
    package var limits: [FareLimitRecord] = []
    package var incompleteLegs: [IncompleteLegRecord] = []
    package var groupFares: [GroupFareRecord] = []
    package var operatorShares: [OperatorShareRecord] = []
    /// The services that ``legSets`` name.
    package var calendar = ServiceCalendar()

    /// The extension's files, in the order in which a reader would open them.
    package static let fileNames = [
        "tariff.txt", "area_sets.txt", "leg_sets.txt", "fare_journeys.txt", "fare_distances.txt",
        "fare_distance_bands.txt", "transfer_terms.txt", "fare_limits.txt", "group_fares.txt",
        "ride_discounts.txt", "fare_passes.txt", "fare_caps.txt", "incomplete_legs.txt",
        "operator_shares.txt",
    ]

    /// No extension at all.
    package init() {}

    /// `nil` where none of the files is there.
    ///
    /// - Parameter files: Contents by file name; others are ignored.
    /// - Throws: ``FeedError`` for the first offence, with its file, line and field.
    package init?(files: [String: [UInt8]], over tables: GTFSTables) throws(FeedError) {
        guard Self.fileNames.contains(where: { files[$0] != nil }) else { return nil }
        try readTariff(files)
        try readSets(files)
        try readWindows(files)
        try readDistances(files)
        try readTransfers(files)
        try readRest(files)
        if legSets.contains(where: { $0.service != nil }) {
            calendar = try ServiceCalendar(files: files)
        }
        try checkReferences(tables)
    }

    private mutating func readTariff(_ files: [String: [UInt8]]) throws(FeedError) {
        let records = try TariffRow.readAll(
            "tariff.txt", from: files,
            fields: [
                "tariff_id", "tariff_version", "tariff_name", "effective_from", "effective_until",
                "pricing", "fare_day_start", "week_start", "rounding", "rounding_unit", "currency",
            ], required: ["tariff_id"]
        ) { row throws(FeedError) in
            var record = TariffRecord()
            record.id = try row.id("tariff_id")
            record.version = try row.text("tariff_version")
            record.name = try row.text("tariff_name")
            record.effectiveFrom = try row.date("effective_from")
            record.effectiveUntil = try row.date("effective_until")
            if let from = record.effectiveFrom, let until = record.effectiveUntil, until < from {
                throw row.failure(
                    "effective_until", .malformedValue("\(until)", expected: "\(from) or later"))
            }
            record.pricing = try row.word("pricing", whenEmpty: .lowest)
            record.fareDayStart = try row.seconds("fare_day_start") ?? 0
            guard record.fareDayStart < 86_400 else {
                throw row.failure(
                    "fare_day_start",
                    .malformedValue("\(record.fareDayStart) s", expected: "before 24:00:00"))
            }
            record.weekStart = try row.integer("week_start", in: 1...7) ?? 1
            record.rounding = try row.word("rounding", whenEmpty: .halfUp)
            if let unit = try row.optionalAmount("rounding_unit") {
                guard unit.minorUnits > 0 else {
                    throw row.failure(
                        "rounding_unit", .malformedValue(unit.decimal, expected: "above zero"))
                }
                record.roundingUnit = unit.minorUnits
            }
            record.line = row.line
            return record
        }
        guard let first = records.first else { return }
        if records.count > 1 {
            throw FeedError(
                file: "tariff.txt", line: records[1].line, .forbidden("a tariff is one record"))
        }
        tariff = first
        hasTariffFile = true
    }

    private mutating func readSets(_ files: [String: [UInt8]]) throws(FeedError) {
        areaSets = try TariffRow.readAll(
            "area_sets.txt", from: files, fields: ["area_set_id", "area_id"],
            required: ["area_set_id", "area_id"],
            key: { [$0.set.rawValue, $0.area.rawValue] }
        ) { row throws(FeedError) in
            AreaSetMember(
                set: try row.id("area_set_id"), area: try row.id("area_id"), line: row.line)
        }
        legSets = try TariffRow.readAll(
            "leg_sets.txt", from: files,
            fields: [
                "leg_set_id", "leg_set_name", "network_id", "route_id", "route_type", "agency_id",
                "fare_product_id", "leg_group_id", "from_area_id", "to_area_id",
                "within_area_set_id", "timeframe_group_id", "rider_category_id", "fare_media_id",
                "weekdays", "service_id",
            ], required: ["leg_set_id"]
        ) { row throws(FeedError) in
            LegSetRecord(
                set: try row.id("leg_set_id"), name: try row.text("leg_set_name"),
                network: try row.optionalID("network_id"), route: try row.optionalID("route_id"),
                routeType: try row.integer("route_type", in: 0...1_799),
                agency: try row.optionalID("agency_id"),
                fareProduct: try row.optionalID("fare_product_id"),
                legGroup: try row.optionalID("leg_group_id"),
                fromArea: try row.optionalID("from_area_id"),
                toArea: try row.optionalID("to_area_id"),
                withinAreaSet: try row.optionalID("within_area_set_id"),
                timeframeGroup: try row.optionalID("timeframe_group_id"),
                riderCategory: try row.optionalID("rider_category_id"),
                fareMedia: try row.optionalID("fare_media_id"), weekdays: try row.weekdays(),
                service: try row.optionalID("service_id"), line: row.line)
        }
    }

    private mutating func readWindows(_ files: [String: [UInt8]]) throws(FeedError) {
        caps = try TariffRow.readAll(
            "fare_caps.txt", from: files,
            fields: [
                "cap_id", "cap_name", "leg_set_id", "rider_category_id", "fare_media_id", "window",
                "window_duration", "amount", "currency",
            ], required: ["cap_id", "window", "amount", "currency"],
            key: { [$0.cap.rawValue, $0.riderCategory?.rawValue, $0.fareMedia?.rawValue] }
        ) { row throws(FeedError) in
            let record = FareCapRecord(
                cap: try row.id("cap_id"), name: try row.text("cap_name"),
                legSet: try row.optionalID("leg_set_id"),
                riderCategory: try row.optionalID("rider_category_id"),
                fareMedia: try row.optionalID("fare_media_id"), window: try row.window(),
                amount: try row.amount("amount"), line: row.line)
            guard record.amount.minorUnits >= 0 else {
                throw row.failure(
                    "amount", .malformedValue(record.amount.decimal, expected: "zero or more"))
            }
            return record
        }
        rideDiscounts = try TariffRow.readAll(
            "ride_discounts.txt", from: files,
            fields: [
                "ride_discount_id", "ride_discount_name", "leg_set_id", "rider_category_id",
                "window", "window_duration", "count_by", "after_rides", "reduced_rides",
                "reduction_percent",
            ], required: ["ride_discount_id", "window", "after_rides", "reduction_percent"],
            key: { [$0.discount.rawValue, $0.riderCategory?.rawValue] }
        ) { row throws(FeedError) in
            guard let after = try row.integer("after_rides", in: 0...1_000_000) else {
                throw row.failure("after_rides", .missingValue)
            }
            guard let reduction = try row.percent("reduction_percent") else {
                throw row.failure("reduction_percent", .missingValue)
            }
            return RideDiscountRecord(
                discount: try row.id("ride_discount_id"),
                name: try row.text("ride_discount_name"),
                legSet: try row.optionalID("leg_set_id"),
                riderCategory: try row.optionalID("rider_category_id"), window: try row.window(),
                unit: try row.word("count_by", whenEmpty: .leg), afterRides: after,
                reducedRides: try row.integer("reduced_rides", in: 1...1_000_000),
                reduction: reduction, line: row.line)
        }
        passes = try TariffRow.readAll(
            "fare_passes.txt", from: files,
            fields: [
                "fare_product_id", "leg_set_id", "sale", "validity", "validity_count",
                "validity_duration", "ride_limit", "covers_up_to", "currency", "upgrade",
            ], required: ["fare_product_id"], key: { [$0.product.rawValue] }
        ) { row throws(FeedError) in
            FarePassRecord(
                product: try row.id("fare_product_id"), legSet: try row.optionalID("leg_set_id"),
                sale: try row.word("sale", whenEmpty: .advance), validity: try row.validity(),
                rideLimit: try row.integer("ride_limit", in: 1...1_000_000),
                coversUpTo: try row.optionalAmount("covers_up_to"),
                isUpgrade: try row.flag("upgrade"), line: row.line)
        }
    }

    private mutating func readDistances(_ files: [String: [UInt8]]) throws(FeedError) {
        distances = try TariffRow.readAll(
            "fare_distances.txt", from: files,
            fields: ["fare_product_id", "distance_type", "sum_over"],
            required: ["fare_product_id"], key: { [$0.product.rawValue] }
        ) { row throws(FeedError) in
            FareDistanceRecord(
                product: try row.id("fare_product_id"),
                type: try row.word("distance_type", whenEmpty: .travelled),
                sum: try row.word("sum_over", whenEmpty: .leg), line: row.line)
        }
        distanceBands = try TariffRow.readAll(
            "fare_distance_bands.txt", from: files,
            fields: [
                "fare_product_id", "rider_category_id", "max_distance", "amount", "currency",
                "step_distance", "step_amount", "amount_per_km",
            ], required: ["fare_product_id", "amount", "currency"],
            key: { [$0.product.rawValue, $0.riderCategory?.rawValue, $0.upTo.map(String.init)] }
        ) { row throws(FeedError) in
            let band = FareDistanceBandRecord(
                product: try row.id("fare_product_id"),
                riderCategory: try row.optionalID("rider_category_id"),
                upTo: try row.integer("max_distance", in: 0...100_000_000),
                amount: try row.amount("amount"),
                step: try row.integer("step_distance", in: 1...100_000_000),
                stepAmount: try row.optionalAmount("step_amount"),
                perKilometre: try row.fineAmount("amount_per_km"), line: row.line)
            if band.step != nil, band.stepAmount == nil {
                throw row.failure("step_amount", .missingValue)
            }
            if band.stepAmount != nil, band.step == nil {
                throw row.failure("step_distance", .missingValue)
            }
            return band
        }
        journeys = try TariffRow.readAll(
            "fare_journeys.txt", from: files,
            fields: [
                "leg_set_id", "gap_limit", "duration_limit", "leg_limit", "ends_on_same_route",
                "timeframes",
            ], key: { [$0.legSet?.rawValue] }
        ) { row throws(FeedError) in
            FareJourneyRecord(
                legSet: try row.optionalID("leg_set_id"), gapLimit: try row.duration("gap_limit"),
                durationLimit: try row.duration("duration_limit"),
                legLimit: try row.integer("leg_limit", in: 1...1_000),
                endsOnSameRoute: try row.flag("ends_on_same_route"),
                timeframes: try row.word("timeframes", whenEmpty: .eachLeg), line: row.line)
        }
    }

    private mutating func readTransfers(_ files: [String: [UInt8]]) throws(FeedError) {
        transferTerms = try TariffRow.readAll(
            "transfer_terms.txt", from: files,
            fields: [
                "from_leg_set_id", "to_leg_set_id", "terms", "fare_product_id",
                "reduction_percent", "difference_to", "transfer_count", "duration_limit",
                "duration_limit_type", "last", "except_same_route", "rule_priority",
            ], required: ["terms"],
            key: { record in
                [
                    record.from?.rawValue, record.to?.rawValue, record.terms.rawValue,
                    record.product?.rawValue, record.transferCount.map(String.init),
                    record.durationLimit.map { "\($0.components.seconds)" },
                    "\(record.priority)",
                ]
            }
        ) { row throws(FeedError) in
            let record = TransferTermsRecord(
                from: try row.optionalID("from_leg_set_id"),
                to: try row.optionalID("to_leg_set_id"), terms: try row.word("terms"),
                product: try row.optionalID("fare_product_id"),
                reduction: try row.percent("reduction_percent"),
                difference: try row.word("difference_to", whenEmpty: .dearestLeg),
                transferCount: try row.integer("transfer_count", in: 1...1_000_000),
                durationLimit: try row.duration("duration_limit"),
                durationLimitType: try row.limitType(),
                isLast: try row.flag("last"),
                exceptSameRoute: try row.flag("except_same_route"),
                priority: try row.integer("rule_priority", in: 0...Int(Int32.max)) ?? 0,
                line: row.line)
            try row.checkTerms(record)
            return record
        }
    }

    private mutating func readRest(_ files: [String: [UInt8]]) throws(FeedError) {
        limits = try TariffRow.readAll(
            "fare_limits.txt", from: files,
            fields: [
                "leg_set_id", "rider_category_id", "scope", "min_amount", "max_amount", "currency",
            ], key: { [$0.legSet?.rawValue, $0.riderCategory?.rawValue, $0.scope.rawValue] }
        ) { row throws(FeedError) in
            let record = FareLimitRecord(
                legSet: try row.optionalID("leg_set_id"),
                riderCategory: try row.optionalID("rider_category_id"),
                scope: try row.word("scope", whenEmpty: .leg),
                minimum: try row.optionalAmount("min_amount"),
                maximum: try row.optionalAmount("max_amount"), line: row.line)
            if record.minimum == nil, record.maximum == nil {
                throw row.failure("min_amount", .missingValue)
            }
            if let minimum = record.minimum, let maximum = record.maximum, maximum < minimum {
                throw row.failure(
                    "max_amount",
                    .malformedValue(maximum.decimal, expected: "\(minimum.decimal) or more"))
            }
            return record
        }
        incompleteLegs = try TariffRow.readAll(
            "incomplete_legs.txt", from: files,
            fields: ["leg_set_id", "fare_product_id", "counts_towards_caps"],
            required: ["fare_product_id"], key: { [$0.legSet?.rawValue, $0.product.rawValue] }
        ) { row throws(FeedError) in
            IncompleteLegRecord(
                legSet: try row.optionalID("leg_set_id"), product: try row.id("fare_product_id"),
                countsTowardsCaps: try row.flag("counts_towards_caps", whenEmpty: true),
                line: row.line)
        }
        groupFares = try TariffRow.readAll(
            "group_fares.txt", from: files,
            fields: [
                "leg_set_id", "min_riders", "max_riders", "reduction_percent", "free_riders",
            ], required: ["min_riders"]
        ) { row throws(FeedError) in
            guard let least = try row.integer("min_riders", in: 2...1_000) else {
                throw row.failure("min_riders", .missingValue)
            }
            let most = try row.integer("max_riders", in: least...1_000) ?? 1_000
            return GroupFareRecord(
                legSet: try row.optionalID("leg_set_id"), riders: least...most,
                reduction: try row.percent("reduction_percent") ?? 0,
                freeRiders: try row.integer("free_riders", in: 0...(least - 1)) ?? 0,
                line: row.line)
        }
        operatorShares = try TariffRow.readAll(
            "operator_shares.txt", from: files, fields: ["leg_set_id", "agency_id", "weight"],
            required: ["leg_set_id", "agency_id", "weight"],
            key: { [$0.legSet.rawValue, $0.agency.rawValue] }
        ) { row throws(FeedError) in
            guard let weight = try row.integer("weight", in: 0...1_000_000_000) else {
                throw row.failure("weight", .missingValue)
            }
            return OperatorShareRecord(
                legSet: try row.id("leg_set_id"), agency: try row.id("agency_id"), weight: weight,
                line: row.line)
        }
    }
}

internal import Timetable
internal import TransitModel

/// The extension's tables in the form that prices by look-up; a class as ``Tariff`` is.
final class ExtensionRules: Sendable {
    let record: TariffRecord
    let calendar: FareCalendar
    let legSets: LegSetIndex
    let journeys: JourneyRules
    let distances: DistanceIndex
    let terms: TransferTermsIndex
    let limits: LimitRules
    let groups: GroupRules
    let rideDiscounts: RideDiscountIndex
    let passes: PassIndex
    let caps: CapIndex
    let incomplete: IncompleteRules
    let shares: ShareRules
    /// Whether any price depends on which legs are one journey.
    let asksForJourneys: Bool

    init(
        _ source: TariffExtension, _ tables: GTFSTables, _ products: ProductIndex,
        _ timeframes: TimeframeIndex, groups: [LegGroupID], zones: (String) -> ZoneOffsets?
    ) throws(TariffError) {
        let name = tables.agencies.first?.timeZone ?? ""
        guard let zone = zones(name) else {
            throw .contradiction(
                FeedError(
                    file: "agency.txt", field: "agency_timezone",
                    .malformedValue(name, expected: "a time zone that this system knows")))
        }
        record = source.tariff
        calendar = FareCalendar(
            zone: zone, dayStart: source.tariff.fareDayStart, weekStart: source.tariff.weekStart)
        let legSets = LegSetIndex(source, tables, products, timeframes, groups: groups)
        self.legSets = legSets
        journeys = JourneyRules(source.journeys, legSets)
        distances = try DistanceIndex(source, tables, products)
        terms = TransferTermsIndex(source.transferTerms, legSets, products)
        limits = LimitRules(source.limits, legSets, products)
        self.groups = GroupRules(source.groupFares, legSets)
        rideDiscounts = RideDiscountIndex(source.rideDiscounts, legSets, products)
        passes = PassIndex(source.passes, legSets, products)
        caps = try CapIndex(source.caps, legSets, products)
        incomplete = IncompleteRules(source.incompleteLegs, legSets, products)
        shares = try ShareRules(source.operatorShares, legSets)
        asksForJourneys =
            !source.journeys.isEmpty || source.limits.contains { $0.scope == .journey }
            || source.caps.contains { $0.window.kind == .journey }
            || source.rideDiscounts.contains { $0.window.kind == .journey || $0.unit == .journey }
        try Self.checkCurrency(source, products)
    }

    /// One tariff, one currency.
    private static func checkCurrency(
        _ source: TariffExtension, _ products: ProductIndex
    ) throws(TariffError) {
        guard let currency = products.products.first?.prices.first?.amount.currency else { return }
        func check(_ amount: Money?, _ file: String, _ line: Int) throws(TariffError) {
            guard let amount, amount.currency != currency else { return }
            throw .contradiction(
                RecordPlace(file, line).failure(
                    "currency",
                    .forbidden("\(amount.currency) beside \(currency): one tariff, one currency")))
        }
        for record in source.caps {
            try check(record.amount, "fare_caps.txt", record.line)
        }
        for record in source.distanceBands {
            try check(record.amount, "fare_distance_bands.txt", record.line)
        }
        for record in source.limits {
            try check(record.minimum ?? record.maximum, "fare_limits.txt", record.line)
        }
        for record in source.passes {
            try check(record.coversUpTo, "fare_passes.txt", record.line)
        }
    }
}

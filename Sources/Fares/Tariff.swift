package import Timetable
package import TransitModel

/// A feed's fare tables, compiled once into a form that prices by look-up.
///
/// Compiling is where anything that would be priced wrongly is refused, by name and line. The
/// order of rows in the tables changes nothing. A class only because it is large and never changes.
package final class Tariff: Sendable {
    package let id: TariffID
    /// Fixes every price together with ``id``; the shell derives it from the files' bytes.
    package let version: String
    package let currency: Currency
    /// By identifier.
    package let fareMedia: [FareMedium]
    /// By identifier.
    package let riderCategories: [RiderCategory]

    /// The files that fix every price; with ``timeFileNames`` where there are timeframes, nothing
    /// else of a feed does.
    package static let fileNames: [String] = [
        "areas.txt", "fare_leg_join_rules.txt", "fare_leg_rules.txt", "fare_media.txt",
        "fare_products.txt", "fare_transfer_rules.txt", "networks.txt", "rider_categories.txt",
        "route_networks.txt", "routes.txt", "stop_areas.txt", "stops.txt", "timeframes.txt",
    ]

    /// The standard's files that a tariff in a folder of its own may bring; stops and routes are
    /// the feed's.
    package static let fareFileNames = fileNames.filter { $0 != "stops.txt" && $0 != "routes.txt" }

    /// Of ``fareFileNames``, those that a tariff may share with the feed.
    package static let placeFileNames = [
        "areas.txt", "networks.txt", "route_networks.txt", "stop_areas.txt", "timeframes.txt",
    ]

    /// What `timeframes.txt` and days, weeks and months rest on.
    package static let timeFileNames = ["agency.txt", "calendar.txt", "calendar_dates.txt"]

    let places: PlaceIndex
    let legRules: LegRuleIndex
    let products: ProductIndex
    let transferRules: TransferRuleIndex
    let timeframes: TimeframeIndex
    let joins: LegJoinIndex

    /// What goes beyond the standard; `nil` without a file of the extension.
    let rules: ExtensionRules?

    private init(
        _ tables: GTFSTables, _ source: TariffExtension?, id: TariffID, version: String,
        zones: (String) -> ZoneOffsets?
    ) throws(TariffError) {
        guard let first = tables.fareProducts.first,
            !tables.fareLegRules.isEmpty || source?.passes.isEmpty == false
        else { throw .noFareTables }
        self.id = id
        self.version = version
        currency = first.amount.currency
        fareMedia = tables.fareMedia.sorted { $0.id < $1.id }
        riderCategories = tables.riderCategories.sorted { $0.id < $1.id }
        products = try ProductIndex(tables, currency: first.amount.currency)
        timeframes = try TimeframeIndex(tables, zones: zones)
        joins = LegJoinIndex(tables)
        let rules = CompiledLegRule.compile(tables, products, timeframes)
        places = PlaceIndex(tables, rules: rules)
        legRules = LegRuleIndex(rules, in: tables, places)
        transferRules = TransferRuleIndex(tables, products, groups: rules.groups)
        var extensionRules: ExtensionRules?
        if let source {
            extensionRules = try ExtensionRules(
                source, tables, products, timeframes, groups: rules.groups, zones: zones)
        }
        self.rules = extensionRules
    }

    /// - Parameters:
    ///   - source: What goes beyond the standard; `nil` without a file of the extension.
    ///   - zones: Finds a time zone by its IANA name; asked only where prices depend on the time
    ///     of day or the date.
    /// - Throws: ``TariffError`` naming file, line and field.
    package static func compile(
        _ tables: GTFSTables, with source: TariffExtension? = nil, id: TariffID, version: String,
        zones: (String) -> ZoneOffsets? = { _ in nil }
    ) throws(TariffError) -> Tariff {
        try Tariff(tables, source, id: id, version: version, zones: zones)
    }

    /// How a history is priced where nothing else is asked for.
    package var pricing: PricingOrder { rules?.record.pricing ?? .lowest }

    /// When a fare day begins, in seconds of the clock on the wall.
    package var fareDayStart: Int { rules?.record.fareDayStart ?? 0 }
}

extension Tariff {
    /// The media of the tariff that a tap's medium is one of.
    package func media(for kind: MediaKind) -> FareMediaChoice {
        let types: [FareMediaType] =
            switch kind {
            case .eTicketCard: [.transitCard]
            case .bankCard: [.contactlessEMV]
            case .qrTicket: [.paperTicket, .mobileApp]
            }
        return .only(fareMedia.filter { types.contains($0.type) }.map(\.id))
    }

    /// How long a pause makes a rider as new: no cap, discount or ticket looks back over it.
    ///
    /// - Parameter linkingWindow: See ``linkingWindow(fallback:)``.
    package func memory(linkingWindow: Duration) -> Duration {
        guard let rules else { return linkingWindow }
        let windows =
            rules.caps.caps.map(\.window.memory)
            + rules.rideDiscounts.discounts.map(\.window.memory)
            + rules.passes.passes.map(\.validity.memory)
        return max(linkingWindow, windows.max() ?? .zero)
    }

    /// The linking window for journeys under which no transfer crosses from one to the next.
    ///
    /// It is the longest time limit of any transfer rule.
    ///
    /// - Parameter fallback: Stands for a transfer rule without a limit, for legs that join, and
    ///   for a tariff without transfers.
    package func linkingWindow(fallback: Duration) -> Duration {
        var limits = transferRules.durationLimits + (joins.isEmpty ? [] : [nil])
        if let rules {
            limits += rules.terms.terms.map(\.record.durationLimit)
            limits += rules.journeys.rules.map { $0.record.durationLimit ?? $0.record.gapLimit }
        }
        guard let longest = limits.lazy.compactMap({ $0 }).max() else { return fallback }
        return limits.contains(nil) ? max(longest, fallback) : longest
    }
}

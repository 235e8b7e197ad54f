internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// What riders call the things of a tariff, in one language.
///
/// A name is the feed's translation, or else its own, or else the identifier. Where two things
/// share a name each has its identifier beside it.
struct NameBook: Sendable {
    let agencies: [AgencyID: String]
    let routes: [RouteID: String]
    let stops: [StopID: String]
    /// Names that tell stops of one name apart.
    let stopLabels: [StopID: String]
    let networks: [NetworkID: String]
    let areas: [AreaID: String]
    let categories: [RiderCategoryID: String]
    let media: [FareMediaID: String]
    let products: [FareProductID: String]
    /// The category of those who prove nothing.
    let defaultCategory: RiderCategoryID?

    init(
        _ tables: GTFSTables, _ rules: TariffExtension, _ translations: Translations,
        _ language: String
    ) {
        func name(_ field: Translations.Field, _ id: String, _ name: String?) -> String {
            let own = name.flatMap { $0.isEmpty ? nil : $0 } ?? id
            return translations.find(field, of: id, value: own, in: language) ?? own
        }
        agencies = Self.distinct(
            tables.agencies.compactMap { agency in
                agency.id.map { ($0, name(.agencyName, $0.rawValue, agency.name)) }
            })
        routes = Self.distinct(
            tables.routes.map { route in
                let isShort = !route.shortName.isEmpty
                return (
                    route.id,
                    name(
                        isShort ? .routeShortName : .routeLongName, route.id.rawValue,
                        isShort ? route.shortName : route.longName)
                )
            })
        // Stops with one name are one place to a rider.
        stops = Dictionary(
            uniqueKeysWithValues: tables.stops.map {
                ($0.id, name(.stopName, $0.id.rawValue, $0.name))
            })
        stopLabels = Self.distinct(stops.map { ($0.key, $0.value) })
        networks = Self.distinct(
            tables.networks.map { ($0.id, name(.networkName, $0.id.rawValue, $0.name)) })
        areas = Self.distinct(
            tables.areas.map { ($0.id, name(.areaName, $0.id.rawValue, $0.name)) })
        categories = Self.distinct(
            tables.riderCategories.map {
                ($0.id, name(.riderCategoryName, $0.id.rawValue, $0.name))
            })
        media = Self.distinct(
            tables.fareMedia.map { ($0.id, name(.fareMediaName, $0.id.rawValue, $0.name)) })
        let defaultCategory = tables.riderCategories.first(where: \.isDefault)?.id
        self.defaultCategory = defaultCategory
        let rows = Dictionary(grouping: tables.fareProducts, by: \.id)
        products = Self.distinct(
            rows.map { id, rows in
                let leading = rows.min {
                    Self.order($0, defaultCategory) < Self.order($1, defaultCategory)
                }
                return (id, name(.fareProductName, id.rawValue, leading?.name))
            })
    }

    /// The full fare before concessions, then by identifiers.
    static func order(
        _ row: FareProduct, _ defaultCategory: RiderCategoryID?
    ) -> (Int, String, String) {
        let isFull = row.riderCategory == nil || row.riderCategory == defaultCategory
        return (isFull ? 0 : 1, row.riderCategory?.rawValue ?? "", row.fareMedia?.rawValue ?? "")
    }

    private static func distinct<ID: Hashable & CustomStringConvertible>(
        _ named: [(id: ID, name: String)]
    ) -> [ID: String] {
        let uses = Dictionary(grouping: named, by: \.name).mapValues(\.count)
        var names: [ID: String] = [:]
        for (id, name) in named {
            names[id] = uses[name] == 1 || name == id.description ? name : "\(name) (\(id))"
        }
        return names
    }
}

extension TariffVoice {
    func name(_ id: NetworkID) -> String { book.networks[id] ?? id.rawValue }
    func name(_ id: AreaID) -> String { book.areas[id] ?? id.rawValue }
    func name(_ id: RiderCategoryID) -> String { book.categories[id] ?? id.rawValue }
    func name(_ id: FareMediaID) -> String { book.media[id] ?? id.rawValue }
    func name(_ id: FareProductID) -> String { book.products[id] ?? id.rawValue }
    func name(_ id: RouteID) -> String { book.routes[id] ?? id.rawValue }
    func name(_ id: StopID) -> String { book.stops[id] ?? id.rawValue }
    func name(_ id: AgencyID) -> String { book.agencies[id] ?? id.rawValue }

    /// What one row of a product is called; products of one identifier may differ in name.
    func name(of row: FareProduct) -> String? {
        row.name.map {
            translations.find(
                .fareProductName, of: row.id.rawValue, value: $0, in: language.rawValue) ?? $0
        }
    }

    /// A name that the tariff's own tables give.
    func name(_ field: Translations.Field, _ id: String, _ name: String?) -> String? {
        name.map { translations.find(field, of: id, value: $0, in: language.rawValue) ?? $0 }
    }

    /// A zone as it stands behind the word: `Zone 5` is zone 5.
    func zone(_ id: AreaID) -> String {
        let name = name(id)
        for word in ["zone ", "зона "] where name.lowercased().hasPrefix(word) {
            return String(name.dropFirst(word.count))
        }
        return name.contains(where: \.isLowercase) ? quoted(name) : name
    }
}

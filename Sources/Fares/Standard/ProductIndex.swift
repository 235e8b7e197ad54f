internal import Timetable
internal import TransitModel

/// A rider's categories and media as numbers of the tariff.
struct ResolvedRider {
    var categories: [Int32]
    /// Sorted; products that name no medium are always open.
    var media: [Int32]
    /// In the order in which they are used.
    var held: [Held] = []
    /// How many people ride on the medium.
    var riders = 1

    /// A product that the rider has bought before.
    struct Held {
        let product: Int32
        let validFrom: Timestamp?
        let validUntil: Timestamp?
        let ridesLeft: Int?
    }
}

/// The prices of every fare product.
struct ProductIndex: Sendable {
    /// Stands for a field that the table leaves empty.
    static let any: Int32 = -1

    struct Price: Sendable {
        let category: Int32
        let medium: Int32
        let amount: Money
        let name: String?

        /// The same, at another price.
        func priced(at minorUnits: Int64) -> Price {
            Price(
                category: category, medium: medium,
                amount: Money(minorUnits: minorUnits, currency: amount.currency), name: name)
        }
    }

    struct Product: Sendable {
        let id: FareProductID
        /// From the cheapest; equal amounts by category and medium.
        let prices: [Price]
    }

    /// By identifier.
    let products: [Product]
    let mediaIDs: [FareMediaID]
    let categoryIDs: [RiderCategoryID]
    /// Whether any price depends on the medium.
    let dependsOnMedia: Bool
    private let numberOfProduct: [FareProductID: Int32]
    private let numberOfCategory: [RiderCategoryID: Int32]
    private let numberOfMedium: [FareMediaID: Int32]
    private let defaultCategories: [Int32]

    init(_ tables: GTFSTables, currency: Currency) throws(TariffError) {
        categoryIDs = tables.riderCategories.map(\.id).sorted()
        mediaIDs = tables.fareMedia.map(\.id).sorted()
        let numberOfCategory = categoryIDs.numbered()
        let numberOfMedium = mediaIDs.numbered()
        var defaults: [Int32] = []
        for category in tables.riderCategories where category.isDefault {
            if let number = numberOfCategory[category.id] { defaults.append(number) }
        }
        self.numberOfCategory = numberOfCategory
        self.numberOfMedium = numberOfMedium
        defaultCategories = defaults.sorted()

        var prices: [FareProductID: [Price]] = [:]
        var defaultOfProduct: [FareProductID: Int32] = [:]
        for record in tables.fareProducts {
            func contradiction(_ field: String, _ reason: String) -> TariffError {
                .contradiction(
                    FeedError(
                        file: "fare_products.txt", line: record.line, field: field,
                        .forbidden(reason)))
            }
            guard record.amount.currency == currency else {
                throw contradiction(
                    "currency",
                    "\(record.amount.currency) after \(currency): one tariff, one currency")
            }
            let category = record.riderCategory.flatMap { numberOfCategory[$0] } ?? Self.any
            if defaults.contains(category),
                defaultOfProduct.updateValue(category, forKey: record.id) ?? category != category
            {
                throw contradiction(
                    "rider_category_id", "a second default rider category for this product")
            }
            let medium = record.fareMedia.flatMap { numberOfMedium[$0] } ?? Self.any
            prices[record.id, default: []].append(
                Price(
                    category: category, medium: medium, amount: record.amount, name: record.name))
        }
        let ids = prices.keys.sorted()
        numberOfProduct = ids.numbered()
        products = ids.map { id in
            let prices = (prices[id] ?? []).sorted { left, right in
                (left.amount.minorUnits, left.category, left.medium)
                    < (right.amount.minorUnits, right.category, right.medium)
            }
            return Product(id: id, prices: prices)
        }
        dependsOnMedia = tables.fareProducts.contains { $0.fareMedia != nil }
    }

    /// The product's number; references were checked when the tables were read.
    func number(of id: FareProductID) -> Int32 { numberOfProduct[id] ?? Self.any }

    func resolve(_ rider: FareRider) throws(FareRefusal) -> ResolvedRider {
        var resolved = ResolvedRider(categories: defaultCategories, media: [])
        if !rider.categories.isEmpty {
            resolved.categories.removeAll(keepingCapacity: true)
            for id in rider.categories {
                guard let number = numberOfCategory[id] else { throw .unknownRiderCategory(id) }
                resolved.categories.append(number)
            }
        }
        switch rider.media {
        case .any: resolved.media = Array(0..<Int32(mediaIDs.count))
        case .only(let ids):
            for id in ids {
                guard let number = numberOfMedium[id] else { throw .unknownFareMedia(id) }
                resolved.media.append(number)
            }
        }
        resolved.riders = rider.riders
        for held in rider.held {
            guard let number = numberOfProduct[held.product] else {
                throw .unknownFareProduct(held.product)
            }
            resolved.held.append(
                .init(
                    product: number, validFrom: held.validFrom, validUntil: held.validUntil,
                    ridesLeft: held.ridesLeft))
        }
        return resolved
    }

    func find(_ id: FareProductID) -> Int32? { numberOfProduct[id] }
    func number(_ id: RiderCategoryID) -> Int32 { numberOfCategory[id] ?? Self.any }
    func number(_ id: FareMediaID) -> Int32 { numberOfMedium[id] ?? Self.any }

    /// The cheapest price of a product that a rider may have; `nil` when there is none.
    func cheapestPrice(of product: Int32, for rider: ResolvedRider) -> Price? {
        products[Int(product)].prices.first { price in
            (price.category == Self.any || rider.categories.contains(price.category))
                && (price.medium == Self.any || rider.media.contains(price.medium))
        }
    }
}

extension Array where Element: Hashable {
    /// Each element's position, for compiling identifiers into numbers.
    func numbered() -> [Element: Int32] {
        var numbers: [Element: Int32] = [:]
        numbers.reserveCapacity(count)
        for (index, element) in enumerated() { numbers[element] = Int32(index) }
        return numbers
    }
}

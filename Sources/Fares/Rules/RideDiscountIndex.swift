internal import Timetable
internal import TransitModel

/// The rides after which the next ones cost less.
struct RideDiscountIndex: Sendable {
    struct Discount: Sendable {
        let id: RideDiscountID
        let name: String?
        let legSet: Int32
        let category: Int32
        let window: FareWindow
        let unit: RideUnit
        let afterRides: Int
        let reducedRides: Int?
        let reduction: Int
    }

    /// From the shortest window.
    let discounts: [Discount]

    init(_ records: [RideDiscountRecord], _ legSets: LegSetIndex, _ products: ProductIndex) {
        discounts = records.map { record in
            Discount(
                id: record.discount, name: record.name, legSet: legSets.number(record.legSet),
                category: record.riderCategory.map(products.number) ?? ProductIndex.any,
                window: record.window, unit: record.unit, afterRides: record.afterRides,
                reducedRides: record.reducedRides, reduction: record.reduction)
        }.sorted { left, right in
            (left.window.rank, left.id, left.category)
                < (right.window.rank, right.id, right.category)
        }
    }
}

/// How often a rider has ridden towards one discount.
struct RideCount: Hashable, Sendable {
    let discount: Int32
    var opening: Int64
    var rides: Int = 0
    /// When the last ride began that was counted, where journeys are.
    var journeyStart: Timestamp?
    /// Only of rolling windows, from the oldest.
    var instants: [Timestamp] = []
}

extension RideDiscountIndex.Discount {
    /// Whether the ride that follows `rides` others is a reduced one.
    func reduces(after rides: Int) -> Bool {
        guard let reducedRides else { return rides >= afterRides }
        return rides % (afterRides + reducedRides) >= afterRides
    }
}

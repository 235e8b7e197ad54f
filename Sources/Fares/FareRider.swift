package import TransitModel

/// Which fare media a rider may use on a leg.
package enum FareMediaChoice: Hashable, Sendable {
    /// Nothing is known: each medium of the tariff is tried over the whole history.
    case any
    /// These, and products that name no medium.
    case only([FareMediaID])
}

/// Who rides, as far as the tariff cares.
package struct FareRider: Hashable, Sendable {
    /// Several may apply at once; none means the tariff's default category.
    package let categories: [RiderCategoryID]
    package let media: FareMediaChoice

    package init(categories: [RiderCategoryID] = [], media: FareMediaChoice = .any) {
        self.categories = categories
        self.media = media
    }
}

/// A leg and who rode it.
package struct RiderLeg: Hashable, Sendable {
    package let leg: FareLeg
    package let rider: FareRider

    package init(_ leg: FareLeg, by rider: FareRider) {
        self.leg = leg
        self.rider = rider
    }
}

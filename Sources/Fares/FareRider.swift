package import TransitModel

/// Which fare media a rider may use on a leg.
package enum FareMediaChoice: Hashable, Sendable {
    /// Nothing is known: each medium of the tariff is tried over the whole history.
    case any
    /// These, and products that name no medium.
    case only([FareMediaID])
}

/// A product that a rider bought before the ride, such as a monthly pass.
package struct HeldFareProduct: Hashable, Sendable {
    package let product: FareProductID
    /// Absent: it begins with its first use.
    package let validFrom: Timestamp?
    /// Its last instant, where that is known; what the tariff says of its validity holds too.
    package let validUntil: Timestamp?
    /// Absent: as many as the tariff says.
    package let ridesLeft: Int?

    package init(
        _ product: FareProductID, validFrom: Timestamp? = nil, validUntil: Timestamp? = nil,
        ridesLeft: Int? = nil
    ) {
        self.product = product
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.ridesLeft = ridesLeft
    }
}

/// Who rides, as far as the tariff cares.
package struct FareRider: Hashable, Sendable {
    /// Several may apply at once; none means the tariff's default category.
    package let categories: [RiderCategoryID]
    package let media: FareMediaChoice
    package let held: [HeldFareProduct]
    /// How many people ride on the medium, all of the same categories; from 1.
    package let riders: Int

    package init(
        categories: [RiderCategoryID] = [], media: FareMediaChoice = .any,
        held: [HeldFareProduct] = [], riders: Int = 1
    ) {
        self.categories = categories
        self.media = media
        // What ends first is used first.
        self.held = held.sorted { left, right in
            (
                left.validUntil?.millisecondsSince1970 ?? .max,
                left.validFrom?.millisecondsSince1970 ?? .max, left.product
            ) < (
                right.validUntil?.millisecondsSince1970 ?? .max,
                right.validFrom?.millisecondsSince1970 ?? .max, right.product
            )
        }
        self.riders = max(1, riders)
    }

    /// The same rider with other media.
    package func with(media: FareMediaChoice) -> FareRider {
        FareRider(categories: categories, media: media, held: held, riders: riders)
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

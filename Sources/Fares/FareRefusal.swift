package import TransitModel

/// Why legs have no price. An answer, never a price of zero by accident.
package enum FareRefusal: Error, Hashable, Sendable {
    case noLegs
    /// Legs come in the order of their validations.
    case legsOutOfOrder
    case arrivalBeforeDeparture
    case unknownRoute(RouteID)
    case unknownNetwork(NetworkID)
    case unknownStop(StopID)
    case unknownRiderCategory(RiderCategoryID)
    case unknownFareMedia(FareMediaID)
    /// The tariff depends on the network, and the leg names neither route nor network.
    case routeNotGiven
    case unknownFareProduct(FareProductID)
    /// The tariff begins later, or is over.
    case tariffNotInForce(FareDay)
    /// The price depends on a distance that is not known.
    case distanceNotGiven
    /// The price list ends before the distance does.
    case distanceTooLong(metres: Int)
    /// The tariff depends on the stop of boarding, and the leg names none.
    case boardingStopNotGiven
    /// The tariff depends on the stop of alighting, and it is not known.
    case alightingStopNotGiven
    /// A timeframe or a transfer's time limit asks for an alighting whose time is not known.
    case arrivalTimeNotGiven
    /// No fare leg rule covers the leg.
    case noMatchingRule
    /// Rules cover the leg, but none of their products is for this rider and medium.
    case noEligibleProduct
    /// The history has more equally legal ways to pay than are followed.
    case tooManyChoices

    /// A stable word for programs and for the catalogue.
    package var code: String {
        switch self {
        case .noLegs: "no_legs"
        case .legsOutOfOrder: "legs_out_of_order"
        case .arrivalBeforeDeparture: "arrival_before_departure"
        case .unknownRoute: "unknown_route"
        case .unknownNetwork: "unknown_network"
        case .unknownStop: "unknown_stop"
        case .unknownRiderCategory: "unknown_rider_category"
        case .unknownFareMedia: "unknown_fare_media"
        case .unknownFareProduct: "unknown_fare_product"
        case .tariffNotInForce: "tariff_not_in_force"
        case .distanceNotGiven: "distance_not_given"
        case .distanceTooLong: "no_matching_fare"
        case .routeNotGiven: "route_not_given"
        case .boardingStopNotGiven: "boarding_stop_not_given"
        case .alightingStopNotGiven: "alighting_stop_not_given"
        case .arrivalTimeNotGiven: "arrival_time_not_given"
        case .noMatchingRule, .noEligibleProduct: "no_matching_fare"
        case .tooManyChoices: "too_many_choices"
        }
    }

    /// The same in a sentence for operators, naming what is at fault.
    package var message: String {
        switch self {
        case .noLegs: "the journey has no legs"
        case .legsOutOfOrder: "a leg departs before the one that precedes it"
        case .arrivalBeforeDeparture: "a leg arrives before it departs"
        case .unknownRoute(let id): "route \"\(id)\" is not in routes.txt"
        case .unknownNetwork(let id): "network \"\(id)\" is not in the feed"
        case .unknownStop(let id): "stop \"\(id)\" is not in stops.txt"
        case .unknownRiderCategory(let id):
            "rider category \"\(id)\" is not in rider_categories.txt"
        case .unknownFareMedia(let id): "fare media \"\(id)\" is not in fare_media.txt"
        case .unknownFareProduct(let id): "fare product \"\(id)\" is not in fare_products.txt"
        case .tariffNotInForce(let day): "the tariff is not in force on \(day)"
        case .distanceNotGiven: "the fare depends on the distance, which is not known"
        case .distanceTooLong(let metres):
            "no band of fare_distance_bands.txt reaches \(metres) m"
        case .routeNotGiven: "the fare depends on the network, and the leg names no route"
        case .boardingStopNotGiven:
            "the fare depends on where the leg begins, and the leg names no stop"
        case .alightingStopNotGiven: "the fare depends on where the leg ends, which is not known"
        case .arrivalTimeNotGiven:
            "the fare depends on when a leg ended, which is not known"
        case .noMatchingRule: "no record of fare_leg_rules.txt covers the leg"
        case .noEligibleProduct:
            "no fare product for the leg is for this rider category and fare media"
        case .tooManyChoices: "there are too many legal ways to pay for these legs"
        }
    }
}

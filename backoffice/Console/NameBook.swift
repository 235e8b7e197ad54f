import Feeds
import Timetable
import TransitModel
import Wording

/// What people call the things that taps name by identifier.
package protocol NameBook: Sendable {
    /// The number or name on the vehicle's front.
    func routeName(_ route: RouteID, in language: Language) -> String?
    func stopName(_ stop: StopID, in language: Language) -> String?
    /// Where the trip goes.
    func headsign(_ trip: TripID, in language: Language) -> String?
    /// - Parameter name: What the tariff called the product when it was charged.
    func fareProductName(
        _ product: FareProductID, called name: String, in language: Language
    ) -> String?
}

/// Before a feed is in force everything is called by its identifier.
package struct NoNames: NameBook {
    package init() {}

    package func routeName(_ route: RouteID, in language: Language) -> String? { nil }
    package func stopName(_ stop: StopID, in language: Language) -> String? { nil }
    package func headsign(_ trip: TripID, in language: Language) -> String? { nil }
    package func fareProductName(
        _ product: FareProductID, called name: String, in language: Language
    ) -> String? { nil }
}

/// Names of the feed in force; of the one before for what the new one no longer has.
extension ScheduleBook: NameBook {
    package func routeName(_ route: RouteID, in language: Language) -> String? {
        snapshot?.findRoute(route).map { loaded, route in
            loaded.schedule.name(ofRoute: route, in: language.rawValue)
        }
    }

    package func stopName(_ stop: StopID, in language: Language) -> String? {
        snapshot?.findStop(stop).map { loaded, stop in
            loaded.schedule.name(ofStop: stop, in: language.rawValue)
        }
    }

    package func headsign(_ trip: TripID, in language: Language) -> String? {
        snapshot?.findTrip(trip).map { loaded, trip in
            loaded.schedule.headsign(ofTrip: trip, in: language.rawValue)
        }
    }

    package func fareProductName(
        _ product: FareProductID, called name: String, in language: Language
    ) -> String? {
        snapshot?.current.schedule.name(
            ofFareProduct: product, called: name, in: language.rawValue)
    }
}

/// A name as pages show it.
struct ShownName: Hashable {
    let text: String
    /// The identifier that the name stands for, beside it or on pointing at it; `nil` where the
    /// identifier itself is shown, or nothing is known.
    let id: String?
}

extension Speaker {
    func route(_ route: RouteID?) -> ShownName {
        guard let route else { return ShownName(text: say(.rideRouteUnknown), id: nil) }
        let name = names.routeName(route, in: language)
        return ShownName(
            text: say(.rideRoute, ["route": .text(name ?? route.rawValue)]),
            id: name == nil || name == route.rawValue ? nil : route.rawValue)
    }

    func stop(_ stop: StopID?) -> ShownName {
        shown(stop?.rawValue, stop.flatMap { names.stopName($0, in: language) })
    }

    func trip(_ trip: TripID?) -> ShownName {
        shown(trip?.rawValue, trip.flatMap { names.headsign($0, in: language) })
    }

    /// What riders call a product; its identifier where the tariff gives it no name.
    func fareProduct(_ id: String?, called name: String?) -> String? {
        guard let id, let name else { return id }
        return names.fareProductName(FareProductID(id), called: name, in: language) ?? name
    }

    func vehicle(_ vehicle: VehicleID?) -> String {
        vehicle.map { say(.rideVehicle, ["vehicle": .text($0.rawValue)]) } ?? ""
    }

    private func shown(_ id: String?, _ name: String?) -> ShownName {
        guard let id else { return ShownName(text: say(.valueUnknown), id: nil) }
        guard let name, !name.isEmpty, name != id else { return ShownName(text: id, id: nil) }
        return ShownName(text: name, id: id)
    }
}

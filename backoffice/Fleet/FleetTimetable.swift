import TransitModel

/// What the timetable says of one vehicle's location.
package struct VehicleService: Hashable, Sendable {
    /// How a vehicle stands to its trip.
    package enum Progress: Hashable, Sendable {
        /// On its way; late when positive, early when negative, `nil` when it cannot be told.
        case onRoute(delay: Duration?)
        /// Too far from where the trip runs.
        case offRoute
        /// No trip that the timetable knows.
        case noTrip
    }

    /// The route as maps show it.
    package struct Route: Hashable, Sendable {
        package let id: RouteID
        package let name: String
        /// GTFS's basic or extended route type.
        package let type: Int
        /// Six hexadecimal digits.
        package let colour: String?
        /// Six hexadecimal digits.
        package let textColour: String?

        package init(
            id: RouteID, name: String, type: Int, colour: String?, textColour: String?
        ) {
            self.id = id
            self.name = name
            self.type = type
            self.colour = colour
            self.textColour = textColour
        }
    }

    package let route: Route?
    /// Where the trip goes.
    package let headsign: LocalText?
    package let nextStop: LocalText?
    package let progress: Progress
    /// How far along its trip, for the next look: a line may pass a place twice.
    package let distanceMetres: Double?
    /// Whether no stop of the trip lies ahead any more.
    package let isAtTripEnd: Bool

    package init(
        route: Route?, headsign: LocalText?, nextStop: LocalText?, progress: Progress,
        distanceMetres: Double? = nil, isAtTripEnd: Bool = false
    ) {
        self.route = route
        self.headsign = headsign
        self.nextStop = nextStop
        self.progress = progress
        self.distanceMetres = distanceMetres
        self.isAtTripEnd = isAtTripEnd
    }

    package static let unknown = VehicleService(
        route: nil, headsign: nil, nextStop: nil, progress: .noTrip)
}

/// A name of the feed in its own language and in others that it is translated to.
package struct LocalText: Hashable, Sendable {
    private let own: String
    private let translated: [String: String]

    /// - Parameter translated: By BCP 47 primary tag; what equals the feed's own need not be there.
    package init(_ own: String, translated: [String: String] = [:]) {
        self.own = own
        self.translated = translated.filter { $0.value != own }
    }

    package func text(in language: String) -> String { translated[language] ?? own }
}

/// The timetable as the board needs it. Immutable: a new feed is a new value.
package protocol FleetTimetable: Sendable {
    /// Changes with the feed, and with nothing else.
    var version: String { get }
    /// The line of every trip, for the map.
    var streets: Streets { get }

    /// - Parameter previousMetres: How far along the same trip the vehicle was before.
    func service(of location: VehicleLocation, previousMetres: Double?) -> VehicleService
}

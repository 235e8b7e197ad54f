package import TransitModel

package enum ShapeKind {}
package enum BlockKind {}
/// A line along which trips run (`shapes.shape_id`).
package typealias ShapeID = Identifier<ShapeKind>
/// One vehicle's chain of trips on a service day (`trips.block_id`).
package typealias BlockID = Identifier<BlockKind>

/// A route as pages and maps show it.
package struct ScheduledRoute: Hashable, Sendable {
    package let id: RouteID
    package let agency: AgencyID?
    package let shortName: String
    package let longName: String
    /// GTFS's basic or extended route type: 0 tram, 3 bus, 11 trolleybus, ….
    package let type: Int
    /// Six hexadecimal digits.
    package let colour: String?
    /// Six hexadecimal digits.
    package let textColour: String?

    /// What people call it: the short name, or else the long one, or else the id.
    package var name: String {
        if !shortName.isEmpty { return shortName }
        return longName.isEmpty ? id.rawValue : longName
    }
}

package struct ScheduledStop: Hashable, Sendable {
    package let id: StopID
    /// In the feed's own language; see ``Schedule/name(ofStop:in:)``. The parent's when the feed
    /// gives none, and the id when nobody has a name.
    package let name: String
    package let position: GeoPoint?
    package let type: LocationType
    /// The station that it belongs to, as an index of ``Schedule/stops``.
    package let parent: Int?
}

/// One scheduled run of a vehicle.
package struct ScheduledTrip: Hashable, Sendable {
    /// Where a trip came from that repeats by `frequencies.txt`.
    package struct Repetition: Hashable, Sendable {
        /// The trip as the feed names it; GTFS-Realtime means it together with the start.
        package let template: TripID
        package let startsAt: Int
        /// Without it the start is only a headway's middle, and a delay means little.
        package let isExact: Bool
    }

    /// Unique in the schedule. A repetition's is the template's with its start: `T1@06:10:00`.
    package let id: TripID
    /// An index of ``Schedule/routes``.
    package let route: Int
    /// An index of the services; see ``Schedule/services(on:)``.
    package let service: Int?
    package let direction: Direction?
    package let headsign: String
    package let block: BlockID?
    /// An index of ``Schedule/shapes``. Trips without a shape of the feed run straight from stop
    /// to stop; `nil` only where too few stops say where they are.
    package let shape: Int?
    package let repetition: Repetition?
    /// Seconds of the service day: the first departure.
    package let startsAt: Int
    /// Seconds of the service day: the last arrival.
    package let endsAt: Int
    let calls: Range<Int>
}

/// A vehicle's visit to a stop on a trip, in 20 bytes: there are many.
package struct Call: Hashable, Sendable {
    private let stopIndex: Int32
    private let sequenceNumber: Int32
    private let arrivalSecond: Int32
    private let departureSecond: Int32
    private let metres: Float

    init(stop: Int, sequence: Int, arrival: Int, departure: Int, distanceMetres: Double) {
        stopIndex = Int32(stop)
        sequenceNumber = Int32(sequence)
        arrivalSecond = Int32(arrival)
        departureSecond = Int32(departure)
        metres = Float(distanceMetres)
    }

    /// An index of ``Schedule/stops``.
    package var stop: Int { Int(stopIndex) }
    /// `stop_times.stop_sequence`.
    package var sequence: Int { Int(sequenceNumber) }
    /// Seconds since the service day began (noon minus twelve hours); may pass 24 hours.
    package var arrival: Int { Int(arrivalSecond) }
    /// Seconds since the service day began (noon minus twelve hours); may pass 24 hours.
    package var departure: Int { Int(departureSecond) }
    /// How far along the trip's shape the stop lies; never less than at the call before.
    package var distanceMetres: Double { Double(metres) }

    func shifted(bySeconds seconds: Int) -> Call {
        Call(
            stop: stop, sequence: sequence, arrival: arrival + seconds,
            departure: departure + seconds, distanceMetres: distanceMetres)
    }
}

/// What one vehicle does on a service day.
package struct Block: Hashable, Sendable {
    /// `trips.block_id`, or one made from the first trip's route where the feed gives none.
    package let id: BlockID
    /// Indices of ``Schedule/trips`` in the order in which they run; never empty.
    package let trips: [Int]
    /// Whether the feed says so, or trips were chained because they fit.
    package let isStated: Bool
}

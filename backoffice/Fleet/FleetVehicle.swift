import DeviceProtocol
import Store
import TransitModel

/// One vehicle as it is now.
package struct FleetVehicle: Hashable, Sendable {
    package enum Status: UInt8, Sendable, CaseIterable {
        case onRoute = 0
        /// Its position is known, its trip is not.
        case noTrip = 1
        /// On a trip, but not where the trip runs.
        case offRoute = 2
        /// Nothing was heard for a while: what is shown is where it was.
        case silent = 3
    }

    /// Stands for the vehicle in streams; stable while the process lives.
    package let number: Int
    package let id: VehicleID
    /// Which of its devices was heard last.
    package let device: DeviceID
    package let location: VehicleLocation
    package let receivedAt: Timestamp
    package let service: VehicleService
    package let status: Status
    /// Whether one of its devices needs attention.
    package let needsAttention: Bool

    /// Late when positive; `nil` when unknown or off route.
    package var delay: Duration? {
        if case .onRoute(let delay) = service.progress { delay } else { nil }
    }

    /// How old the position was at an instant; never negative.
    package func age(at now: Timestamp) -> Duration {
        max(.zero, now.elapsed(since: location.recordedAt))
    }
}

/// The whole fleet at an instant.
package struct FleetSnapshot: Sendable {
    package let at: Timestamp
    /// Counts the changes; it rises while the process lives.
    package let revision: Int
    /// By identifier.
    package let vehicles: [FleetVehicle]
    package let streets: Streets?

    package init(at: Timestamp, revision: Int, vehicles: [FleetVehicle], streets: Streets?) {
        self.at = at
        self.revision = revision
        self.vehicles = vehicles
        self.streets = streets
    }
}

/// What changed between two looks at the fleet.
package struct FleetChange: Sendable {
    /// Of the fleet before; 0 when there was none.
    package let since: Int
    package let revision: Int
    package let at: Timestamp
    /// Whether ``vehicles`` is the whole fleet and whoever is not in it is gone.
    package let isWhole: Bool
    /// By number.
    package let vehicles: [FleetVehicle]
    /// Those of them whose trip, route or headsign is news.
    package let described: [FleetVehicle]
    /// The version of the streets that go with the vehicles; `nil` without a feed.
    package let streetsVersion: String?
}

extension ReceivedHealth {
    /// After this long an acknowledgement is overdue, whatever the network does.
    package static let patience: Duration = .seconds(15 * 60)

    /// Whether staff should look: a journal or a reader that is not sound, or taps that wait.
    package var needsAttention: Bool {
        !health.journalIsSound || health.soundReaders < health.readers
            || health.oldestWaiting.map { $0 > Self.patience } ?? false
    }
}

import DeviceProtocol
import TransitModel

/// A location as the back office received it.
package struct ReceivedLocation: Hashable, Sendable {
    package let vehicle: VehicleID
    /// Which of the vehicle's devices said so.
    package let device: DeviceID
    package let location: VehicleLocation
    package let receivedAt: Timestamp

    package init(
        vehicle: VehicleID, device: DeviceID, location: VehicleLocation, receivedAt: Timestamp
    ) {
        self.vehicle = vehicle
        self.device = device
        self.location = location
        self.receivedAt = receivedAt
    }
}

/// What a device last said of how it fares.
package struct ReceivedHealth: Hashable, Sendable {
    package let device: DeviceID
    package let vehicle: VehicleID
    package let health: DeviceHealth
    package let reportedAt: Timestamp

    package init(
        device: DeviceID, vehicle: VehicleID, health: DeviceHealth, reportedAt: Timestamp
    ) {
        self.device = device
        self.vehicle = vehicle
        self.health = health
        self.reportedAt = reportedAt
    }
}

/// What one write takes to the database: bounded by whoever gathers it.
package struct FleetBatch: Hashable, Sendable {
    /// To append, in order of receipt.
    package var history: [ReceivedLocation]
    /// The newest of each vehicle.
    package var states: [ReceivedLocation]
    /// The newest of each device.
    package var health: [ReceivedHealth]

    package init(
        history: [ReceivedLocation] = [], states: [ReceivedLocation] = [],
        health: [ReceivedHealth] = []
    ) {
        self.history = history
        self.states = states
        self.health = health
    }

    package var isEmpty: Bool { history.isEmpty && states.isEmpty && health.isEmpty }
}

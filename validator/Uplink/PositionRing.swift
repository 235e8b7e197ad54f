import DeviceProtocol
import Synchronization
import TransitModel

/// The vehicle's newest positions, until they have been sent.
///
/// Bounded: the oldest ones make room, since nobody misses where a vehicle was a minute ago.
package final class PositionRing: Sendable {
    package static let limit = PositionReport.locationLimit

    private let held = Mutex<[VehicleLocation]>([])

    package init() {}

    package var count: Int { held.withLock { $0.count } }

    package func add(_ location: VehicleLocation) {
        held.withLock { held in
            if held.count == Self.limit { held.removeFirst() }
            held.append(location)
        }
    }

    /// Everything, oldest first; the ring is empty afterwards.
    func take() -> [VehicleLocation] {
        held.withLock { held in
            defer { held.removeAll(keepingCapacity: true) }
            return held
        }
    }

    /// Takes back what could not be sent; newer ones that came meanwhile go first.
    func giveBack(_ locations: [VehicleLocation]) {
        held.withLock { held in
            held = Array((locations + held).suffix(Self.limit))
        }
    }
}

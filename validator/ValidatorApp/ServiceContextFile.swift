import Foundation
import Synchronization
import TransitModel

/// The service that the vehicle is on, as a file says that whoever knows it may write:
///
///     {"route_id": "bus-12", "route_short_name": "12", "trip_id": "12-0715", "stop_id": "S3",
///      "direction": 0}
///
/// Every member may be missing or null. Until a file exists nothing but the vehicle is known; a
/// file that cannot be understood changes nothing.
package final class ServiceContextFile: Sendable {
    private struct Contents: Decodable {
        let routeId: String?
        let routeShortName: String?
        let tripId: String?
        let stopId: String?
        let direction: UInt8?
    }

    private struct State {
        var context: ServiceContext
        var routeShortName: String?
        var bytes: Data?
    }

    /// More than this is not a service context.
    private static let sizeLimit = 16 << 10

    private let path: String?
    private let vehicle: VehicleID
    private let state: Mutex<State>

    package init(path: String?, vehicle: VehicleID) {
        self.path = path
        self.vehicle = vehicle
        state = Mutex(State(context: ServiceContext(vehicle: vehicle), bytes: nil))
    }

    package var context: ServiceContext { state.withLock { $0.context } }

    /// The route as riders know it: its short name, or its identifier where that is not told.
    package var routeName: String? {
        state.withLock { $0.routeShortName ?? $0.context.route?.rawValue }
    }

    /// What a look at the file found.
    package enum Change: Hashable, Sendable {
        case none
        case context(ServiceContext)
        case unusable(Alarm)
    }

    /// Reads the file again; cheap when it has not changed.
    package func refresh() -> Change {
        guard let path else { return .none }
        let bytes = FileManager.default.contents(atPath: path)
        let isNews = state.withLock { state in
            defer { state.bytes = bytes }
            return state.bytes != bytes
        }
        guard isNews, let bytes else { return .none }
        do {
            let (context, routeShortName) = try Self.read(bytes, on: vehicle)
            state.withLock {
                $0.context = context
                $0.routeShortName = routeShortName
            }
            return .context(context)
        } catch {
            return .unusable(
                Alarm(code: "service_context_unusable", detail: "\(path): \(error)"))
        }
    }

    private struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    private static func read(
        _ bytes: Data, on vehicle: VehicleID
    ) throws -> (ServiceContext, routeShortName: String?) {
        guard bytes.count <= sizeLimit else { throw Refusal(description: "too long") }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let contents: Contents
        do {
            contents = try decoder.decode(Contents.self, from: bytes)
        } catch {
            throw Refusal(description: "not a JSON object with texts and a direction")
        }
        let direction = contents.direction.flatMap(Direction.init(rawValue:))
        guard contents.direction == nil || direction != nil else {
            throw Refusal(description: "direction is neither 0 nor 1")
        }
        let context = ServiceContext(
            vehicle: vehicle, route: contents.routeId.map { RouteID($0) },
            trip: contents.tripId.map { TripID($0) }, stop: contents.stopId.map { StopID($0) },
            direction: direction)
        return (context, contents.routeShortName.flatMap { $0.isEmpty ? nil : $0 })
    }
}

import Positioning
import TransitModel
import Uplink

/// Turns fixes into what the back office is told, with the service that the vehicle is on.
struct PositionRecorder: Sendable {
    let feed: any PositionFeed
    let ring: PositionRing
    let service: @Sendable () -> ServiceContext
    let log: ValidatorLog

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await feed.run() }
            group.addTask {
                for await fix in feed.fixes { ring.add(VehicleLocation(fix, on: service())) }
            }
            group.addTask { await watchState() }
        }
    }

    private static let stateInterval: Duration = .seconds(1)

    private func watchState() async {
        var wasImplausible = false
        repeat {
            let state = feed.state
            log.note(position: state.name)
            if case .implausible = state {
                if !wasImplausible {
                    log.raise(
                        Alarm(
                            code: "position_implausible",
                            detail: "The receiver claims a place that is out of reach"))
                }
                wasImplausible = true
            } else {
                wasImplausible = false
            }
        } while (try? await Task.sleep(for: Self.stateInterval)) != nil
    }
}

extension VehicleLocation {
    /// - Parameter service: What the vehicle believes to be doing.
    init(_ fix: PositionFix, on service: ServiceContext) {
        self.init(
            recordedAt: fix.heardAt.wall, point: fix.point,
            bearing: fix.bearing.map { $0 >= 360 ? 0 : $0 },
            speedMetresPerSecond: fix.speedMetresPerSecond, trip: service.trip,
            route: service.route, stop: service.stop, source: .gnss)
    }
}

extension PositionFix {
    /// As a tap's record holds it.
    package func aged(at now: MonotonicTime) -> AgedPosition? {
        guard point.isOnEarth else { return nil }
        return AgedPosition(
            latitudeE7: Int32((point.latitude * 1e7).rounded()),
            longitudeE7: Int32((point.longitude * 1e7).rounded()), age: age(at: now))
    }
}

extension PositionInstant {
    init(_ reading: DeviceClock.Reading) {
        self.init(wall: reading.wall, monotonic: reading.monotonic)
    }
}

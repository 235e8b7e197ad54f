import TransitModel

/// Judges whether a location can be true, given when it came and what its vehicle said before.
///
/// GNSS is jammed and spoofed here. A leap is therefore doubted once, and believed when the next
/// location confirms it: the lie of a moment is set aside, a vehicle that came out of a tunnel
/// is not lost for ever.
struct LocationSanity: Sendable {
    /// Why a location is set aside. The code is stable; monitoring counts by it.
    enum Flaw: String, Sendable, CaseIterable {
        /// Its bytes make no location.
        case garbled
        /// Recorded further ahead of our clock than clocks differ.
        case future
        /// Recorded too long ago to be of use.
        case late
        /// Not newer than what is known: a repetition, or a second device of the vehicle.
        case notNewer = "not_newer"
        /// Where a receiver without a fix believes to be.
        case nowhere
        /// Further from the place before than any vehicle gets in that time.
        case leap
    }

    struct Limits: Sendable {
        var ahead: Duration = .seconds(30)
        var behind: Duration = .seconds(15 * 60)
        /// 216 km/h: twice what road and rail allow in a city.
        var metresPerSecond: Double = 60
        /// What a receiver between houses errs by without anything being wrong.
        var slackMetres: Double = 200
    }

    /// What is remembered of a vehicle.
    struct Memory: Sendable {
        /// The newest location that was believed.
        var believed: VehicleLocation?
        /// A leap that waits to be confirmed.
        fileprivate var doubted: VehicleLocation?
    }

    var limits = Limits()

    /// - Returns: `nil` when the location is believed; it is then remembered as the newest.
    func judge(
        _ location: VehicleLocation, receivedAt now: Timestamp, _ memory: inout Memory
    ) -> Flaw? {
        if location.recordedAt > now.advanced(by: limits.ahead) { return .future }
        if location.recordedAt < now.advanced(by: .zero - limits.behind) { return .late }
        if location.point.isWithoutFix { return .nowhere }
        if let believed = memory.believed {
            guard location.recordedAt > believed.recordedAt else { return .notNewer }
            if !isReachable(location, from: believed) {
                guard let doubted = memory.doubted, location.recordedAt > doubted.recordedAt,
                    isReachable(location, from: doubted)
                else {
                    memory.doubted = location
                    return .leap
                }
            }
        }
        memory.believed = location
        memory.doubted = nil
        return nil
    }

    private func isReachable(
        _ location: VehicleLocation, from start: VehicleLocation
    ) -> Bool {
        if location.source == .simulated { return true }
        let elapsed = location.recordedAt.elapsed(since: start.recordedAt)
        let seconds = Double(elapsed.components.seconds) + 1
        let reach = limits.slackMetres + seconds * limits.metresPerSecond
        return start.point.distanceMetres(to: location.point) <= reach
    }
}

extension GeoPoint {
    /// Receivers say 0, 0 before they know better; no vehicle of ours is in the Gulf of Guinea.
    fileprivate var isWithoutFix: Bool {
        !isOnEarth || (latitude.magnitude < 0.001 && longitude.magnitude < 0.001)
    }
}

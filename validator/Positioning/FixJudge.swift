import TransitModel

/// Decides which of the receiver's claims are fixes.
///
/// GNSS is jammed and spoofed where these vehicles run, and tunnels and depots are everywhere: a
/// claim is compared with where the vehicle was, a silence is noticed, and a leap is believed only
/// when the receiver stays with it.
package struct FixJudge: Sendable {
    package struct Limits: Sendable {
        /// Faster than any vehicle of a city.
        package var speedMetresPerSecond: Double
        /// What a receiver among houses may wander in no time at all.
        package var wanderMetres: Double
        /// Without anything new for so long, the last fix is stale.
        package var silence: Duration
        /// A leap is believed after so many claims in a row that agree with each other.
        package var claimsToBelieve: Int
        /// A fix that is older proves nothing about where the vehicle can be now.
        package var memory: Duration

        package init(
            speedMetresPerSecond: Double = 50, wanderMetres: Double = 150,
            silence: Duration = .seconds(5), claimsToBelieve: Int = 5,
            memory: Duration = .seconds(600)
        ) {
            self.speedMetresPerSecond = speedMetresPerSecond
            self.wanderMetres = wanderMetres
            self.silence = silence
            self.claimsToBelieve = claimsToBelieve
            self.memory = memory
        }
    }

    private let limits: Limits
    /// As of the last report; ``state(at:)`` knows what time did to it.
    private var judged = PositionState.disconnected
    /// The newest fix that was believed, also across lost connections.
    private var last: PositionFix?
    private var claims: [PositionFix] = []
    private var lastTime: String?

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    package func state(at now: MonotonicTime) -> PositionState {
        if case .fix(let fix) = judged, fix.age(at: now) > limits.silence { return .stale(fix) }
        return judged
    }

    /// The newest fix that was believed, for whoever can use an old one and says how old it is;
    /// `nil` once it is older than ``Limits/memory``.
    package func lastFix(at now: MonotonicTime) -> PositionFix? {
        last.flatMap { $0.age(at: now) <= limits.memory ? $0 : nil }
    }

    package mutating func connected() {
        judged = .noFix
        lastTime = nil
    }

    package mutating func disconnected() {
        judged = .disconnected
        claims = []
    }

    /// - Returns: The new fix when this report made one.
    package mutating func receive(
        _ report: GPSDReport.TimePositionVelocity, at now: PositionInstant
    ) -> PositionFix? {
        guard report.mode >= 2, let point = report.point else {
            judged = .noFix
            claims = []
            return nil
        }
        // One epoch is reported more than once, as its sentences come in.
        if let time = report.time, time == lastTime { return nil }
        lastTime = report.time
        let fix = PositionFix(
            point: point, bearing: report.track,
            speedMetresPerSecond: report.speedMetresPerSecond, errorMetres: report.errorMetres,
            heardAt: now)
        guard let last, last.age(at: now.monotonic) <= limits.memory, !isReachable(fix, from: last)
        else { return believe(fix) }
        if let claim = claims.last, !isReachable(fix, from: claim) { claims = [] }
        claims.append(fix)
        if claims.count >= limits.claimsToBelieve { return believe(fix) }
        judged = .implausible(claimed: point, last: last)
        return nil
    }

    private mutating func believe(_ fix: PositionFix) -> PositionFix {
        judged = .fix(fix)
        last = fix
        claims = []
        return fix
    }

    private func isReachable(_ fix: PositionFix, from earlier: PositionFix) -> Bool {
        let seconds =
            fix.heardAt.monotonic.elapsed(since: earlier.heardAt.monotonic)
            / .seconds(1)
        let reach = limits.wanderMetres + limits.speedMetresPerSecond * max(0, seconds)
        return earlier.point.distanceMetres(to: fix.point) <= reach
    }
}

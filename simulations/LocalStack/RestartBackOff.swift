/// How long to wait before a program that ended is started again: longer each time, so that one
/// that cannot run does not keep the machine busy; at once again after it ran well.
package struct RestartBackOff: Sendable {
    package static let shortest: Duration = .milliseconds(500)
    package static let longest: Duration = .seconds(30)
    /// A run of this length counts as a good one.
    package static let goodRun: Duration = .seconds(60)

    private var shortRuns = 0

    package init() {}

    /// - Parameter lived: How long the run lasted that has just ended.
    package mutating func pause(afterLiving lived: Duration) -> Duration {
        if lived >= Self.goodRun { shortRuns = 0 }
        let pause = Self.shortest * (1 << min(shortRuns, 10))
        shortRuns += 1
        return min(pause, Self.longest)
    }
}

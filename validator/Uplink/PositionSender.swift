import DeviceProtocol
import SignedDocuments

/// Says about once a second where the vehicle is, and now and then how the device fares.
///
/// One small request at a time, beside the taps and never before them: positions are of no use
/// later, so that nothing is queued, retried in haste, or written down.
package struct PositionSender: Sendable {
    package struct Settings: Sendable {
        package var interval: Duration
        /// How often the device's health goes along; without positions it travels alone.
        package var healthInterval: Duration
        /// The longest pause while the gateway does not answer.
        package var longestPause: Duration

        package init(
            interval: Duration = .seconds(1), healthInterval: Duration = .seconds(10),
            longestPause: Duration = .seconds(15)
        ) {
            self.interval = interval
            self.healthInterval = healthInterval
            self.longestPause = longestPause
        }
    }

    private let ring: PositionRing
    private let settings: Settings
    private let health: @Sendable () async -> DeviceHealth

    package init(
        ring: PositionRing, settings: Settings = Settings(),
        health: @escaping @Sendable () async -> DeviceHealth
    ) {
        self.ring = ring
        self.settings = settings
        self.health = health
    }

    /// Sends until the task is cancelled.
    func run(over client: GatewayClient) async {
        // A fleet that was switched on together should not speak together for ever.
        try? await Task.sleep(for: settings.interval * Int.random(in: 0...1_000) / 1_000)
        var healthIsDueAt = ContinuousClock.now
        var failures = 0
        while !Task.isCancelled {
            let begunAt = ContinuousClock.now
            let healthIsDue = begunAt >= healthIsDueAt
            let locations = ring.take()
            if healthIsDue || !locations.isEmpty {
                let report = PositionReport(
                    locations: locations, health: healthIsDue ? await health() : nil)
                switch await client.send(report) {
                case .answered, .refused:
                    failures = 0
                    if healthIsDue { healthIsDueAt = begunAt + settings.healthInterval }
                case .turnedAway, .failed:
                    failures = min(failures + 1, 10)
                    ring.giveBack(locations)
                }
            }
            let pause = min(settings.interval * (1 << failures), settings.longestPause)
            try? await Task.sleep(until: begunAt + pause)
        }
    }
}

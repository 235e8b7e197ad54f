import TransitModel

/// When and where a medium was presented, as the device believes.
package struct TapCircumstances: Hashable, Sendable {
    package var tappedAt: Timestamp
    package var monotonic: MonotonicTime
    package var clockQuality: ClockQuality
    package var service: ServiceContext
    package var position: AgedPosition?

    package init(
        tappedAt: Timestamp, monotonic: MonotonicTime, clockQuality: ClockQuality,
        service: ServiceContext, position: AgedPosition? = nil
    ) {
        self.tappedAt = tappedAt
        self.monotonic = monotonic
        self.clockQuality = clockQuality
        self.service = service
        self.position = position
    }
}

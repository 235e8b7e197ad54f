import FareMedia
import TransitModel

package enum ReaderKind {}
/// A reader as PC/SC names it; the same reader gets the same name when it comes back.
package typealias ReaderName = Identifier<ReaderKind>

/// What the readers noticed.
package enum ReaderEvent: Sendable {
    case attached(ReaderName)
    case detached(ReaderName)
    /// A medium was presented and read to an end, good or bad.
    case presented(MediaReading, reader: ReaderName, timing: PresentationTiming)
    /// A medium or its reader has kept us waiting past the limit. Other readers go on.
    case silent(ReaderName)
    /// The silent reader answers again, mostly because the medium was taken away.
    case recovered(ReaderName)
    /// The PC/SC service is gone, and every reader with it; it is looked for again and again.
    case serviceLost
    case serviceFound
}

/// When the parts of one presentation happened, on a clock that never jumps.
package struct PresentationTiming: Hashable, Sendable {
    /// The status change was seen: a passenger's wait begins here.
    package let enteredAt: ContinuousClock.Instant
    /// Absent when the medium could not be connected.
    package let connectedAt: ContinuousClock.Instant?
    package let finishedAt: ContinuousClock.Instant
    /// Spent inside calls that wait for the medium: connecting and exchanging.
    package let cardTime: Duration

    package init(
        enteredAt: ContinuousClock.Instant, connectedAt: ContinuousClock.Instant?,
        finishedAt: ContinuousClock.Instant, cardTime: Duration
    ) {
        self.enteredAt = enteredAt
        self.connectedAt = connectedAt
        self.finishedAt = finishedAt
        self.cardTime = cardTime
    }

    /// From field entry to the end of reading, less the medium's own time.
    package var ownTime: Duration { enteredAt.duration(to: finishedAt) - cardTime }
}

import CardReaders
import TransitModel

/// How long the parts of one tap took, each from the moment the medium entered the field.
package struct TapTiming: Hashable, Sendable {
    package let read: Duration
    package let decided: Duration
    package let journalled: Duration
    /// The answer was handed to the display.
    package let shown: Duration
    /// Of ``read``, what the medium itself took.
    package let card: Duration

    /// Our share: all time minus the medium's.
    package var own: Duration { shown - card }

    package init(
        _ presentation: PresentationTiming, decidedAt: ContinuousClock.Instant,
        journalledAt: ContinuousClock.Instant, shownAt: ContinuousClock.Instant
    ) {
        let start = presentation.enteredAt
        read = start.duration(to: presentation.finishedAt)
        decided = start.duration(to: decidedAt)
        journalled = start.duration(to: journalledAt)
        shown = start.duration(to: shownAt)
        card = presentation.cardTime
    }
}

/// The last thousand taps' times to the display, for the status.
package struct TapTimes: Sendable {
    package static let limit = 1_000
    private var shown: [Duration] = []
    private var own: [Duration] = []
    private var next = 0

    package init() {}

    package var count: Int { shown.count }

    package mutating func record(_ timing: TapTiming) {
        if shown.count < Self.limit {
            shown.append(timing.shown)
            own.append(timing.own)
        } else {
            shown[next] = timing.shown
            own[next] = timing.own
        }
        next = (next + 1) % Self.limit
    }

    /// The nearest-rank percentile of time from field entry to display.
    package func shown(percentile: Int) -> Duration? { Self.rank(shown, percentile) }
    /// The same of our share.
    package func own(percentile: Int) -> Duration? { Self.rank(own, percentile) }

    private static func rank(_ values: [Duration], _ percentile: Int) -> Duration? {
        guard !values.isEmpty else { return nil }
        let rank = (values.count * percentile + 99) / 100
        return values.sorted()[max(0, min(rank, values.count) - 1)]
    }
}

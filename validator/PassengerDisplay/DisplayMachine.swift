import TransitModel

/// Holds what the display shows: a resting scene, and for a few seconds the answer to a tap.
///
/// It owns no timer: the caller asks when the answer ends and comes back then.
package struct DisplayMachine: Sendable {
    /// What the display shows between taps.
    package enum Rest: Hashable, Sendable {
        case starting, ready, readerFault, outOfService

        var scene: DisplayScene {
            switch self {
            case .starting: .starting
            case .ready: .ready
            case .readerFault: .readerFault
            case .outOfService: .outOfService
            }
        }
    }

    /// Long enough to read in two languages; a next tap replaces it at once. The same for every
    /// answer, so that a later answer never ends before an earlier one would have.
    package static let answerDuration: Duration = .seconds(3)

    private var rest = Rest.starting
    private var answer: (scene: DisplayScene, endsAt: MonotonicTime)?

    package init() {}

    package var scene: DisplayScene { answer?.scene ?? rest.scene }
    /// When ``tick(at:)`` is due; `nil` while the display rests.
    package var answerEndsAt: MonotonicTime? { answer?.endsAt }

    /// Shows the answer to a tap.
    package mutating func show(_ scene: DisplayScene, at now: MonotonicTime) {
        let (seconds, _) = Self.answerDuration.components
        answer = (scene, MonotonicTime(milliseconds: now.milliseconds + seconds * 1_000))
    }

    /// Changes what is shown between taps. An answer that is being read stays, except a green
    /// one on a validator that no longer works.
    package mutating func setRest(_ newRest: Rest) {
        rest = newRest
        if newRest == .outOfService, case .accepted? = answer?.scene { answer = nil }
    }

    /// Ends an answer whose time has passed.
    package mutating func tick(at now: MonotonicTime) {
        if let answer, answer.endsAt <= now { self.answer = nil }
    }
}

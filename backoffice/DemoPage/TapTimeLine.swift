import Store
import TransitModel

/// The measured stages of one tap, from the field to the general ledger.
///
/// The validator's stages are its own monotonic measurements. Those of the back office are
/// instants that gateway and database recorded; they are set against the wall time of the field
/// entry, which is the decision's time less what was measured until then. All clocks here are this
/// machine's, so a millisecond means a millisecond.
package struct TapTimeLine: Hashable, Sendable {
    package enum Stage: String, Hashable, Sendable {
        case field, read, decided, journalled, shown
        case received, routed, charged, posted

        package var isOnVehicle: Bool {
            switch self {
            case .field, .read, .decided, .journalled, .shown: true
            case .received, .routed, .charged, .posted: false
            }
        }
    }

    package struct Step: Hashable, Sendable {
        package let stage: Stage
        /// Since the field; absent while it is still to come.
        package let at: Duration?
        /// Since the step before.
        package let took: Duration?
    }

    package let steps: [Step]
    package let isOver: Bool

    package init(_ followed: DemoScene.Followed) {
        let (answer, trace) = (followed.answer, followed.trace)
        func span(_ instant: Timestamp?) -> Duration? {
            // Milliseconds are cut off, so an instant may seem to lie a moment too early.
            instant.map { max($0.elapsed(since: answer.enteredAt), answer.shown) }
        }
        var instants: [(Stage, Duration?)] = [
            (.field, .zero), (.read, answer.read), (.decided, answer.decided),
            (.journalled, answer.journalled), (.shown, answer.shown),
            (.received, span(trace?.receivedAt)), (.routed, span(trace?.routedAt)),
        ]
        if answer.isAccepted {
            instants.append((.charged, span(trace?.charge?.chargedAt)))
            if trace?.unpricedCause == nil {
                instants.append((.posted, span(trace?.charge?.postedAt)))
            }
        }
        var steps: [Step] = []
        var last = Duration.zero
        for (stage, at) in instants {
            let at = at.map { max($0, last) }
            steps.append(Step(stage: stage, at: at, took: at.map { $0 - last }))
            last = at ?? last
        }
        self.steps = steps
        isOver = trace?.isOver ?? false
    }

    /// When the last step so far was done.
    package var reached: Duration { steps.compactMap(\.at).max() ?? .zero }
}

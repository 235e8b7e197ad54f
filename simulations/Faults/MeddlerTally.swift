import Synchronization
import TransitModel

/// Draws each batch's fate from a seed and counts them. Shared between connections.
package final class MeddlerTally: Sendable {
    package enum Fate: String, Sendable, CaseIterable {
        case passed
        case sentTwice
        case acknowledgementDropped
    }

    private struct State {
        var random: SeededGenerator
        var counts: [Fate: Int] = [:]
    }

    private let state: Mutex<State>

    package init(seed: UInt64) {
        state = Mutex(State(random: SeededGenerator(seed: seed)))
    }

    /// Each fate is as likely as the others.
    func nextFate() -> Fate {
        state.withLock { state in
            let fate = Fate.allCases.randomElement(using: &state.random) ?? .passed
            state.counts[fate, default: 0] += 1
            return fate
        }
    }

    package func count(of fate: Fate) -> Int {
        state.withLock { $0.counts[fate, default: 0] }
    }
}

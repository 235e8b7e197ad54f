import TransitModel

/// What the passenger display shows at one moment.
package enum DisplayScene: Hashable, Sendable {
    /// Before the validator knows whether it can take taps.
    case starting
    /// Waiting for a ticket.
    case ready
    case accepted(atMost: Money?, isReduced: Bool)
    case refused(TapRefusal)
    /// No reader answers; the validator goes on by itself once one does.
    case readerFault
    /// Taps cannot be recorded, so none are taken.
    case outOfService

    /// Colour and symbol of a scene. They always come together: colour alone tells nothing to
    /// one man in twelve.
    package enum Look: String, Sendable, CaseIterable {
        /// Slate, three dots.
        case starting
        /// Night blue, a card that meets waves.
        case ready
        /// Green, a tick in a disc.
        case accepted
        /// Amber, an exclamation mark in a triangle.
        case already
        /// Violet, an arrow that goes round.
        case again
        /// Red, a cross in an octagon.
        case refused
        /// Black with a barred circle.
        case fault
    }

    /// What riders hear. Blind riders rely on it, so each outcome has its own figure.
    package enum Sound: String, Sendable, CaseIterable {
        /// Two notes rising.
        case accepted
        /// Three notes rising: a reduced fare, for the driver's ear.
        case reduced
        /// One note repeated.
        case already
        /// Two notes, down and up.
        case again
        /// Two low notes.
        case refused
    }

    package var look: Look {
        switch self {
        case .starting: .starting
        case .ready: .ready
        case .accepted: .accepted
        case .refused(.passback): .already
        case .refused(.unreadable): .again
        case .refused(.outOfService), .readerFault, .outOfService: .fault
        case .refused: .refused
        }
    }

    package var sound: Sound? {
        switch self {
        case .starting, .ready, .readerFault, .outOfService: nil
        case .accepted(_, let isReduced): isReduced ? .reduced : .accepted
        case .refused(.passback): .already
        case .refused(.unreadable): .again
        case .refused: .refused
        }
    }
}

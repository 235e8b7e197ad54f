import FareMedia

/// What goes wrong while a card is in the field.
package enum CardFault: Hashable, Sendable {
    /// Ripped out instead of answering the command after so many answered ones.
    case tear(afterCommands: Int)
    /// Answers so many commands and then nothing at all, not even the reader's polling.
    case silence(afterCommands: Int)
    /// Is noticed by the reader and then never heard of again: the service hangs on powering it
    /// up and does not even report that it is there.
    case silenceOnPowerUp
}

/// A message of the virtual reader to its card (vsmartcard, "vpcd" protocol).
///
/// Bodies of one byte that are not one of the four control codes are commands too.
package enum VPCDMessage: Hashable, Sendable {
    case powerOff
    case powerOn
    case reset
    case answerToResetRequest
    case command([UInt8])

    package init(body: [UInt8]) {
        switch body {
        case [0]: self = .powerOff
        case [1]: self = .powerOn
        case [2]: self = .reset
        case [4]: self = .answerToResetRequest
        default: self = .command(body)
        }
    }
}

/// A card in a reader's field with the fault that it was given: message in, reaction out.
package struct PresentedCard: Sendable {
    package enum Reaction: Hashable, Sendable {
        case reply([UInt8])
        /// The protocol has no reply here.
        case nothing
        /// The card no longer speaks.
        case silent
        case tear
    }

    private var card: VirtualCard
    private let fault: CardFault?
    private var answeredCommands = 0
    private var wasNoticed = false
    private var isSilent = false

    package init(_ card: VirtualCard, fault: CardFault? = nil) {
        self.card = card
        self.fault = fault
    }

    package mutating func react(to message: VPCDMessage) -> Reaction {
        if isSilent { return .silent }
        switch message {
        case .powerOn, .powerOff, .reset:
            card.reset()
            if fault == .silenceOnPowerUp, wasNoticed {
                isSilent = true
                return .silent
            }
            return .nothing
        case .answerToResetRequest:
            wasNoticed = true
            return .reply(VirtualCard.answerToReset)
        case .command(let bytes):
            switch fault {
            case .tear(let count) where answeredCommands >= count: return .tear
            case .silence(let count) where answeredCommands >= count:
                isSilent = true
                return .silent
            default: break
            }
            answeredCommands += 1
            return .reply(card.respond(to: bytes).serialized)
        }
    }
}

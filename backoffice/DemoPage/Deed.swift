import Store
import TransitModel

/// One thing done at the page: what was promised of it, and what was seen.
package struct Deed: Hashable, Sendable, Identifiable {
    /// What a button asks for. The raw value is the last part of its address.
    package enum Kind: String, Sendable, CaseIterable {
        case tap
        case tapBlocked = "tap-blocked"
        case block
        case unblock
        case cutNetwork = "cut-network"
        case tapDark = "tap-dark"
        case restoreNetwork = "restore-network"
        case cutPower = "cut-power"
        case restorePower = "restore-power"
    }

    package enum Standing: Hashable, Sendable {
        case underWay
        case kept
        case broken
        /// The promise can only be judged later, when there is a network again.
        case open
        case failed(Obstacle)
    }

    /// Why a deed came to nothing.
    package enum Obstacle: Hashable, Sendable {
        case control(ControlFailure)
        /// The card has not reached the back office, which therefore cannot know it.
        case notThere
        case tooLong
        case notNow
    }

    /// Figures as they were measured. Nothing here is assumed.
    package enum Sight: Hashable, Sendable {
        case nothing
        case answer(TapAnswer)
        /// Tapped again and again until the answer changed.
        case probing(attempts: Int)
        case changed(after: Duration, attempts: Int, verdict: String)
        /// The list cannot reach the validator now.
        case unreachable
        /// So many taps stay on the vehicle's disk for now.
        case stillWaiting(Int)
        case networkCut(connections: Int)
        case dark(answers: [TapAnswer], journal: JournalStanding, received: Int)
        case arriving(TapOutcome, waited: Int)
        case arrived(Arrival)
        case powerCut(process: Int32, journal: JournalStanding)
        case back(after: Duration, verdict: String, Arrival?, journal: JournalStanding)
    }

    /// What became of the taps that waited.
    package struct Arrival: Hashable, Sendable {
        package let waited: Int
        package let outcome: TapOutcome
        package let after: Duration
        package let booksAgree: Bool

        package init(waited: Int, outcome: TapOutcome, after: Duration, booksAgree: Bool) {
            self.waited = waited
            self.outcome = outcome
            self.after = after
            self.booksAgree = booksAgree
        }

        package var isAsPromised: Bool {
            outcome.missing == 0 && outcome.doubled == 0 && outcome.isSettled && booksAgree
        }
    }

    /// The longest that riders accept between field and green.
    package static let answerLimit: Duration = .milliseconds(300)
    /// Within this a change of the deny list reaches validators that are online.
    package static let listLimit: Duration = .seconds(5)

    package let id: Int
    package let kind: Kind
    package let beganAt: Timestamp
    package var card: String?
    package var standing = Standing.underWay
    package var sight = Sight.nothing

    package init(id: Int, kind: Kind, beganAt: Timestamp, card: String? = nil) {
        self.id = id
        self.kind = kind
        self.beganAt = beganAt
        self.card = card
    }

    /// Enters what was seen, and whether that is what was promised.
    mutating func conclude(_ sight: Sight) {
        self.sight = sight
        standing =
            switch sight {
            case .nothing, .probing, .arriving: .underWay
            case .answer(let answer):
                Self.standing(
                    kind == .tapBlocked ? answer.isDenied : Self.isGreenInTime(answer))
            case .changed(let span, _, _): Self.standing(span <= Self.listLimit)
            case .unreachable, .stillWaiting: .open
            case .networkCut: .kept
            case .dark(let answers, let journal, let received):
                Self.standing(
                    answers.allSatisfy(Self.isGreenInTime) && received == 0 && journal.isSound
                        && journal.unsent >= answers.count)
            case .arrived(let arrival): Self.standing(arrival.isAsPromised)
            case .powerCut(_, let journal): Self.standing(journal.isSound)
            case .back(_, _, let arrival, let journal):
                Self.standing((arrival?.isAsPromised ?? true) && journal.isSound)
            }
    }

    private static func standing(_ isKept: Bool) -> Standing { isKept ? .kept : .broken }

    private static func isGreenInTime(_ answer: TapAnswer) -> Bool {
        answer.isAccepted && answer.journalled <= answer.shown && answer.shown <= answerLimit
    }
}

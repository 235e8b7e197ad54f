import Store
import TransitModel
import Wording

/// A tap's time line as the page draws it: places on the axis in microseconds, and words.
struct TimeLineWords: Encodable, Hashable, Sendable {
    struct Step: Encodable, Hashable, Sendable {
        let stage: String
        let isOnVehicle: Bool
        let label: String
        let why: String
        /// From where to where on the axis; absent while the step is still to come.
        let fromMicroseconds: Int64?
        let toMicroseconds: Int64?
        let took: String
        let at: String
    }

    struct Tick: Encodable, Hashable, Sendable {
        let microseconds: Int64
        let label: String
    }

    let tap: String
    let title: String
    let isAccepted: Bool
    let isOver: Bool
    let steps: [Step]
    let ticks: [Tick]
    /// Where the charge is explained, once there is one.
    let chargeAddress: String?
    let chargeText: String?

    init(_ followed: DemoScene.Followed, _ speaker: DemoSpeaker) {
        let line = TapTimeLine(followed)
        tap = followed.answer.tap.description
        title = speaker.say(
            .followCard,
            [
                "card": .text(followed.card),
                "time": .text(speaker.time(followed.answer.enteredAt)),
            ])
        isAccepted = followed.answer.isAccepted
        isOver = line.isOver
        steps = line.steps.map { Step($0, of: followed, speaker) }
        ticks = [1, 10, 100, 1_000, 10_000].map { milliseconds in
            Tick(
                microseconds: milliseconds * 1_000,
                label: milliseconds < 1_000
                    ? speaker.say(.unitMilliseconds, ["value": .number(milliseconds)])
                    : speaker.say(.unitSeconds, ["value": .number(milliseconds / 1_000)]))
        }
        let charge = followed.trace?.charge
        chargeAddress = charge.map { "/console/charges/\($0.rider)/\($0.charge)" }
        chargeText = charge.map { charge in
            speaker.say(
                .followCharge, ["amount": .text(speaker.language.money(charge.amount))])
        }
    }
}

extension TimeLineWords.Step {
    fileprivate init(
        _ step: TapTimeLine.Step, of followed: DemoScene.Followed, _ speaker: DemoSpeaker
    ) {
        stage = step.stage.rawValue
        isOnVehicle = step.stage.isOnVehicle
        (label, why) = Self.words(of: step.stage, followed, speaker)
        toMicroseconds = step.at.map(Self.microseconds)
        fromMicroseconds = step.at.flatMap { at in
            step.took.map { Self.microseconds(at - $0) }
        }
        took = step.took.map(speaker.span) ?? ""
        at =
            step.at.map { speaker.say(.followAfter, ["time": .text(speaker.span($0))]) }
            ?? speaker.say(.followWaiting)
    }

    private static func microseconds(_ span: Duration) -> Int64 {
        let (seconds, attoseconds) = span.components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    private static func words(
        of stage: TapTimeLine.Stage, _ followed: DemoScene.Followed, _ speaker: DemoSpeaker
    ) -> (label: String, why: String) {
        func pair(
            _ label: DemoPhrase, _ why: DemoPhrase, _ values: [String: PhraseValue] = [:]
        ) -> (String, String) { (speaker.say(label), speaker.say(why, values)) }
        let (answer, trace) = (followed.answer, followed.trace)
        return switch stage {
        case .field: pair(.stageField, .stageFieldWhy)
        case .read:
            pair(.stageRead, .stageReadWhy, ["card": .text(speaker.span(answer.card))])
        case .decided: pair(.stageDecided, .stageDecidedWhy)
        case .journalled: pair(.stageJournalled, .stageJournalledWhy)
        case .shown: pair(answer.isAccepted ? .stageGreen : .stageRed, .stageShownWhy)
        case .received: pair(.stageReceived, .stageReceivedWhy)
        case .routed:
            answer.isAccepted
                ? pair(.stageRouted, .stageRoutedWhy) : pair(.stageRefused, .stageRefusedWhy)
        case .charged:
            if let charge = trace?.charge {
                pair(
                    .stageCharged, .stageChargedWhy,
                    ["amount": .text(speaker.language.money(charge.amount))])
            } else if trace?.unpricedCause != nil {
                pair(.stageUnpriced, .stageUnpricedWhy)
            } else {
                pair(.stageCharged, .stageChargedWait)
            }
        case .posted:
            if let charge = trace?.charge, !charge.hasEntry {
                pair(.stageNothingPosted, .stageNothingPostedWhy)
            } else {
                pair(.stagePosted, .stagePostedWhy)
            }
        }
    }
}

import Store
import TransitModel
import Wording

/// A deed as the page tells of it.
struct DeedWords: Encodable, Hashable, Sendable {
    let id: Int
    let kind: String
    let title: String
    let time: String
    let promised: String
    let seen: String
    /// `under-way`, `kept`, `broken`, `open` or `failed`.
    let standing: String
    let standingText: String

    init(_ deed: Deed, _ speaker: DemoSpeaker) {
        id = deed.id
        kind = deed.kind.rawValue
        title = Self.title(of: deed, speaker)
        time = speaker.time(deed.beganAt)
        promised = speaker.say(Self.promise(of: deed.kind))
        if case .failed(let obstacle) = deed.standing {
            seen = speaker.say(.deedFailed, ["reason": .text(speaker.obstacle(obstacle))])
        } else {
            seen = Self.sight(of: deed, speaker)
        }
        let phrase: DemoPhrase
        (standing, phrase) =
            switch deed.standing {
            case .underWay: ("under-way", .standingUnderWay)
            case .kept: ("kept", .standingKept)
            case .broken: ("broken", .standingBroken)
            case .open: ("open", .standingOpen)
            case .failed: ("failed", .standingFailed)
            }
        standingText = speaker.say(phrase)
    }

    private static func title(of deed: Deed, _ speaker: DemoSpeaker) -> String {
        let card: [String: PhraseValue] = ["card": .text(deed.card ?? "…")]
        return switch deed.kind {
        case .tap: speaker.say(.deedTap, card)
        case .tapBlocked: speaker.say(.deedTapBlocked, card)
        case .block: speaker.say(.deedBlock, card)
        case .unblock: speaker.say(.deedUnblock, card)
        case .cutNetwork: speaker.say(.deedCutNetwork)
        case .tapDark:
            speaker.say(.deedTapDark, ["count": .number(Int64(DemoDirector.darkTapCount))])
        case .restoreNetwork: speaker.say(.deedRestoreNetwork)
        case .cutPower: speaker.say(.deedCutPower)
        case .restorePower: speaker.say(.deedRestorePower)
        }
    }

    private static func promise(of kind: Deed.Kind) -> DemoPhrase {
        switch kind {
        case .tap: .deedTapPromise
        case .tapBlocked: .deedTapBlockedPromise
        case .block: .deedBlockPromise
        case .unblock: .deedUnblockPromise
        case .cutNetwork: .deedCutNetworkPromise
        case .tapDark: .deedTapDarkPromise
        case .restoreNetwork: .deedRestoreNetworkPromise
        case .cutPower: .deedCutPowerPromise
        case .restorePower: .deedRestorePowerPromise
        }
    }

    private static func sight(of deed: Deed, _ speaker: DemoSpeaker) -> String {
        switch deed.sight {
        case .nothing: "…"
        case .answer(let answer):
            speaker.say(
                .deedTapSeen,
                [
                    "verdict": .text(speaker.verdict(answer.verdict).capitalised),
                    "shown": .text(speaker.span(answer.shown)),
                    "journalled": .text(speaker.span(answer.journalled)),
                ])
        case .probing(let attempts): speaker.say(.deedProbing, ["count": .number(Int64(attempts))])
        case .changed(let span, let attempts, let verdict):
            deed.kind == .unblock
                ? speaker.say(
                    .deedUnblockSeen,
                    [
                        "time": .text(speaker.span(span)),
                        "verdict": .text(speaker.verdict(verdict)),
                    ])
                : speaker.say(
                    .deedBlockSeen,
                    ["time": .text(speaker.span(span)), "count": .number(Int64(attempts))])
        case .unreachable: speaker.say(.deedBlockOpen)
        case .stillWaiting(let count):
            speaker.say(.deedStillWaiting, ["count": .number(Int64(count))])
        case .networkCut(let connections):
            speaker.say(.deedCutNetworkSeen, ["count": .number(Int64(connections))])
        case .dark(let answers, let journal, let received):
            speaker.say(
                .deedTapDarkSeen,
                [
                    "count": .number(Int64(answers.count)),
                    "green": .number(Int64(answers.count(where: \.isAccepted))),
                    "slowest": .text(speaker.span(answers.map(\.shown).max() ?? .zero)),
                    "waiting": .number(Int64(journal.unsent)),
                    "received": .number(Int64(received)),
                ])
        case .arriving(let outcome, let waited):
            speaker.say(
                .deedArriving,
                [
                    "count": .number(Int64(waited)),
                    "arrived": .number(Int64(max(0, waited - outcome.missing))),
                ])
        case .arrived(let arrival): self.arrival(arrival, speaker)
        case .powerCut(let process, let journal):
            speaker.say(
                .deedCutPowerSeen,
                [
                    "process": .text("\(process)"), "count": .number(Int64(journal.unsent)),
                    "sound": .text(speaker.say(journal.isSound ? .deedSound : .deedUnsound)),
                ])
        case .back(let span, let verdict, let arrival, let journal):
            speaker.say(
                .deedRestorePowerSeen,
                [
                    "time": .text(speaker.span(span)),
                    "verdict": .text(speaker.verdict(verdict)),
                    "arrival": .text(
                        arrival.map { self.arrival($0, speaker) }
                            ?? speaker.say(
                                .deedStillWaiting, ["count": .number(Int64(journal.unsent))])),
                ])
        }
    }

    private static func arrival(_ arrival: Deed.Arrival, _ speaker: DemoSpeaker) -> String {
        let counts = speaker.say(
            .deedArrived,
            [
                "count": .number(Int64(arrival.waited)),
                "lost": .number(Int64(arrival.outcome.missing)),
                "doubled": .number(Int64(arrival.outcome.doubled)),
                "books": .text(
                    speaker.say(arrival.booksAgree ? .deedBooksAgree : .deedBooksDisagree)),
            ])
        guard arrival.waited > 0 else { return counts }
        let last = speaker.say(.deedArrivedAfter, ["time": .text(speaker.span(arrival.after))])
        return "\(counts) \(last)"
    }
}

extension String {
    /// With a capital first letter, as a sentence begins.
    fileprivate var capitalised: String { prefix(1).uppercased() + dropFirst() }
}

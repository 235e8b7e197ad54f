internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// What another tariff changes for riders, in words: prices first, dates last.
package struct TariffChanges: Hashable, Sendable {
    package let title: String
    package let sections: [PriceList.Section]
    private let nothing: String

    /// - Parameters:
    ///   - old: Both speak the same language.
    ///   - new: Its names are used where both have one.
    ///   - names: What people call the two, such as the folders that they lie in.
    package init(from old: TariffVoice, to new: TariffVoice, called names: (String, String)) {
        title = new.say(.diffTitle, ["from": .text(names.0), "to": .text(names.1)])
        nothing = new.say(.diffNothing)
        let prices = PriceChanges(from: old, to: new)
        let items = ItemChanges(from: old, to: new)
        func section(_ heading: TariffPhrase, _ lines: [String]) -> PriceList.Section {
            PriceList.Section(
                heading: new.say(heading),
                lines: new.folded(lines).map { PriceList.Line(text: $0) })
        }
        sections = [
            section(.headDiffDearer, prices.dearer),
            section(.headDiffCheaper, prices.cheaper),
            section(.headDiffTickets, prices.others),
            section(.headDiffValid, LegRuleChanges(from: old, to: new).lines),
            section(
                .headDiffRules,
                [.cap, .discount, .pass, .distance, .transfer, .journey, .join, .limit]
                    .flatMap(items.lines)
                    + [.group, .incomplete, .set, .timeframe].flatMap(items.lines)),
            section(.headDiffPeople, [.category, .medium].flatMap(items.lines)),
            section(.headDiffPlaces, [.network, .area].flatMap(items.lines)),
            section(.headShares, items.lines(.share)),
            section(.headDiffTariff, items.lines(.tariff)),
        ].filter { !$0.lines.isEmpty }
    }

    package var isEmpty: Bool { sections.isEmpty }

    package var text: String {
        var page = TextPage()
        page.heading(title, level: 1)
        if isEmpty { page.lines([PriceList.Line(text: nothing)]) }
        for section in sections {
            page.heading(section.heading, level: 2)
            page.lines(section.lines)
        }
        return page.text
    }
}

/// Rules that came, went or have other facts.
private struct ItemChanges {
    private let old: [TariffItem.Kind: [TariffItem]]
    private let new: [TariffItem.Kind: [TariffItem]]
    private let voice: TariffVoice

    init(from old: TariffVoice, to new: TariffVoice) {
        self.old = Dictionary(grouping: Self.items(of: old), by: \.kind)
        self.new = Dictionary(grouping: Self.items(of: new), by: \.kind)
        voice = new
    }

    private static func items(of voice: TariffVoice) -> [TariffItem] {
        let rules =
            voice.caps() + voice.rideDiscounts() + voice.passes() + voice.distances()
            + voice.transfers() + voice.journeys() + voice.joins() + voice.limits()
        let others =
            voice.groupFares() + voice.incompleteLegs() + voice.legSets()
            + voice.timeframeItems() + voice.people()
        let places = voice.networkItems() + voice.areaItems() + voice.operatorShares()
        return rules + others + places + [voice.tariffItem()]
    }

    func lines(_ kind: TariffItem.Kind) -> [String] {
        let before = Dictionary(grouping: old[kind] ?? [], by: \.identity)
        let after = Dictionary(grouping: new[kind] ?? [], by: \.identity)
        var lines: [String] = []
        for identity in Set(before.keys).union(after.keys) {
            lines += changes(
                from: TariffItem.inOrder(before[identity] ?? []),
                to: TariffItem.inOrder(after[identity] ?? []))
        }
        return lines.sorted(by: NaturalOrder.precedes)
    }

    /// Rules that share an identity are matched: equal ones first, the rest in order.
    private func changes(from old: [TariffItem], to new: [TariffItem]) -> [String] {
        var left = old
        var right: [TariffItem] = []
        for item in new {
            if let same = left.firstIndex(where: { $0.hasSameFacts(as: item) }) {
                left.remove(at: same)
            } else {
                right.append(item)
            }
        }
        let both = min(left.count, right.count)
        return zip(left, right).flatMap { changedFacts(from: $0, to: $1) }
            + left.dropFirst(both).map { told(.diffRemoved, $0) }
            + right.dropFirst(both).map { told(.diffAdded, $0) }
    }

    private func told(_ phrase: TariffPhrase, _ item: TariffItem) -> String {
        let kind = voice.say(item.kind.phrase)
        return voice.say(phrase, ["what": .text("\(kind): \(item.sentence)")])
    }

    private func changedFacts(from old: TariffItem, to new: TariffItem) -> [String] {
        let kind = voice.say(new.kind.phrase)
        let what = PhraseValue.text(new.name == kind ? kind : "\(kind): \(new.name)")
        return zip(old.facts, new.facts).filter { $0.identity != $1.identity }
            .flatMap { before, after in
                let field = PhraseValue.text(voice.say(after.label))
                guard let left = before.members, let right = after.members else {
                    return [
                        voice.say(
                            .diffChanged,
                            [
                                "what": what, "field": field, "old": value(before),
                                "new": value(after),
                            ])
                    ]
                }
                let lists: [(TariffPhrase, Set<String>)] = [
                    (.diffMembersAdded, right.subtracting(left)),
                    (.diffMembersRemoved, left.subtracting(right)),
                ]
                return lists.filter { !$1.isEmpty }.map { phrase, members in
                    voice.say(
                        phrase,
                        ["what": what, "field": field, "names": .text(voice.names(members))])
                }
            }
    }

    private func value(_ fact: TariffItem.Fact) -> PhraseValue {
        .text(fact.text.isEmpty ? voice.say(.none) : fact.text)
    }
}

extension TariffItem {
    fileprivate func hasSameFacts(as other: TariffItem) -> Bool {
        facts.map(\.identity) == other.facts.map(\.identity)
    }
}

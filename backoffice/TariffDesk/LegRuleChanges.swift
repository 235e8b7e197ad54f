internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// Rides that now go by another ticket, or by none.
struct LegRuleChanges {
    private struct Entry: Hashable {
        let product: FareProductID
        let group: LegGroupID?
    }

    private struct Change: Hashable {
        let old: Set<FareProductID>
        let new: Set<FareProductID>
    }

    let lines: [String]

    init(from old: TariffVoice, to new: TariffVoice) {
        let before = Self.entries(old.tables.fareLegRules)
        let after = Self.entries(new.tables.fareLegRules)
        var places: [Change: [LegRulePlace]] = [:]
        for place in Set(before.keys).union(after.keys) where before[place] != after[place] {
            let change = Change(
                old: Set((before[place] ?? []).map(\.product)),
                new: Set((after[place] ?? []).map(\.product)))
            places[change, default: []].append(place)
        }
        lines = places.flatMap { change, places in
            let voice = change.new.isEmpty ? old : new
            return LegRuleBlock.fold(places, in: voice).map { block in
                Self.text(change, block.text, old, new)
            }
        }.sorted(by: NaturalOrder.precedes)
    }

    private static func entries(_ rules: [FareLegRule]) -> [LegRulePlace: Set<Entry>] {
        var entries: [LegRulePlace: Set<Entry>] = [:]
        for rule in rules {
            entries[LegRulePlace(rule), default: []].insert(
                Entry(product: rule.fareProduct, group: rule.legGroup))
        }
        return entries
    }

    private static func text(
        _ change: Change, _ place: String, _ old: TariffVoice, _ new: TariffVoice
    ) -> String {
        let before = old.names(change.old.map { old.quoted(old.name($0)) })
        let after = new.names(change.new.map { new.quoted(new.name($0)) })
        let phrase: TariffPhrase =
            if change.old == change.new {
                .diffRuleTransfers
            } else if change.old.isEmpty {
                .diffRuleAdded
            } else {
                change.new.isEmpty ? .diffRuleRemoved : .diffRuleChanged
            }
        return new.say(
            phrase,
            [
                "where": .text(place.capitalised), "old": .text(before), "new": .text(after),
            ])
    }
}

internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// Where and when a leg rule applies.
struct LegRulePlace: Hashable {
    let network: NetworkID?
    let fromArea: AreaID?
    let toArea: AreaID?
    let from: TimeframeGroupID?
    let to: TimeframeGroupID?
    let priority: Int

    init(_ rule: FareLegRule) {
        network = rule.network
        fromArea = rule.fromArea
        toArea = rule.toArea
        from = rule.fromTimeframeGroup
        to = rule.toTimeframeGroup
        priority = rule.priority
    }
}

/// Leg rules that differ only in where they lead, told as one.
struct LegRuleBlock: Hashable {
    let text: String
    let priority: Int

    private struct Frame: Hashable {
        let network: NetworkID?
        let from: TimeframeGroupID?
        let to: TimeframeGroupID?
        let priority: Int
    }

    private struct Place: Hashable {
        let zones: [String]
        let times: [String]
        let priority: Int
    }

    /// Where and when one product's rules apply, from the highest priority.
    static func fold(_ rules: [LegRulePlace], in voice: TariffVoice) -> [LegRuleBlock] {
        var pairs: [Frame: Set<ZonePair>] = [:]
        for rule in rules {
            let frame = Frame(
                network: rule.network, from: rule.from, to: rule.to,
                priority: rule.priority)
            pairs[frame, default: []].insert(ZonePair(from: rule.fromArea, to: rule.toArea))
        }
        var networks: [Place: Set<NetworkID?>] = [:]
        for (frame, pairs) in pairs {
            var times: [String] = []
            if let from = frame.from {
                times.append(voice.say(.boardingWhen, ["when": .text(voice.hours(from))]))
            }
            if let to = frame.to {
                times.append(voice.say(.alightingWhen, ["when": .text(voice.hours(to))]))
            }
            let place = Place(
                zones: voice.words(for: pairs), times: times, priority: frame.priority)
            networks[place, default: []].insert(frame.network)
        }
        return networks.map { place, networks in
            LegRuleBlock(text: text(place, networks, voice), priority: place.priority)
        }.sorted {
            $0.priority != $1.priority
                ? $0.priority > $1.priority : NaturalOrder.precedes($0.text, $1.text)
        }
    }

    private static func text(
        _ place: Place, _ networks: Set<NetworkID?>, _ voice: TariffVoice
    ) -> String {
        var clauses: [String] = []
        let named = networks.compactMap { $0 }
        if !named.isEmpty { clauses.append(voice.networks(named)) }
        if networks.contains(nil), voice.saysOtherNetworks {
            clauses.append(voice.say(.otherNetworks))
        }
        if !place.zones.isEmpty { clauses.append(place.zones.joined(separator: "; ")) }
        clauses += place.times
        if clauses.isEmpty { clauses.append(voice.say(.anyRide)) }
        if place.priority != 0 {
            clauses.append(voice.say(.precedence, ["number": .number(Int64(place.priority))]))
        }
        return clauses.joined(separator: ", ")
    }
}

extension TariffVoice {
    /// Where and when each product is valid by itself.
    func placesOfProducts() -> [FareProductID: [String]] {
        Dictionary(grouping: tables.fareLegRules, by: \.fareProduct)
            .mapValues { LegRuleBlock.fold($0.map(LegRulePlace.init), in: self).map(\.text) }
    }
}

internal import Timetable
internal import TransitModel

/// A record of `fare_leg_rules.txt` with numbers for identifiers; a class because every leg looks
/// at some.
final class CompiledLegRule: Sendable {
    let source: FareLegRule
    let product: Int32
    /// ``ProductIndex/any`` when the record belongs to no group: no transfer rule applies then.
    let group: Int32
    /// ``ProductIndex/any`` when the time does not matter.
    let fromTimeframe: Int32
    let toTimeframe: Int32

    init(
        source: FareLegRule, product: Int32, group: Int32, fromTimeframe: Int32,
        toTimeframe: Int32
    ) {
        self.source = source
        self.product = product
        self.group = group
        self.fromTimeframe = fromTimeframe
        self.toTimeframe = toTimeframe
    }

    /// All rules in an order that does not depend on the file's.
    struct All: Sendable {
        let rules: [CompiledLegRule]
        /// By identifier.
        let groups: [LegGroupID]
    }

    static func compile(
        _ tables: GTFSTables, _ products: ProductIndex, _ timeframes: TimeframeIndex
    ) -> All {
        let groups = Set(tables.fareLegRules.compactMap(\.legGroup)).sorted()
        let numberOfGroup = groups.numbered()
        func sortKey(_ rule: FareLegRule) -> [String] {
            [
                rule.fareProduct.rawValue, rule.legGroup?.rawValue ?? "",
                rule.network?.rawValue ?? "", rule.fromArea?.rawValue ?? "",
                rule.toArea?.rawValue ?? "", rule.fromTimeframeGroup?.rawValue ?? "",
                rule.toTimeframeGroup?.rawValue ?? "",
            ]
        }
        let sorted = tables.fareLegRules.map { (key: sortKey($0), rule: $0) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        func number(_ timeframe: TimeframeGroupID?) -> Int32 {
            timeframe.flatMap { timeframes.numberOfGroup[$0] } ?? ProductIndex.any
        }
        let rules = sorted.map { _, rule in
            CompiledLegRule(
                source: rule, product: products.number(of: rule.fareProduct),
                group: rule.legGroup.flatMap { numberOfGroup[$0] } ?? ProductIndex.any,
                fromTimeframe: number(rule.fromTimeframeGroup),
                toTimeframe: number(rule.toTimeframeGroup))
        }
        return All(rules: rules, groups: groups)
    }
}

/// Where a leg is looked up: the keys under which rules for its network, its first stop and its
/// last stop may be filed.
///
/// Both meanings of an empty field are settled here. Without a `rule_priority` field, empty
/// stands for whatever no record lists; with one, it stands for anything.
struct PlaceIndex: Sendable {
    struct StopKeys: Sendable {
        let from: [Int32]
        let to: [Int32]
    }

    let constrainsNetwork: Bool
    let constrainsFrom: Bool
    private let networkOfRoute: [RouteID: [Int32]]
    private let keysOfNetwork: [NetworkID: [Int32]]
    private let keysOfStop: [StopID: StopKeys]
    let numberOfNetwork: [NetworkID: Int32]
    private let networkIDs: [NetworkID]
    let numberOfArea: [AreaID: Int32]

    init(_ tables: GTFSTables, rules: CompiledLegRule.All) {
        let usesPriority = tables.fareLegRulesHavePriority
        networkIDs = tables.networks.map(\.id).sorted()
        numberOfNetwork = networkIDs.numbered()
        numberOfArea = tables.areas.map(\.id).sorted().numbered()
        let listedNetworks = Set(rules.rules.compactMap(\.source.network))
        let listedFrom = Set(rules.rules.compactMap(\.source.fromArea))
        let listedTo = Set(rules.rules.compactMap(\.source.toArea))
        constrainsNetwork = !listedNetworks.isEmpty
        constrainsFrom = !listedFrom.isEmpty

        /// The listed ones among `members`, and "any" where an empty field covers them.
        func keys<Kind>(
            _ members: [Identifier<Kind>], listed: Set<Identifier<Kind>>,
            numbers: [Identifier<Kind>: Int32]
        ) -> [Int32] {
            let named = members.filter(listed.contains).compactMap { numbers[$0] }.sorted()
            return usesPriority || named.isEmpty ? named + [ProductIndex.any] : named
        }

        var keysOfNetwork: [NetworkID: [Int32]] = [:]
        for network in tables.networks {
            keysOfNetwork[network.id] = keys(
                [network.id], listed: listedNetworks, numbers: numberOfNetwork)
        }
        self.keysOfNetwork = keysOfNetwork
        var networkOfRoute: [RouteID: [Int32]] = [:]
        for route in tables.routes {
            networkOfRoute[route.id] =
                tables.networkOfRoute[route.id].flatMap { keysOfNetwork[$0] } ?? [ProductIndex.any]
        }
        self.networkOfRoute = networkOfRoute

        var ownAreas: [StopID: [AreaID]] = [:]
        for record in tables.stopAreas { ownAreas[record.stop, default: []].append(record.area) }
        let tree = StopTree(tables.stops)
        var keysOfStop: [StopID: StopKeys] = [:]
        for stop in tables.stops {
            // Its own areas, or else those of what it is part of.
            let areas = tree.chain(of: stop.id).lazy.compactMap { ownAreas[$0] }.first ?? []
            keysOfStop[stop.id] = StopKeys(
                from: keys(areas, listed: listedFrom, numbers: numberOfArea),
                to: keys(areas, listed: listedTo, numbers: numberOfArea))
        }
        self.keysOfStop = keysOfStop
    }

    /// The network of a key; `nil` for "any".
    func network(_ key: Int32) -> NetworkID? {
        key == ProductIndex.any ? nil : networkIDs[Int(key)]
    }

    func networkKeys(of leg: FareLeg) throws(FareRefusal) -> [Int32] {
        var ofRoute: [Int32]?
        if let route = leg.route {
            ofRoute = networkOfRoute[route]
            if ofRoute == nil { throw .unknownRoute(route) }
        }
        if let network = leg.network {
            guard let keys = keysOfNetwork[network] else { throw .unknownNetwork(network) }
            return keys
        }
        guard let keys = ofRoute else {
            if constrainsNetwork { throw .routeNotGiven }
            return [ProductIndex.any]
        }
        return keys
    }

    /// `nil` for a stop that is not in the feed.
    func stopKeys(_ stop: StopID) -> StopKeys? { keysOfStop[stop] }

    func fromKeys(of leg: FareLeg) throws(FareRefusal) -> [Int32] {
        guard let stop = leg.fromStop else {
            if constrainsFrom { throw .boardingStopNotGiven }
            return [ProductIndex.any]
        }
        guard let keys = keysOfStop[stop] else { throw .unknownStop(stop) }
        return keys.from
    }

    /// `nil` while the stop of alighting is unknown.
    func toKeys(of leg: FareLeg) throws(FareRefusal) -> [Int32]? {
        guard let stop = leg.toStop else { return nil }
        guard let keys = keysOfStop[stop] else { throw .unknownStop(stop) }
        return keys.to
    }
}

/// The fare leg rules by what they ask of a leg.
struct LegRuleIndex: Sendable {
    private struct Key: Hashable {
        let network: Int32
        let from: Int32
        let to: Int32
    }

    let rules: [CompiledLegRule]
    let groups: [LegGroupID]
    private let usesPriority: Bool
    private let usesTimeframes: Bool
    private let rulesByKey: [Key: [Int32]]
    /// Networks and first areas for which the last area matters; `to` is always "any".
    private let needsAlighting: Set<Key>

    init(_ all: CompiledLegRule.All, in tables: GTFSTables, _ places: PlaceIndex) {
        rules = all.rules
        groups = all.groups
        usesPriority = tables.fareLegRulesHavePriority
        usesTimeframes = rules.contains {
            $0.fromTimeframe != ProductIndex.any || $0.toTimeframe != ProductIndex.any
        }
        let listsTo = rules.contains { $0.source.toArea != nil }
        var rulesByKey: [Key: [Int32]] = [:]
        var needsAlighting: Set<Key> = []
        for (index, rule) in rules.enumerated() {
            let network = rule.source.network.flatMap { places.numberOfNetwork[$0] }
            let from = rule.source.fromArea.flatMap { places.numberOfArea[$0] }
            let to = rule.source.toArea.flatMap { places.numberOfArea[$0] }
            let any = ProductIndex.any
            let key = Key(network: network ?? any, from: from ?? any, to: to ?? any)
            rulesByKey[key, default: []].append(Int32(index))
            if usesPriority ? to != nil : listsTo {
                needsAlighting.insert(Key(network: key.network, from: key.from, to: any))
            }
        }
        self.rulesByKey = rulesByKey
        self.needsAlighting = needsAlighting
    }

    /// The rules that cover a leg: all of them, or with priorities those of the highest.
    ///
    /// - Parameters:
    ///   - leg: Its times and stops decide where rules name timeframes.
    ///   - start: Stands for the leg's beginning there, where that of another leg decides.
    func match(
        network: [Int32], from: [Int32], to: [Int32]?, at leg: FareLeg,
        judgedBy start: (at: Timestamp, stop: StopID?)? = nil, _ timeframes: TimeframeIndex
    ) throws(FareRefusal) -> [Int32] {
        var found: [Int32] = []
        for network in network {
            for from in from {
                let place = Key(network: network, from: from, to: ProductIndex.any)
                if to == nil, needsAlighting.contains(place) { throw .alightingStopNotGiven }
                for to in to ?? [ProductIndex.any] {
                    if let rules = rulesByKey[Key(network: network, from: from, to: to)] {
                        found.append(contentsOf: rules)
                    }
                }
            }
        }
        if usesTimeframes {
            found = try inTime(
                found, leg, start: start ?? (leg.departedAt, leg.fromStop), timeframes)
        }
        guard !found.isEmpty else { throw .noMatchingRule }
        guard usesPriority, found.count > 1 else { return found }
        let highest = found.map { rules[Int($0)].source.priority }.max()
        return found.filter { rules[Int($0)].source.priority == highest }
    }

    /// Those of the rules whose timeframes hold the leg's validations.
    private func inTime(
        _ candidates: [Int32], _ leg: FareLeg, start: (at: Timestamp, stop: StopID?),
        _ timeframes: TimeframeIndex
    ) throws(FareRefusal) -> [Int32] {
        var found: [Int32] = []
        for candidate in candidates {
            let rule = rules[Int(candidate)]
            if rule.fromTimeframe != ProductIndex.any,
                !timeframes.contains(start.at, at: start.stop, group: rule.fromTimeframe)
            {
                continue
            }
            if rule.toTimeframe != ProductIndex.any {
                guard let arrivedAt = leg.arrivedAt else { throw .arrivalTimeNotGiven }
                guard timeframes.contains(arrivedAt, at: leg.toStop, group: rule.toTimeframe)
                else { continue }
            }
            found.append(candidate)
        }
        return found
    }
}

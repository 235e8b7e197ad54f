internal import Timetable
internal import TransitModel

/// Which two legs in a row are one **effective fare leg** for the fare leg rules.
///
/// Without stops in the rule, the first leg must end at the station at which the second begins.
struct LegJoinIndex: Sendable {
    private struct Pair: Hashable {
        let from: NetworkID?
        let to: NetworkID?
    }

    private let rules: [Pair: [FareLegJoinRule]]
    private let networkOfRoute: [RouteID: NetworkID]
    private let stops: StopTree

    var isEmpty: Bool { rules.isEmpty }

    init(_ tables: GTFSTables) {
        var rules: [Pair: [FareLegJoinRule]] = [:]
        for rule in tables.fareLegJoinRules.sorted(by: { Self.key($0) < Self.key($1) }) {
            rules[Pair(from: rule.fromNetwork, to: rule.toNetwork), default: []]
                .append(rule)
        }
        self.rules = rules
        networkOfRoute = tables.networkOfRoute
        stops = StopTree(tables.stops)
    }

    private static func key(_ rule: FareLegJoinRule) -> (String, String) {
        (rule.fromStop?.rawValue ?? "", rule.toStop?.rawValue ?? "")
    }

    /// The rule that makes two legs one; `nil` when each stands by itself.
    ///
    /// - Throws: ``FareRefusal`` where that depends on a stop that is not known.
    func rule(
        from first: FareLeg, to second: FareLeg
    ) throws(FareRefusal) -> FareLegJoinRule? {
        guard !isEmpty else { return nil }
        let networks = Pair(from: network(of: first), to: network(of: second))
        var candidates = rules[Pair(from: nil, to: nil)] ?? []
        if networks.from != nil, networks.to != nil { candidates += rules[networks] ?? [] }
        guard !candidates.isEmpty else { return nil }
        guard let from = first.toStop else { throw .alightingStopNotGiven }
        guard let to = second.fromStop else { throw .boardingStopNotGiven }
        return candidates.first { rule in
            guard let ruleFrom = rule.fromStop, let ruleTo = rule.toStop else {
                return stops.station(of: from) == stops.station(of: to)
            }
            return isAt(from, ruleFrom) && isAt(to, ruleTo)
        }
    }

    private func network(of leg: FareLeg) -> NetworkID? {
        leg.network ?? leg.route.flatMap { networkOfRoute[$0] }
    }

    /// A rule names a stop itself, or the station around it.
    private func isAt(_ stop: StopID, _ named: StopID) -> Bool {
        stop == named || stops.station(of: stop) == named
    }
}

/// A leg as the fare leg rules see it: one, or several in a row that join rules make one.
struct EffectiveLeg: Hashable, Sendable {
    let rider: FareRider
    /// From the first leg's stop and validation to the last one's.
    let whole: FareLeg
    /// Where rules for its network are filed. "Each leg must have the same `network_id`" (GTFS
    /// reference): what not all of the legs allow is left out.
    let networks: [Int32]
    /// The last leg of several; `nil` for one.
    let lastOfSeveral: FareLeg?

    var last: FareLeg { lastOfSeveral ?? whole }
}

extension FareEngine {
    func check(_ leg: FareLeg) throws(FareRefusal) {
        if let arrivedAt = leg.arrivedAt, arrivedAt < leg.departedAt {
            throw .arrivalBeforeDeparture
        }
    }

    func effectiveLeg(_ leg: RiderLeg) throws(FareRefusal) -> EffectiveLeg {
        try check(leg.leg)
        return EffectiveLeg(
            rider: leg.rider, whole: leg.leg, networks: try tariff.places.networkKeys(of: leg.leg),
            lastOfSeveral: nil)
    }

    /// What a leg makes of the one before it; `nil` when it stands by itself.
    func join(
        _ before: EffectiveLeg, with leg: EffectiveLeg
    ) throws(FareRefusal) -> (leg: EffectiveLeg, rule: FareLegJoinRule)? {
        guard before.rider == leg.rider,
            let rule = try tariff.joins.rule(from: before.last, to: leg.whole)
        else { return nil }
        if leg.whole.departedAt < before.last.departedAt { throw .legsOutOfOrder }
        let first = before.whole
        let whole = FareLeg(
            boarding: first.boarding, route: nil, trip: nil, fromStop: first.fromStop,
            toStop: leg.whole.toStop, departedAt: first.departedAt,
            arrivedAt: leg.whole.arrivedAt,
            distanceMetres: first.distanceMetres.flatMap { metres in
                leg.whole.distanceMetres.map { metres + $0 }
            })
        let joined = EffectiveLeg(
            rider: before.rider, whole: whole,
            networks: before.networks.filter(leg.networks.contains), lastOfSeveral: leg.whole)
        return (joined, rule)
    }
}

internal import Timetable
package import TransitModel

/// What one operator gets of a history's price.
package struct OperatorShare: Hashable, Sendable {
    /// `nil` for what no operator of the feed carried.
    package let agency: AgencyID?
    package let amount: Money
}

extension FareEngine {
    /// Splits a history's price as `operator_shares.txt` says; legs that no record names go to
    /// who ran them. By operator; empty where the tariff has no such table.
    ///
    /// Legs with the same weights are added up before they are split, so that each operator is
    /// rounded once.
    ///
    /// - Parameter riders: One for each leg.
    package func operatorShares(
        of history: PricedHistory, riders: [FareRider]
    ) throws(FareRefusal) -> [OperatorShare] {
        guard let rules = tariff.rules, !rules.shares.rules.isEmpty else { return [] }
        /// Sums for each set of weights; for single operators apart.
        var sums: [Int: Int64] = [:]
        var amounts: [AgencyID?: Int64] = [:]
        for (priced, rider) in zip(history.legs, riders) {
            let leg = priced.leg
            let facts = rules.legSets.facts(
                of: leg, try tariff.products.resolve(rider),
                day: rules.calendar.day(at: leg.departedAt), judgedAt: leg.departedAt,
                judgedStop: leg.fromStop)
            let product = tariff.products.number(of: priced.fareProduct)
            let rule = rules.shares.rules.firstIndex { rule in
                rules.legSets.contains(
                    rule.legSet, facts, product: product, tariff.timeframes)
            }
            if let rule {
                sums[rule, default: 0] += priced.charge.minorUnits
            } else {
                amounts[facts.agency, default: 0] += priced.charge.minorUnits
            }
        }
        for (rule, sum) in sums {
            let shares = rules.shares.rules[rule].shares
            let parts = money(sum).apportioned(byWeights: shares.map { UInt32($0.weight) })
            for (share, part) in zip(shares, parts) {
                amounts[share.agency, default: 0] += part.minorUnits
            }
        }
        return amounts.sorted { ($0.key?.rawValue ?? "") < ($1.key?.rawValue ?? "") }.map {
            OperatorShare(agency: $0.key, amount: money($0.value))
        }
    }
}

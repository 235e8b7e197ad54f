internal import Timetable
internal import TransitModel

/// Changes without an end, and records without an effect.
extension TariffCheck {
    /// A change that costs nothing and may be made again and again.
    private struct FreeChange {
        let from: String?
        let to: String?
        let file: String
        let line: Int
    }

    /// A rider who may change for nothing, without a limit of time or number, from a group back to
    /// where it began rides for ever on one fare.
    var endlessTransfers: [TariffFinding] {
        let standard = tables.fareTransferRules.filter { rule in
            rule.type == .fromLegPlusTransfer && rule.fareProduct == nil
                && rule.transferCount == nil && rule.durationLimit == nil
        }.map {
            FreeChange(
                from: $0.fromLegGroup?.rawValue, to: $0.toLegGroup?.rawValue,
                file: "fare_transfer_rules.txt", line: $0.line)
        }
        // Changes end with the journey, where there are rules for that.
        let isBounded = source?.journeys.isEmpty == false
        let terms = (isBounded ? [] : source?.transferTerms ?? []).filter { term in
            term.terms == .free && term.transferCount == nil && term.durationLimit == nil
                && !term.isLast
        }.map {
            FreeChange(
                from: $0.from?.rawValue, to: $0.to?.rawValue, file: "transfer_terms.txt",
                line: $0.line)
        }
        return [standard, terms].flatMap(endless)
    }

    /// The changes that lie on a circle.
    private func endless(_ changes: [FreeChange]) -> [TariffFinding] {
        changes.enumerated().filter { index, change in
            var reached: Set<Int> = []
            var frontier = [index]
            while let current = frontier.popLast() {
                let end = changes[current].to
                for (next, candidate) in changes.enumerated()
                where candidate.from == nil || end == nil || candidate.from == end {
                    if next == index { return true }
                    if reached.insert(next).inserted { frontier.append(next) }
                }
            }
            return false
        }.map { _, change in
            TariffFinding(
                .error, .endlessTransfer, change.file, line: change.line,
                field: "duration_limit",
                "changes may go on for ever and cost nothing: a limit of time or number is missing")
        }
    }

    var unused: [TariffFinding] { unusedSets + unusedProducts + unsoldTickets }

    private var unusedSets: [TariffFinding] {
        guard let source else { return [] }
        var used = Set(source.caps.compactMap(\.legSet))
        used.formUnion(source.rideDiscounts.compactMap(\.legSet))
        used.formUnion(source.passes.compactMap(\.legSet))
        used.formUnion(source.journeys.compactMap(\.legSet))
        used.formUnion(source.transferTerms.flatMap { [$0.from, $0.to] }.compactMap { $0 })
        used.formUnion(source.limits.compactMap(\.legSet))
        used.formUnion(source.incompleteLegs.compactMap(\.legSet))
        used.formUnion(source.groupFares.compactMap(\.legSet))
        used.formUnion(source.operatorShares.map(\.legSet))
        var told: Set<LegSetID> = []
        return source.legSets.compactMap { record in
            guard !used.contains(record.set), told.insert(record.set).inserted else { return nil }
            return TariffFinding(
                .warning, .unused, "leg_sets.txt", line: record.line, field: "leg_set_id",
                "no table names \"\(record.set)\"")
        }
    }

    private var unusedProducts: [TariffFinding] {
        var used = Set(tables.fareLegRules.map(\.fareProduct))
        used.formUnion(tables.fareTransferRules.compactMap(\.fareProduct))
        used.formUnion((source?.passes ?? []).map(\.product))
        used.formUnion((source?.transferTerms ?? []).compactMap(\.product))
        used.formUnion((source?.incompleteLegs ?? []).map(\.product))
        var told: Set<FareProductID> = []
        return tables.fareProducts.compactMap { record in
            guard !used.contains(record.id), told.insert(record.id).inserted else { return nil }
            return TariffFinding(
                .warning, .unused, "fare_products.txt", line: record.line,
                field: "fare_product_id", "no rule leads to \"\(record.id)\"")
        }
    }

    /// A ticket for a tap needs to say for which legs.
    private var unsoldTickets: [TariffFinding] {
        let named = Set(tables.fareLegRules.map(\.fareProduct))
        return (source?.passes ?? []).compactMap { record in
            guard record.sale == .atTap, record.legSet == nil, !named.contains(record.product)
            else { return nil }
            return TariffFinding(
                .error, .unused, "fare_passes.txt", line: record.line, field: "leg_set_id",
                "no tap can buy \"\(record.product)\": neither a set nor a leg rule names its legs")
        }
    }
}

internal import Timetable
internal import TransitModel

/// The least and the most that legs and journeys cost.
struct LimitRules: Sendable {
    struct Limit: Sendable {
        let legSet: Int32
        let category: Int32
        let scope: FareLimitRecord.Scope
        let minimum: Int64?
        let maximum: Int64?

        func applied(to amount: Int64) -> Int64 {
            min(max(amount, minimum ?? .min), maximum ?? .max)
        }
    }

    /// Those of legs before those of journeys.
    let limits: [Limit]

    init(_ records: [FareLimitRecord], _ legSets: LegSetIndex, _ products: ProductIndex) {
        limits = records.map { record in
            Limit(
                legSet: legSets.number(record.legSet),
                category: record.riderCategory.map(products.number) ?? ProductIndex.any,
                scope: record.scope, minimum: record.minimum?.minorUnits,
                maximum: record.maximum?.minorUnits)
        }.sorted { left, right in
            (left.scope == .leg ? 0 : 1, left.legSet, left.category)
                < (right.scope == .leg ? 0 : 1, right.legSet, right.category)
        }
    }
}

/// What a leg costs whose price would need an end that is not known.
struct IncompleteRules: Sendable {
    struct Rule: Sendable {
        let legSet: Int32
        let product: Int32
        let countsTowardsCaps: Bool
    }

    /// Those for a set come before the one for all legs.
    let rules: [Rule]

    init(_ records: [IncompleteLegRecord], _ legSets: LegSetIndex, _ products: ProductIndex) {
        rules = records.map { record in
            Rule(
                legSet: legSets.number(record.legSet), product: products.number(of: record.product),
                countsTowardsCaps: record.countsTowardsCaps)
        }.sorted { left, right in
            (left.legSet == ProductIndex.any ? 1 : 0, left.legSet, left.product)
                < (right.legSet == ProductIndex.any ? 1 : 0, right.legSet, right.product)
        }
    }
}

/// Several people on one medium.
struct GroupRules: Sendable {
    struct Rule: Sendable {
        let legSet: Int32
        let riders: ClosedRange<Int>
        let reduction: Int
        let freeRiders: Int
    }

    /// From the largest groups, so that the rule nearest to a group's size comes first.
    let rules: [Rule]

    init(_ records: [GroupFareRecord], _ legSets: LegSetIndex) {
        rules = records.map { record in
            Rule(
                legSet: legSets.number(record.legSet), riders: record.riders,
                reduction: record.reduction, freeRiders: record.freeRiders)
        }.sorted { left, right in
            (-left.riders.lowerBound, left.riders.upperBound, left.legSet, -left.reduction)
                < (
                    -right.riders.lowerBound, right.riders.upperBound, right.legSet,
                    -right.reduction
                )
        }
    }
}

/// Who gets how much of what legs cost.
struct ShareRules: Sendable {
    struct Share: Sendable {
        let agency: AgencyID
        let weight: Int
    }

    /// Weights by set, in order of sets; operators by identifier.
    let rules: [(legSet: Int32, shares: [Share])]

    init(_ records: [OperatorShareRecord], _ legSets: LegSetIndex) throws(TariffError) {
        var sharesOfSet: [Int32: [OperatorShareRecord]] = [:]
        for record in records {
            sharesOfSet[legSets.number(record.legSet), default: []].append(record)
        }
        var rules: [(legSet: Int32, shares: [Share])] = []
        for (set, records) in sharesOfSet.sorted(by: { $0.key < $1.key }) {
            guard records.contains(where: { $0.weight > 0 }) else {
                throw .contradiction(
                    RecordPlace("operator_shares.txt", records[0].line).failure(
                        "weight", .forbidden("no operator of the set has a weight above zero")))
            }
            rules.append(
                (
                    set,
                    records.map { Share(agency: $0.agency, weight: $0.weight) }
                        .sorted { $0.agency < $1.agency }
                ))
        }
        self.rules = rules
    }
}

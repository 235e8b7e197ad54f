internal import Timetable
internal import TransitModel

/// A record of `fare_transfer_rules.txt` with a number for its product; a class because steps
/// carry it.
final class CompiledTransferRule: Sendable {
    let source: FareTransferRule
    /// ``ProductIndex/any`` when the transfer costs nothing.
    let product: Int32

    init(source: FareTransferRule, product: Int32) {
        self.source = source
        self.product = product
    }
}

/// The fare transfer rules by the groups between which they apply.
///
/// An empty group stands for every group that no record lists in that field; a leg's group is
/// therefore looked up either under itself or under "empty", never under both.
struct TransferRuleIndex: Sendable {
    private struct Key: Hashable {
        let from: Int32
        let to: Int32
    }

    /// Each family: the records that share both groups, by count, limit and product.
    let families: [[CompiledTransferRule]]
    private let keys: [Key]
    private let familyByKey: [Key: Int32]
    private let fromKeyOfGroup: [Int32]
    private let toKeyOfGroup: [Int32]

    init(_ tables: GTFSTables, _ products: ProductIndex, groups: [LegGroupID]) {
        let numberOfGroup = groups.numbered()
        let any = ProductIndex.any
        let listedFrom = Set(tables.fareTransferRules.compactMap(\.fromLegGroup))
        let listedTo = Set(tables.fareTransferRules.compactMap(\.toLegGroup))
        fromKeyOfGroup = groups.enumerated().map { index, group in
            listedFrom.contains(group) ? Int32(index) : any
        }
        toKeyOfGroup = groups.enumerated().map { index, group in
            listedTo.contains(group) ? Int32(index) : any
        }
        var rulesByKey: [Key: [CompiledTransferRule]] = [:]
        for rule in tables.fareTransferRules {
            let key = Key(
                from: rule.fromLegGroup.flatMap { numberOfGroup[$0] } ?? any,
                to: rule.toLegGroup.flatMap { numberOfGroup[$0] } ?? any)
            rulesByKey[key, default: []].append(
                CompiledTransferRule(
                    source: rule, product: rule.fareProduct.map(products.number) ?? any))
        }
        keys = rulesByKey.keys.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
        familyByKey = keys.numbered()
        families = keys.map { key in
            (rulesByKey[key] ?? []).sorted { left, right in
                (left.count, left.limit, left.product) < (right.count, right.limit, right.product)
            }
        }
    }

    /// The family that rules the transfer between two groups; `nil` when there is none.
    func family(from: Int32, to: Int32) -> Int32? {
        guard from != ProductIndex.any, to != ProductIndex.any else { return nil }
        return familyByKey[Key(from: fromKeyOfGroup[Int(from)], to: toKeyOfGroup[Int(to)])]
    }

    /// The groups as the family's records name them; ``ProductIndex/any`` where they name none.
    func groups(ofFamily family: Int32) -> (from: Int32, to: Int32) {
        let key = keys[Int(family)]
        return (key.from, key.to)
    }

    /// The family whose records name these groups.
    func family(keyedFrom from: Int32, to: Int32) -> Int32? {
        familyByKey[Key(from: from, to: to)]
    }

    var durationLimits: [Duration?] {
        families.flatMap { family in family.map(\.source.durationLimit) }
    }
}

extension CompiledTransferRule {
    /// How many transfers in a row the rule may span; no limit counts as the largest number.
    var count: Int { source.transferCount ?? .max }
    var limit: Duration { source.durationLimit ?? .seconds(Int64.max / 4) }
}

internal import Timetable
internal import TransitModel

/// Which legs in a row are one journey for the tariff.
struct JourneyRules: Sendable {
    struct Rule: Sendable {
        let legSet: Int32
        let record: FareJourneyRecord
    }

    /// Those for a set come before the one for all legs.
    let rules: [Rule]

    var isEmpty: Bool { rules.isEmpty }

    init(_ records: [FareJourneyRecord], _ legSets: LegSetIndex) {
        rules = records.map { Rule(legSet: legSets.number($0.legSet), record: $0) }
            .sorted { left, right in
                (left.legSet == ProductIndex.any ? 1 : 0, left.legSet)
                    < (right.legSet == ProductIndex.any ? 1 : 0, right.legSet)
            }
    }
}

/// The journey that a rider is on, as far as prices depend on it.
struct OpenJourney: Hashable, Sendable {
    struct Distance: Hashable, Sendable {
        let product: Int32
        var metres: Int
        var price: Int64
    }

    /// What one limit has counted.
    struct Sum: Hashable, Sendable {
        let limit: Int32
        var due: Int64
        var charged: Int64
    }

    /// ``ProductIndex/any`` where transfers make the journey.
    let rule: Int32
    let startedAt: Timestamp
    let startStop: StopID?
    var legs: Int
    /// When the last leg ended; when it began, where that is not known.
    var lastLeftAt: Timestamp
    var lastRoute: RouteID?
    var distances: [Distance] = []
    var sums: [Sum] = []
}

extension OpenJourney {
    /// Counts a leg's distance in, and what it cost.
    mutating func add(metres: Int, price: Int64, product: Int32) {
        if let index = distances.firstIndex(where: { $0.product == product }) {
            distances[index].metres += metres
            distances[index].price += price
        } else {
            distances.append(Distance(product: product, metres: metres, price: price))
            distances.sort { $0.product < $1.product }
        }
    }
}

extension JourneyRules {
    /// Whether a leg goes on with a journey.
    func continues(
        _ journey: OpenJourney, _ leg: FareLeg, inSet: (Int32) -> Bool
    ) -> Bool {
        guard journey.rule != ProductIndex.any else { return false }
        let rule = rules[Int(journey.rule)]
        let record = rule.record
        if let limit = record.legLimit, journey.legs >= limit { return false }
        if let limit = record.durationLimit,
            leg.departedAt.elapsed(since: journey.startedAt) > limit
        {
            return false
        }
        if let limit = record.gapLimit, leg.departedAt.elapsed(since: journey.lastLeftAt) > limit {
            return false
        }
        if record.endsOnSameRoute, let route = leg.route, route == journey.lastRoute {
            return false
        }
        return inSet(rule.legSet)
    }

    /// The rule that a leg begins a journey under.
    func opening(_ inSet: (Int32) -> Bool) -> Int32 {
        rules.firstIndex { inSet($0.legSet) }.map(Int32.init) ?? ProductIndex.any
    }
}

internal import Timetable
internal import TransitModel

/// Finding the lowest legal total of a whole history.
extension FareEngine {
    /// One way to reach a state, as the last step of a chain of them.
    private struct Way {
        let step: Step
        let cameFrom: Int?
        let total: Int64
    }

    /// Legs that are one for the leg rules.
    private struct Stretch {
        var leg: EffectiveLeg
        let first: FareLeg
        var others: [(leg: FareLeg, rule: FareLegJoinRule)] = []
    }

    private func stretches(_ legs: [RiderLeg]) throws(FareRefusal) -> [Stretch] {
        var stretches: [Stretch] = []
        for leg in legs {
            let next = try effectiveLeg(leg)
            if let before = stretches.last, let (joined, rule) = try join(before.leg, with: next) {
                stretches[stretches.count - 1].leg = joined
                stretches[stretches.count - 1].others.append((leg.leg, rule))
            } else {
                if let before = stretches.last,
                    next.whole.departedAt < before.leg.last.departedAt
                {
                    throw .legsOutOfOrder
                }
                stretches.append(Stretch(leg: next, first: leg.leg))
            }
        }
        return stretches
    }

    /// Follows every way to pay; of those that lead to the same state the cheapest goes on.
    func cheapestWay(_ legs: [RiderLeg]) throws(FareRefusal) -> [PricedLeg] {
        let stretches = try stretches(legs)
        var ways: [Way] = []
        var frontier: [(state: FareState, way: Int?, total: Int64)] = [(FareState(), nil, 0)]
        for stretch in stretches {
            var next: [(state: FareState, way: Int?, total: Int64)] = []
            var positionOfState: [FareState: Int] = [:]
            for (state, way, total) in frontier {
                for step in try steps(for: stretch.leg, after: state.standing) {
                    let sum = total + step.charge
                    if let position = positionOfState[step.state] {
                        guard sum < next[position].total else { continue }
                        ways.append(Way(step: step, cameFrom: way, total: sum))
                        next[position] = (step.state, ways.count - 1, sum)
                    } else {
                        guard next.count < choiceLimit else { throw .tooManyChoices }
                        ways.append(Way(step: step, cameFrom: way, total: sum))
                        positionOfState[step.state] = next.count
                        next.append((step.state, ways.count - 1, sum))
                    }
                }
            }
            frontier = next
        }
        var cheapest = frontier[0]
        for candidate in frontier.dropFirst() where candidate.total < cheapest.total {
            cheapest = candidate
        }
        var steps: [Step] = []
        var current = cheapest.way
        while let index = current {
            steps.append(ways[index].step)
            current = ways[index].cameFrom
        }
        var priced: [PricedLeg] = []
        priced.reserveCapacity(legs.count)
        for (stretch, step) in zip(stretches, steps.reversed()) {
            let whole = explain(step, stretch.first)
            priced.append(whole)
            for (leg, rule) in stretch.others { priced.append(explain(rule, leg, in: whole)) }
        }
        return priced
    }
}

internal import Timetable
internal import TransitModel

/// Prices legs under one tariff.
///
/// Two ways of pricing share every rule. ``price(_:)`` takes each leg as it comes and never looks
/// ahead, as rating must; where the tariff leaves a choice it takes what costs least now.
/// ``quote(_:)`` knows the whole history and finds the lowest legal total.
///
/// Transfers never reach across calls: give it one journey, or a history that is to be priced as
/// one. Choices of equal price are settled by identifiers, so that the answer and its reasons are
/// always the same.
package struct FareEngine: Sendable {
    package let tariff: Tariff
    /// Ways to pay that a quotation follows side by side.
    let choiceLimit = 4_096

    package init(_ tariff: Tariff) {
        self.tariff = tariff
    }

    /// Prices one leg and gives the state for the next.
    ///
    /// Where the rider's media are ``FareMediaChoice/any``, the leg may use each of them.
    ///
    /// - Throws: ``FareRefusal``; the leg is then to be set aside, and pricing can go on from the
    ///   same state.
    package func next(
        _ leg: RiderLeg, after state: FareState
    ) throws(FareRefusal) -> (priced: PricedLeg, state: FareState) {
        var steps = try steps(for: leg, after: state)
        var cheapest = 0
        for index in steps.indices.dropFirst() where steps[index].charge < steps[cheapest].charge {
            cheapest = index
        }
        // Moved out, not copied: a step is large.
        steps.swapAt(cheapest, steps.count - 1)
        let best = steps.removeLast()
        return (explain(best, leg.leg), best.state)
    }

    /// Prices legs in order, each as it comes.
    package func price(_ legs: [RiderLeg]) throws(FareRefusal) -> PricedHistory {
        try cheapestOverMedia(legs) { legs throws(FareRefusal) in
            var state = FareState()
            var priced: [PricedLeg] = []
            priced.reserveCapacity(legs.count)
            for leg in legs {
                let (result, next) = try next(leg, after: state)
                priced.append(result)
                state = next
            }
            return history(priced)
        }
    }

    /// The lowest legal total for the whole history.
    ///
    /// Ways that lead to the same state are merged and only the cheapest goes on, so that the
    /// work grows with the number of legs and not with the number of ways.
    package func quote(_ legs: [RiderLeg]) throws(FareRefusal) -> PricedHistory {
        try cheapestOverMedia(legs) { legs throws(FareRefusal) in
            history(try cheapestWay(legs))
        }
    }

    /// Tries each medium over the whole history where the rider's is not known.
    private func cheapestOverMedia(
        _ legs: [RiderLeg], price: ([RiderLeg]) throws(FareRefusal) -> PricedHistory
    ) throws(FareRefusal) -> PricedHistory {
        guard !legs.isEmpty else { throw .noLegs }
        guard legs.contains(where: { $0.rider.media == .any }), tariff.products.dependsOnMedia
        else { return try price(legs) }
        var best: PricedHistory?
        var firstRefusal: FareRefusal?
        for choice in [FareMediaChoice.only([])] + tariff.fareMedia.map({ .only([$0.id]) }) {
            let trial = legs.map { leg in
                leg.rider.media == .any
                    ? RiderLeg(leg.leg, by: leg.rider.with(media: choice)) : leg
            }
            do {
                let priced = try price(trial)
                if best.map({ priced.total < $0.total }) ?? true { best = priced }
            } catch {
                if firstRefusal == nil { firstRefusal = error }
            }
        }
        guard let best else { throw firstRefusal ?? .noEligibleProduct }
        return best
    }

    private func history(_ legs: [PricedLeg]) -> PricedHistory {
        PricedHistory(
            legs: legs, total: legs.reduce(Money.zero(tariff.currency)) { $0 + $1.charge })
    }
}

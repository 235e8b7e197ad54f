internal import Timetable
internal import TransitModel

/// Changes between operators or modes under `transfer_terms.txt`: within a journey, where the
/// tariff says what a journey is.
extension FareEngine {
    private struct Change {
        let index: Int32
        let term: TransferTermsIndex.Term
        let price: PriceInWork
        let elapsed: Duration?
    }

    /// - Returns: Whether the leg goes on with the one before it, under these terms or under the
    ///   standard's transfer rules, which come first.
    func applyTerms(
        _ price: inout PriceInWork, _ step: inout Step, _ travel: inout FareState.Travel,
        _ context: LegContext, _ standing: FareState.Standing, _ isIn: (Int32) -> Bool
    ) throws(FareRefusal) -> Bool {
        let terms = context.rules.terms
        guard !terms.isEmpty else { return step.transfer != nil }
        let sets = terms.fromSets.filter(isIn)
        let own = step.fare.amount.minorUnits
        if step.transfer == nil, case .legRule = step.basis, let chain = standing.chain,
            !chain.isClosed, context.rules.journeys.isEmpty || context.journey != nil
        {
            switch try change(of: step, chain, context, isIn) {
            case .none: break
            case .missed(let adjustment): step.adjustments.append(adjustment)
            case .applies(let change):
                let before = price.minorUnits
                price = change.price
                step.adjustments.append(
                    .terms(
                        change.index, amount: price.minorUnits - before, count: chain.count + 1,
                        elapsed: change.elapsed))
                guard change.term.record.terms != .end else { break }
                var longer = chain
                longer.count += 1
                longer.dearest = max(chain.dearest, own)
                longer.previous = own
                longer.paid += price.minorUnits
                longer.sets = sets
                longer.route = context.leg.route
                longer.isClosed = change.term.record.isLast
                travel.chain = longer
                return true
            }
        }
        travel.chain = TransferChain(
            firstDepartedAt: context.leg.departedAt,
            firstArrival: .init(
                earliest: context.leg.arrivedAt ?? context.leg.departedAt,
                latest: context.leg.arrivedAt),
            count: 0, dearest: own, previous: own, paid: price.minorUnits, sets: sets,
            route: context.leg.route)
        return step.transfer != nil
    }

    private enum Outcome {
        case none
        case missed(Adjustment)
        case applies(Change)
    }

    /// Of the terms with the highest priority that apply, the cheapest.
    private func change(
        of step: Step, _ chain: TransferChain, _ context: LegContext, _ isIn: (Int32) -> Bool
    ) throws(FareRefusal) -> Outcome {
        var best: Change?
        var missed: Adjustment?
        for (index, term) in context.rules.terms.terms.enumerated() {
            if let best, best.term.record.priority > term.record.priority { break }
            guard term.from == ProductIndex.any || chain.sets.contains(term.from), isIn(term.to)
            else { continue }
            if term.record.exceptSameRoute, let route = context.leg.route, route == chain.route {
                continue
            }
            if let limit = term.record.transferCount, chain.count >= limit {
                missed = .missedTerms(Int32(index), count: chain.count + 1, elapsed: nil)
                continue
            }
            let limit = TransferTimeLimit(
                limit: term.record.durationLimit, type: term.record.durationLimitType)
            let arrival = FareState.ArrivalBounds(
                earliest: chain.firstArrival.earliest,
                latest: chain.firstArrival.latest ?? context.leg.departedAt)
            let elapsed: Duration?
            switch limit.timing(
                of: LegTimes(context.leg), firstDepartedAt: chain.firstDepartedAt,
                firstArrival: arrival)
            {
            case .undecided: throw .arrivalTimeNotGiven
            case .expired(let span):
                missed = .missedTerms(Int32(index), count: chain.count + 1, elapsed: span)
                continue
            case .within(let span): elapsed = span
            }
            guard let price = price(under: term, step, chain, context) else { continue }
            if best.map({ price.minorUnits < $0.price.minorUnits }) ?? true {
                best = Change(index: Int32(index), term: term, price: price, elapsed: elapsed)
            }
        }
        if let best { return .applies(best) }
        return missed.map { .missed($0) } ?? .none
    }

    /// `nil` where the terms' product is not for this rider.
    private func price(
        under term: TransferTermsIndex.Term, _ step: Step, _ chain: TransferChain,
        _ context: LegContext
    ) -> PriceInWork? {
        let own = step.fare.amount.minorUnits
        var product: Int64 = 0
        if term.product != ProductIndex.any {
            guard
                let price = tariff.products.cheapestPrice(of: term.product, for: context.rider)
            else { return nil }
            product = price.amount.minorUnits
        }
        switch term.record.terms {
        case .free: return PriceInWork(0)
        case .surcharge: return PriceInWork(product)
        case .end: return PriceInWork(own)
        case .difference:
            let base =
                switch term.record.difference {
                case .dearestLeg: chain.dearest
                case .previousLeg: chain.previous
                case .paid: chain.paid
                }
            return PriceInWork(max(0, own - base))
        case .discount:
            var price = PriceInWork(max(0, own - product))
            if let reduction = term.record.reduction { _ = price.reduce(by: reduction) }
            return price
        }
    }
}

internal import Timetable
internal import TransitModel

/// What the extension makes of a leg's price, rule after rule.
///
/// The order is the language's: own fare and transfers, limits of a leg, groups, ride discounts,
/// rounding, limits of the journey, passes, caps. Companions pay what one rider pays before passes
/// and caps, which belong to the medium's holder.
extension FareEngine {
    func finish(
        _ raw: Step, _ context: LegContext, after standing: FareState.Standing
    ) throws(FareRefusal) -> Step {
        var step = raw
        let group = raw.state.standing.open?.group ?? ProductIndex.any
        let isIn = { (set: Int32) in
            context.isIn(set, product: raw.product, group: group, tariff.timeframes)
        }
        var next = standing
        next.open = raw.state.standing.open
        next.riders = context.rider.riders
        var price = PriceInWork(raw.charge)
        let isChange = try applyTerms(&price, &step, &next, context, standing, isIn)
        let journeyStart = openJourney(&next, step, context, standing, isChange: isChange, isIn)
        let moment = context.moment(journeyStart: journeyStart)

        applyLegLimits(&price, &step, context, isIn)
        let groupRule = applyGroup(&price, &step, context, isIn)
        let pass = coveringPass(step, context, standing, isIn)
        if price.isPositive, pass?.coversAll != true {
            countRides(&price, &step, &next, moment, context, isIn)
        }
        let record = context.rules.record
        let rounding = price.round(record.rounding, to: record.roundingUnit)
        if rounding != 0 { step.adjustments.append(.rounding(amount: rounding)) }
        applyJourneyLimits(&price, &step, &next, context, isIn)

        let charge = price.minorUnits
        let companions = companionsCharge(charge, step, context, standing, groupRule)
        var own = use(pass, of: charge, &step, &next, moment, context)
        own = applyCaps(own, &step, &next, moment, context, isIn)
        if context.rider.riders > 1 {
            step.adjustments.append(
                .companions(context.rider.riders - 1, amount: companions))
        }
        next.ticket = ticket(after: step, context, standing)
        step.charge = own + companions
        step.state = FareState(next)
        return step
    }

    /// Begins or continues the journey.
    ///
    /// - Returns: When it began.
    private func openJourney(
        _ next: inout FareState.Standing, _ step: Step, _ context: LegContext,
        _ standing: FareState.Standing, isChange: Bool, _ isIn: (Int32) -> Bool
    ) -> Timestamp {
        let leg = context.leg
        var before = context.journey
        // Without rules for journeys, transfers make them.
        if context.rules.journeys.isEmpty, isChange { before = standing.journey }
        var journey =
            before
            ?? OpenJourney(
                rule: context.rules.journeys.opening { set in
                    context.isIn(set, product: ProductIndex.any, tariff.timeframes)
                }, startedAt: leg.departedAt, startStop: leg.fromStop, legs: 0,
                lastLeftAt: leg.departedAt)
        journey.legs += 1
        journey.lastLeftAt = leg.arrivedAt ?? leg.departedAt
        journey.lastRoute = leg.route
        if let scale = context.rules.distances.scale(of: step.product), scale.sum == .journey,
            case .legRule = step.basis,
            let metres = try? context.rules.distances.metres(of: leg, scale)
        {
            let price = step.fare.amount.minorUnits
            if let index = journey.distances.firstIndex(where: { $0.product == step.product }) {
                journey.distances[index].metres += metres
                journey.distances[index].price += price
            } else {
                journey.distances.append(
                    .init(product: step.product, metres: metres, price: price))
                journey.distances.sort { $0.product < $1.product }
            }
        }
        next.journey = journey
        return journey.startedAt
    }

    private func applyLegLimits(
        _ price: inout PriceInWork, _ step: inout Step, _ context: LegContext,
        _ isIn: (Int32) -> Bool
    ) {
        guard price.isPositive else { return }
        for (index, limit) in context.rules.limits.limits.enumerated()
        where limit.scope == .leg && applies(limit, context, isIn) {
            let amount = price.limit(to: limit)
            if amount != 0 { step.adjustments.append(.limit(Int32(index), amount: amount)) }
        }
    }

    private func applyJourneyLimits(
        _ price: inout PriceInWork, _ step: inout Step, _ next: inout FareState.Standing,
        _ context: LegContext, _ isIn: (Int32) -> Bool
    ) {
        for (index, limit) in context.rules.limits.limits.enumerated()
        where limit.scope == .journey && applies(limit, context, isIn) {
            guard var journey = next.journey else { return }
            let charge = price.minorUnits
            var sum =
                journey.sums.first { $0.limit == Int32(index) }
                ?? .init(limit: Int32(index), due: 0, charged: 0)
            journey.sums.removeAll { $0.limit == Int32(index) }
            sum.due += charge
            let whole = sum.due > 0 ? limit.applied(to: sum.due) : sum.due
            let amount = price.set(whole - sum.charged)
            sum.charged = whole
            journey.sums.append(sum)
            journey.sums.sort { $0.limit < $1.limit }
            next.journey = journey
            if amount != 0 { step.adjustments.append(.limit(Int32(index), amount: amount)) }
        }
    }

    private func applies(
        _ limit: LimitRules.Limit, _ context: LegContext, _ isIn: (Int32) -> Bool
    ) -> Bool {
        (limit.category == ProductIndex.any
            || context.rider.categories.contains(limit.category)) && isIn(limit.legSet)
    }

    private func applyGroup(
        _ price: inout PriceInWork, _ step: inout Step, _ context: LegContext,
        _ isIn: (Int32) -> Bool
    ) -> GroupRules.Rule? {
        guard context.rider.riders > 1 else { return nil }
        for (index, rule) in context.rules.groups.rules.enumerated()
        where rule.riders.contains(context.rider.riders) && isIn(rule.legSet) {
            let amount = price.reduce(by: rule.reduction)
            if amount != 0 || rule.freeRiders > 0 {
                step.adjustments.append(.group(Int32(index), amount: amount))
            }
            return rule
        }
        return nil
    }

    /// What the others on the medium pay: as the first rider, or the leg's own fare for those who
    /// were not there when a change began.
    private func companionsCharge(
        _ charge: Int64, _ step: Step, _ context: LegContext, _ standing: FareState.Standing,
        _ rule: GroupRules.Rule?
    ) -> Int64 {
        let riders = context.rider.riders
        guard riders > 1 else { return 0 }
        let paying = max(0, riders - (rule?.freeRiders ?? 0) - 1)
        let isChange = step.transfer != nil || step.isTermsTransfer
        let joined = isChange ? min(paying, max(0, riders - max(standing.riders, 1))) : 0
        return charge * Int64(paying - joined) + step.fare.amount.minorUnits * Int64(joined)
    }
}

extension FareEngine.Step {
    var isTermsTransfer: Bool {
        adjustments.contains { if case .terms = $0 { true } else { false } }
    }
}

internal import Timetable
internal import TransitModel

/// What the extension makes of a leg's price, rule after rule.
///
/// The order is the language's: own fare and transfers, limits of a leg, groups, ride discounts,
/// rounding, limits of the journey, passes, caps. Companions pay what one rider pays before passes
/// and caps, which belong to the medium's holder.
extension FareEngine {
    func finish(
        _ step: inout Step, _ context: LegContext, after standing: FareState.Standing
    ) throws(FareRefusal) {
        let open = step.state.standing.open
        let product = step.product
        let group = open?.group ?? ProductIndex.any
        let isIn = { (set: Int32) in context.isIn(set, product: product, group: group) }
        let covering = coveringPass(step, context, standing, isIn)
        var next = standing
        next.open = open
        next.riders = context.rider.riders
        var travel = FareState.Travel()
        var price = PriceInWork(step.charge)
        let isChange = try applyTerms(&price, &step, &travel, context, standing, isIn)
        var journeyStart = context.leg.departedAt
        if context.rules.asksForJourneys {
            let journey = journey(after: step, context, standing, isChange: isChange)
            journeyStart = journey.startedAt
            travel.journey = journey
        }
        let moment = context.moment(journeyStart: journeyStart)

        applyLegLimits(&price, &step, context, isIn)
        let groupRule = applyGroup(&price, &step, context, isIn)
        if price.isPositive, covering?.coversAll != true {
            countRides(&price, &step, &next, moment, context, isIn)
        }
        let record = context.rules.record
        let rounding = price.round(record.rounding, to: record.roundingUnit)
        if rounding != 0 { step.adjustments.append(.rounding(amount: rounding)) }
        applyJourneyLimits(&price, &step, &travel, context, isIn)

        let charge = price.minorUnits
        let companions = companionsCharge(charge, step, context, standing, groupRule)
        var own = use(covering, of: charge, &step, &next)
        own = applyCaps(own, &step, &next, moment, context, isIn)
        if context.rider.riders > 1 {
            step.adjustments.append(.companions(context.rider.riders - 1, amount: companions))
        }
        // What a pass pays for is no ticket bought.
        let isSold = covering?.coversAll != true
        travel.ticket = ticket(after: step, context, standing, isSold: isSold)
        next.set(travel)
        forget(&next, moment, context)
        step.charge = own + companions
        step.state.standing = next
    }

    /// Lets go of windows that are over, so that a state stays small and ways that differ in
    /// nothing that still counts are one.
    private func forget(
        _ next: inout FareState.Standing, _ moment: LegMoment, _ context: LegContext
    ) {
        let rules = context.rules
        func isOpen(_ window: FareWindow, _ opening: Int64) -> Bool {
            window.opening(at: moment, rules.calendar, open: opening, opens: false) == opening
        }
        next.accounts.removeAll { account in
            let window = rules.caps.caps[Int(account.cap)].window
            guard window.kind == .rolling, let duration = window.duration else {
                return !isOpen(window, account.opening)
            }
            return account.entries.allSatisfy {
                moment.instant.elapsed(since: $0.at) >= duration
            }
        }
        next.rideCounts.removeAll { count in
            let window = rules.rideDiscounts.discounts[Int(count.discount)].window
            guard window.kind == .rolling, let duration = window.duration else {
                return !isOpen(window, count.opening)
            }
            return count.instants.allSatisfy { moment.instant.elapsed(since: $0) >= duration }
        }
    }

    /// The journey that the leg begins or goes on with.
    private func journey(
        after step: Step, _ context: LegContext, _ standing: FareState.Standing, isChange: Bool
    ) -> OpenJourney {
        let leg = context.leg
        var before = context.journey
        // Without rules for journeys, transfers make them.
        if context.rules.journeys.isEmpty, isChange { before = standing.journey }
        var journey =
            before
            ?? OpenJourney(
                rule: context.rules.journeys.opening { context.isIn($0) },
                startedAt: leg.departedAt, startStop: leg.fromStop, legs: 0,
                lastLeftAt: leg.departedAt)
        journey.legs += 1
        journey.lastLeftAt = leg.arrivedAt ?? leg.departedAt
        journey.lastRoute = leg.route
        if let metres = step.metres {
            journey.add(
                metres: metres, price: step.fare.amount.minorUnits, product: step.product)
        }
        return journey
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
        _ price: inout PriceInWork, _ step: inout Step, _ travel: inout FareState.Travel,
        _ context: LegContext, _ isIn: (Int32) -> Bool
    ) {
        for (index, limit) in context.rules.limits.limits.enumerated()
        where limit.scope == .journey && applies(limit, context, isIn) {
            guard var journey = travel.journey else { return }
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
            travel.journey = journey
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

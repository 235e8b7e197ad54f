internal import Timetable
internal import TransitModel

/// Ways to pay for a leg under a tariff that goes beyond the standard.
extension FareEngine {
    /// A leg with what the rules ask about it.
    struct LegContext {
        let effective: EffectiveLeg
        let rider: ResolvedRider
        let facts: LegFacts
        let day: FareDay
        /// The journey that the leg goes on with, where a rule says so.
        let journey: OpenJourney?
        let rules: ExtensionRules

        var leg: FareLeg { effective.whole }

        func isIn(
            _ set: Int32, product: Int32, group: Int32 = ProductIndex.any,
            _ timeframes: TimeframeIndex
        ) -> Bool {
            guard set != ProductIndex.any else { return true }
            var facts = facts
            facts.product = product
            facts.group = group
            return rules.legSets.contains(set, facts, timeframes)
        }

        /// The leg's place in time when it begins no journey of its own.
        func moment(journeyStart: Timestamp) -> LegMoment {
            LegMoment(instant: leg.departedAt, day: day, journeyStart: journeyStart)
        }
    }

    func steps(
        for effective: EffectiveLeg, _ rider: ResolvedRider, after standing: FareState.Standing,
        under rules: ExtensionRules
    ) throws(FareRefusal) -> [Step] {
        let context = try context(effective, rider, after: standing, rules)
        if let covered = try coveredByTicket(context, standing) {
            return try [finish(covered, context, after: standing)]
        }
        var steps: [Step] = []
        var refusal: FareRefusal?
        do throws(FareRefusal) {
            try appendLegRules(context, after: standing, to: &steps)
        } catch {
            refusal = error
        }
        appendTickets(context, after: standing, to: &steps)
        if steps.isEmpty, let refusal, refusal.isForWantOfAnEnd {
            appendIncomplete(context, to: &steps)
        }
        guard !steps.isEmpty else { throw refusal ?? .noEligibleProduct }
        var finished: [Step] = []
        finished.reserveCapacity(steps.count)
        for step in steps { finished.append(try finish(step, context, after: standing)) }
        return finished
    }

    private func context(
        _ effective: EffectiveLeg, _ rider: ResolvedRider, after standing: FareState.Standing,
        _ rules: ExtensionRules
    ) throws(FareRefusal) -> LegContext {
        let leg = effective.whole
        let day = rules.calendar.day(at: leg.departedAt)
        if let from = rules.record.effectiveFrom, day < from { throw .tariffNotInForce(day) }
        if let until = rules.record.effectiveUntil, day > until { throw .tariffNotInForce(day) }
        var facts = rules.legSets.facts(
            of: leg, rider, day: day, judgedAt: leg.departedAt, judgedStop: leg.fromStop)
        var journey: OpenJourney?
        if let open = standing.journey,
            rules.journeys.continues(
                open, leg,
                inSet: { rules.legSets.contains($0, facts, tariff.timeframes) })
        {
            journey = open
            if rules.journeys.rules[Int(open.rule)].record.timeframes == .firstLeg {
                facts = rules.legSets.facts(
                    of: leg, rider, day: day, judgedAt: open.startedAt, judgedStop: open.startStop)
            }
        }
        return LegContext(
            effective: effective, rider: rider, facts: facts, day: day, journey: journey,
            rules: rules)
    }

    /// The leg rules' ways, with transfers of the standard.
    private func appendLegRules(
        _ context: LegContext, after standing: FareState.Standing, to steps: inout [Step]
    ) throws(FareRefusal) {
        let leg = context.leg
        let matched = try tariff.legRules.match(
            network: context.effective.networks, from: tariff.places.fromKeys(of: leg),
            to: tariff.places.toKeys(of: leg), at: leg,
            judgedBy: (context.facts.judgedAt, context.facts.judgedStop), tariff.timeframes)
        for rule in matched {
            let compiled = tariff.legRules.rules[Int(rule)]
            guard
                let (basis, fare) = try ownFare(rule, compiled.product, context, standing)
            else { continue }
            let arrival = Arrival(
                leg: leg, basis: basis, product: compiled.product, group: compiled.group,
                fare: fare)
            try appendSteps(arrival, context.rider, after: standing.open, to: &steps)
        }
    }

    /// What a leg costs on a product; `nil` where the rider cannot have it here.
    private func ownFare(
        _ rule: Int32, _ product: Int32, _ context: LegContext, _ standing: FareState.Standing
    ) throws(FareRefusal) -> (Step.Basis, ProductIndex.Price)? {
        guard let fare = tariff.products.cheapestPrice(of: product, for: context.rider) else {
            return nil
        }
        if context.rider.held.contains(where: { $0.product == product }) {
            guard usableHeld(product, context, standing) != nil else { return nil }
            return (.heldProduct(rule: rule), fare.priced(at: 0))
        }
        if let pass = context.rules.passes.pass(of: product), pass.sale == .advance { return nil }
        guard let scale = context.rules.distances.scale(of: product) else {
            return (.legRule(rule), fare)
        }
        let metres = try context.rules.distances.metres(of: context.leg, scale)
        let before =
            scale.sum == .leg
            ? nil : context.journey?.distances.first { $0.product == product }
        let whole = metres + (before?.metres ?? 0)
        guard
            let price = context.rules.distances.price(
                of: whole, scale, category: fare.category)
        else { throw .distanceTooLong(metres: whole) }
        return (.legRule(rule), fare.priced(at: price - (before?.price ?? 0)))
    }

    private func appendIncomplete(_ context: LegContext, to steps: inout [Step]) {
        for (index, rule) in context.rules.incomplete.rules.enumerated() {
            guard context.isIn(rule.legSet, product: rule.product, tariff.timeframes),
                let fare = tariff.products.cheapestPrice(of: rule.product, for: context.rider)
            else { continue }
            let arrival = Arrival(
                leg: context.leg, basis: .incomplete(Int32(index)), product: rule.product,
                group: ProductIndex.any, fare: fare)
            steps.append(plainStep(arrival))
            return
        }
    }

    /// A leg that no transfer reaches.
    func plainStep(_ arrival: Arrival) -> Step {
        Step(
            basis: arrival.basis, product: arrival.product, fare: arrival.fare, transfer: nil,
            missedTransfer: nil, charge: arrival.fare.amount.minorUnits,
            state: arrival.state(run: nil, isTransfer: false))
    }
}

extension FareRefusal {
    /// Whether the leg would have a price if more were known of its end.
    fileprivate var isForWantOfAnEnd: Bool {
        switch self {
        case .alightingStopNotGiven, .arrivalTimeNotGiven, .distanceNotGiven: true
        default: false
        }
    }
}

internal import Timetable
internal import TransitModel

/// Ways to pay for a leg under a tariff that goes beyond the standard.
extension FareEngine {
    /// A leg with what the rules ask about it; a class because every rule is handed it.
    final class LegContext {
        /// Where rules for its network are filed.
        let networks: [Int32]
        let facts: LegFacts
        /// The journey that the leg goes on with, where a rule says so.
        let journey: OpenJourney?
        let rules: ExtensionRules
        let timeframes: TimeframeIndex

        init(
            networks: [Int32], facts: LegFacts, journey: OpenJourney?, rules: ExtensionRules,
            timeframes: TimeframeIndex
        ) {
            self.networks = networks
            self.facts = facts
            self.journey = journey
            self.rules = rules
            self.timeframes = timeframes
        }

        var leg: FareLeg { facts.leg }
        var rider: ResolvedRider { facts.rider }

        /// Whether the leg is in a set, when it is paid for by a product.
        func isIn(
            _ set: Int32, product: Int32 = ProductIndex.any, group: Int32 = ProductIndex.any
        ) -> Bool {
            set == ProductIndex.any
                || rules.legSets.contains(
                    set, facts, product: product, group: group, timeframes)
        }

        /// The leg's place in time when it begins no journey of its own.
        func moment(journeyStart: Timestamp) -> LegMoment {
            LegMoment(instant: leg.departedAt, day: facts.day, journeyStart: journeyStart)
        }
    }

    func steps(
        for leg: FareLeg, _ rider: ResolvedRider, networks: [Int32],
        after standing: FareState.Standing, under rules: ExtensionRules
    ) throws(FareRefusal) -> [Step] {
        let context = try context(leg, rider, networks, after: standing, rules)
        if let covered = try coveredByTicket(context, standing) {
            var step = covered
            try finish(&step, context, after: standing)
            return [step]
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
        for index in steps.indices {
            try finish(&steps[index], context, after: standing)
        }
        return steps
    }

    private func context(
        _ leg: FareLeg, _ rider: ResolvedRider, _ networks: [Int32],
        after standing: FareState.Standing, _ rules: ExtensionRules
    ) throws(FareRefusal) -> LegContext {
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
            networks: networks, facts: facts, journey: journey, rules: rules,
            timeframes: tariff.timeframes)
    }

    /// The leg rules' ways, with transfers of the standard.
    private func appendLegRules(
        _ context: LegContext, after standing: FareState.Standing, to steps: inout [Step]
    ) throws(FareRefusal) {
        let leg = context.leg
        let matched = try tariff.legRules.match(
            network: context.networks, from: tariff.places.fromKeys(of: leg),
            to: tariff.places.toKeys(of: leg), at: leg,
            judgedBy: (context.facts.judgedAt, context.facts.judgedStop), tariff.timeframes)
        for rule in matched {
            let compiled = tariff.legRules.rules[Int(rule)]
            guard
                let own = try ownFare(rule, compiled.product, context, standing)
            else { continue }
            let arrival = Arrival(
                times: LegTimes(leg), basis: own.basis, product: compiled.product,
                group: compiled.group,
                fare: own.fare, metres: own.metres)
            try appendSteps(arrival, context.rider, after: standing.open, to: &steps)
        }
    }

    private struct OwnFare {
        let basis: Step.Basis
        let fare: ProductIndex.Price
        var metres: Int?
    }

    /// What a leg costs on a product; `nil` where the rider cannot have it here.
    private func ownFare(
        _ rule: Int32, _ product: Int32, _ context: LegContext, _ standing: FareState.Standing
    ) throws(FareRefusal) -> OwnFare? {
        guard let fare = tariff.products.cheapestPrice(of: product, for: context.rider) else {
            return nil
        }
        if context.rider.held.contains(where: { $0.product == product }) {
            guard usableHeld(product, context, standing) != nil else { return nil }
            return OwnFare(basis: .heldProduct(rule: rule), fare: fare.priced(at: 0))
        }
        if let pass = context.rules.passes.pass(of: product), pass.sale == .advance { return nil }
        guard let scale = context.rules.distances.scale(of: product) else {
            return OwnFare(basis: .legRule(rule), fare: fare)
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
        return OwnFare(
            basis: .legRule(rule), fare: fare.priced(at: price - (before?.price ?? 0)),
            metres: scale.sum == .journey ? metres : nil)
    }

    private func appendIncomplete(_ context: LegContext, to steps: inout [Step]) {
        for (index, rule) in context.rules.incomplete.rules.enumerated() {
            guard context.isIn(rule.legSet, product: rule.product),
                let fare = tariff.products.cheapestPrice(of: rule.product, for: context.rider)
            else { continue }
            let arrival = Arrival(
                times: LegTimes(context.leg), basis: .incomplete(Int32(index)),
                product: rule.product,
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

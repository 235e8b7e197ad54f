internal import Timetable
internal import TransitModel

extension FareEngine {
    /// One legal way to pay for a leg, before it is put into words.
    struct Step {
        /// What the leg's own fare comes from.
        enum Basis {
            case legRule(Int32)
            /// The same, on a product that the rider holds.
            case heldProduct(rule: Int32)
            /// A ticket that a tap bought, by the number of its pass.
            case ticket(Int32, TicketUse)
            /// A leg without a known end.
            case incomplete(Int32)
        }

        enum TicketUse {
            case bought
            /// The price less what was paid for the tickets that it replaces.
            case upgraded(paid: Int64)
            case covered
        }

        let basis: Basis
        let product: Int32
        let fare: ProductIndex.Price
        /// What the leg adds to a distance that is summed over its journey.
        var metres: Int?
        let transfer: Transfer?
        /// Why a transfer rule between the two legs does not apply; `nil` when none exists.
        let missedTransfer: MissedTransfer?
        /// Of a leg that continues the one before it.
        var join: Join?
        /// What the extension makes of it, in order.
        var adjustments: [Adjustment] = []
        /// In minor units.
        var charge: Int64
        var state: FareState
    }

    struct Join {
        let rule: FareLegJoinRule
        /// What was charged for the legs before, in minor units.
        let charged: Int64
    }

    struct Transfer {
        let rule: CompiledTransferRule
        let amount: Int64
        /// What the transfer gives back of the leg before it, in minor units.
        let givenBack: Int64
        let count: Int
        let elapsed: Duration?
    }

    struct MissedTransfer {
        let rule: CompiledTransferRule
        let count: Int
        /// Absent when the count was reached.
        let elapsed: Duration?
    }

    /// Every legal way to pay for a leg; at least one, in an order that never varies.
    ///
    /// A leg that joins those before it is priced together with them, from where they began; what
    /// was charged for them is taken off.
    func steps(for riderLeg: RiderLeg, after state: FareState) throws(FareRefusal) -> [Step] {
        guard !tariff.joins.isEmpty else {
            let leg = riderLeg.leg
            try check(leg)
            return try steps(
                for: leg, by: riderLeg.rider, networks: tariff.places.networkKeys(of: leg),
                after: state.standing)
        }
        let leg = try effectiveLeg(riderLeg)
        if let before = state.joinable, let (joined, rule) = try join(before.leg, with: leg) {
            var steps = try steps(for: joined, after: before.base)
            for index in steps.indices {
                let charged = steps[index].charge
                steps[index].state.joinable = .init(
                    leg: joined, base: before.base, charged: charged)
                steps[index].join = Join(rule: rule, charged: before.charged)
                steps[index].charge = charged - before.charged
            }
            return steps
        }
        if let before = state.joinable, leg.whole.departedAt < before.leg.last.departedAt {
            throw .legsOutOfOrder
        }
        var steps = try steps(for: leg, after: state.standing)
        for index in steps.indices {
            steps[index].state.joinable = .init(
                leg: leg, base: state.standing, charged: steps[index].charge)
        }
        return steps
    }

    /// Every legal way to pay for an effective leg as a whole.
    func steps(
        for effective: EffectiveLeg, after standing: FareState.Standing
    ) throws(FareRefusal) -> [Step] {
        try steps(
            for: effective.whole, by: effective.rider, networks: effective.networks,
            after: standing)
    }

    /// - Parameter networks: Where rules for the leg's network are filed.
    private func steps(
        for leg: FareLeg, by fareRider: FareRider, networks: [Int32],
        after standing: FareState.Standing
    ) throws(FareRefusal) -> [Step] {
        if let open = standing.open, leg.departedAt < open.departedAt { throw .legsOutOfOrder }
        let rider = try tariff.products.resolve(fareRider)
        if let rules = tariff.rules {
            return try steps(
                for: leg, rider, networks: networks, after: standing, under: rules)
        }
        let matched = try tariff.legRules.match(
            network: networks, from: tariff.places.fromKeys(of: leg),
            to: tariff.places.toKeys(of: leg), at: leg, tariff.timeframes)
        var steps: [Step] = []
        for rule in matched {
            let compiled = tariff.legRules.rules[Int(rule)]
            var basis = Step.Basis.legRule(rule)
            guard var fare = tariff.products.cheapestPrice(of: compiled.product, for: rider)
            else { continue }
            if rider.held.contains(where: { $0.product == compiled.product }) {
                basis = .heldProduct(rule: rule)
                fare = fare.priced(at: 0)
            }
            let arrival = Arrival(
                times: LegTimes(leg), basis: basis, product: compiled.product,
                group: compiled.group,
                fare: fare)
            try appendSteps(arrival, rider, after: standing.open, to: &steps)
        }
        guard !steps.isEmpty else { throw .noEligibleProduct }
        return steps
    }

    /// A leg together with what it would be paid under.
    struct Arrival {
        let times: LegTimes
        let basis: Step.Basis
        let product: Int32
        let group: Int32
        let fare: ProductIndex.Price
        /// What it adds to a distance that is summed over its journey.
        var metres: Int?

        func state(run: FareState.Run?, isTransfer: Bool) -> FareState {
            var standing = FareState.Standing()
            standing.open = FareState.OpenLeg(
                group: group, departedAt: times.departedAt, arrivedAt: times.arrivedAt,
                replaceableFare: isTransfer ? nil : fare.amount.minorUnits, run: run)
            return FareState(standing)
        }
    }

    /// A transfer that applies must be used; without one the leg stands by itself.
    func appendSteps(
        _ arrival: Arrival, _ rider: ResolvedRider, after open: FareState.OpenLeg?,
        to steps: inout [Step]
    ) throws(FareRefusal) {
        var missed: MissedTransfer?
        if let open,
            let family = tariff.transferRules.family(from: open.group, to: arrival.group)
        {
            let run = FareState.run(
                from: open, family: family, nextDeparture: arrival.times.departedAt)
            let before = steps.count
            missed = try appendTransfers(arrival, rider, open, run, to: &steps)
            if steps.count > before { return }
        }
        steps.append(
            Step(
                basis: arrival.basis, product: arrival.product, fare: arrival.fare,
                metres: arrival.metres, transfer: nil,
                missedTransfer: missed, charge: arrival.fare.amount.minorUnits,
                state: arrival.state(run: nil, isTransfer: false)))
    }

    /// Of the rules that apply, those with the smallest count that is large enough.
    ///
    /// - Returns: The rule that came nearest to applying, where none does.
    private func appendTransfers(
        _ arrival: Arrival, _ rider: ResolvedRider, _ open: FareState.OpenLeg, _ run: FareState.Run,
        to steps: inout [Step]
    ) throws(FareRefusal) -> MissedTransfer? {
        var missed: MissedTransfer?
        var chosenCount: Int?
        for rule in tariff.transferRules.families[Int(run.family)] {
            if let chosenCount, rule.count > chosenCount { break }
            guard rule.count >= run.count else {
                missed = MissedTransfer(rule: rule, count: run.count, elapsed: nil)
                continue
            }
            let elapsed: Duration?
            switch rule.timing(of: arrival.times, in: run) {
            case .undecided: throw .arrivalTimeNotGiven
            case .expired(let elapsed):
                missed = MissedTransfer(rule: rule, count: run.count, elapsed: elapsed)
                continue
            case .within(let span): elapsed = span
            }
            guard let amount = transferAmount(rule, rider) else { continue }
            chosenCount = rule.count
            steps.append(
                makeStep(arrival, open, run, rule: rule, amount: amount, elapsed: elapsed))
        }
        return missed
    }

    /// The transfer's own price; `nil` when its product is not for this rider.
    private func transferAmount(_ rule: CompiledTransferRule, _ rider: ResolvedRider) -> Int64? {
        guard rule.product != ProductIndex.any else { return 0 }
        return tariff.products.cheapestPrice(of: rule.product, for: rider)?.amount.minorUnits
    }

    private func makeStep(
        _ arrival: Arrival, _ open: FareState.OpenLeg, _ run: FareState.Run,
        rule: CompiledTransferRule, amount: Int64, elapsed: Duration?
    ) -> Step {
        let replaced = rule.source.type == .transferOnly ? open.replaceableFare ?? 0 : 0
        let own = rule.source.type == .bothLegsPlusTransfer ? arrival.fare.amount.minorUnits : 0
        return Step(
            basis: arrival.basis, product: arrival.product, fare: arrival.fare,
            metres: arrival.metres,
            transfer: Transfer(
                rule: rule, amount: amount, givenBack: replaced, count: run.count,
                elapsed: elapsed),
            missedTransfer: nil, charge: own + amount - replaced,
            state: arrival.state(run: run, isTransfer: true))
    }
}

internal import Timetable
internal import TransitModel

/// What a rider has earned or bought before: ride discounts, passes and caps.
extension FareEngine {
    /// A held product that covers a leg.
    struct CoveringPass {
        let held: ResolvedRider.Held
        /// `nil` where the tariff says no more of the product than its leg rules do.
        let pass: PassIndex.Pass?
        /// Where its time begins.
        let start: Int64
        let ridesUsed: Int

        var coversAll: Bool { pass?.coversUpTo == nil }
        var rideLimit: Int? { held.ridesLeft ?? pass?.rideLimit }
    }

    /// A held product that is valid and not used up, for legs whose rule names it.
    func usableHeld(
        _ product: Int32, _ context: LegContext, _ standing: FareState.Standing
    ) -> CoveringPass? {
        for held in context.rider.held where held.product == product {
            if let usable = usable(held, context, standing) { return usable }
        }
        return nil
    }

    private func usable(
        _ held: ResolvedRider.Held, _ context: LegContext, _ standing: FareState.Standing
    ) -> CoveringPass? {
        let instant = context.leg.departedAt
        if let from = held.validFrom, instant < from { return nil }
        if let until = held.validUntil, instant > until { return nil }
        let pass = context.rules.passes.pass(of: held.product)
        let used = standing.passUses.first { $0.product == held.product }
        let moment = context.moment(journeyStart: instant)
        let start =
            used?.start
            ?? pass?.start(at: moment, validFrom: held.validFrom, context.rules.calendar) ?? 0
        if let pass, !pass.holds(at: moment, since: start, context.rules.calendar) { return nil }
        let usable = CoveringPass(
            held: held, pass: pass, start: start, ridesUsed: used?.rides ?? 0)
        if let limit = usable.rideLimit, usable.ridesUsed >= limit { return nil }
        return usable
    }

    /// The product that the leg uses: one without a number of rides before one with.
    func coveringPass(
        _ step: Step, _ context: LegContext, _ standing: FareState.Standing,
        _ isIn: (Int32) -> Bool
    ) -> CoveringPass? {
        if case .heldProduct = step.basis { return usableHeld(step.product, context, standing) }
        guard step.charge > 0 else { return nil }
        var counted: CoveringPass?
        for held in context.rider.held {
            guard let pass = context.rules.passes.pass(of: held.product),
                pass.legSet != ProductIndex.any, isIn(pass.legSet),
                let usable = usable(held, context, standing)
            else { continue }
            if usable.rideLimit == nil { return usable }
            counted = counted ?? usable
        }
        return counted
    }

    /// - Returns: What is left to be paid.
    func use(
        _ covering: CoveringPass?, of charge: Int64, _ step: inout Step,
        _ next: inout FareState.Standing
    ) -> Int64 {
        guard let covering else { return charge }
        let isOwn = if case .heldProduct = step.basis { step.transfer == nil } else { charge > 0 }
        guard isOwn else { return charge }
        let covered = min(max(charge, 0), covering.pass?.coversUpTo ?? .max)
        var use = PassUse(
            product: covering.held.product, start: covering.start, rides: covering.ridesUsed)
        use.rides += 1
        next.passUses.removeAll { $0.product == use.product }
        next.passUses.append(use)
        next.passUses.sort { $0.product < $1.product }
        step.adjustments.append(
            .pass(product: use.product, amount: -covered, ride: use.rides))
        return charge - covered
    }

    func countRides(
        _ price: inout PriceInWork, _ step: inout Step, _ next: inout FareState.Standing,
        _ moment: LegMoment, _ context: LegContext, _ isIn: (Int32) -> Bool
    ) {
        let calendar = context.rules.calendar
        for (index, discount) in context.rules.rideDiscounts.discounts.enumerated() {
            guard price.isPositive,
                discount.category == ProductIndex.any
                    || context.rider.categories.contains(discount.category),
                isIn(discount.legSet)
            else { continue }
            let known = next.rideCounts.first { $0.discount == Int32(index) }
            guard
                let opening = discount.window.opening(
                    at: moment, calendar, open: known?.opening, opens: true)
            else { continue }
            var count = RideCount(discount: Int32(index), opening: opening)
            if let known, known.opening == opening { count = known }
            if discount.window.kind == .rolling, let duration = discount.window.duration {
                count.instants.removeAll { moment.instant.elapsed(since: $0) >= duration }
                count.rides = count.instants.count
            }
            // A further leg belongs to the ride that its journey was counted as.
            let isCounted =
                discount.unit == .journey && count.journeyStart == moment.journeyStart
                && count.rides > 0
            let before = isCounted ? count.rides - 1 : count.rides
            if discount.reduces(after: before) {
                let amount = price.reduce(by: discount.reduction)
                step.adjustments.append(
                    .rideDiscount(Int32(index), amount: amount, ride: before + 1))
            }
            if !isCounted {
                count.rides += 1
                if discount.unit == .journey { count.journeyStart = moment.journeyStart }
                if discount.window.kind == .rolling { count.instants.append(moment.instant) }
            }
            next.rideCounts.removeAll { $0.discount == count.discount }
            next.rideCounts.append(count)
            next.rideCounts.sort { $0.discount < $1.discount }
        }
    }

    /// - Returns: What is left to be paid.
    func applyCaps(
        _ charge: Int64, _ step: inout Step, _ next: inout FareState.Standing,
        _ moment: LegMoment, _ context: LegContext, _ isIn: (Int32) -> Bool
    ) -> Int64 {
        if case .incomplete(let rule) = step.basis,
            !context.rules.incomplete.rules[Int(rule)].countsTowardsCaps
        {
            return charge
        }
        var charge = charge
        for (index, cap) in context.rules.caps.caps.enumerated() {
            let number = Int32(index)
            guard let limit = cap.limit(for: context.rider), isIn(cap.legSet) else { continue }
            let position = next.accounts.firstIndex { $0.cap == number }
            let known = position.map { next.accounts[$0] }
            guard
                let opening = cap.window.opening(
                    at: moment, context.rules.calendar, open: known?.opening, opens: charge > 0)
            else { continue }
            var account = CapAccount(cap: number, opening: opening)
            if let known, known.opening == opening { account = known }
            if cap.window.kind == .rolling, let duration = cap.window.duration {
                account.slide(to: moment.instant, duration)
            }
            guard charge != 0 else { continue }
            let before = account.paid
            let allowed = account.add(charge, limit: limit)
            if cap.window.kind == .rolling {
                account.entries.append(.init(at: moment.instant, due: charge, paid: allowed))
            }
            step.adjustments.append(
                .cap(
                    number, amount: allowed - charge, limit: limit, before: before,
                    after: account.paid))
            charge = allowed
            if let position {
                next.accounts[position] = account
            } else {
                next.accounts.append(account)
                next.accounts.sort { $0.cap < $1.cap }
            }
        }
        return charge
    }
}

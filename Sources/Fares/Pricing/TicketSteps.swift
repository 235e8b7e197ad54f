internal import TransitModel

/// Tickets that a tap buys, and that then cover further legs.
extension FareEngine {
    /// The leg on the ticket that is open; `nil` where that does not cover it.
    func coveredByTicket(
        _ context: LegContext, _ standing: FareState.Standing
    ) throws(FareRefusal) -> Step? {
        guard let run = standing.ticket else { return nil }
        let pass = context.rules.passes.passes[Int(run.pass)]
        let moment = context.moment(journeyStart: context.leg.departedAt)
        guard pass.holds(at: moment, since: run.start, context.rules.calendar),
            pass.rideLimit.map({ run.rides < $0 }) ?? true, covers(pass, context),
            let fare = tariff.products.cheapestPrice(of: pass.product, for: context.rider)
        else { return nil }
        return ticketStep(run.pass, .covered, fare.priced(at: 0), context)
    }

    /// Whether a ticket is good for the leg, by the set of legs that it names.
    private func covers(_ pass: PassIndex.Pass, _ context: LegContext) -> Bool {
        pass.legSet != ProductIndex.any
            && context.isIn(pass.legSet, product: pass.product)
    }

    /// Tickets for the leg, and those that an earlier one can be exchanged for.
    func appendTickets(
        _ context: LegContext, after standing: FareState.Standing, to steps: inout [Step]
    ) {
        for number in context.rules.passes.atTap {
            let pass = context.rules.passes.passes[Int(number)]
            guard covers(pass, context),
                let fare = tariff.products.cheapestPrice(of: pass.product, for: context.rider)
            else { continue }
            if let run = standing.ticket, pass.isUpgrade, run.eligible.contains(number),
                holdsSinceOpening(pass, run, context)
            {
                let difference = max(0, fare.amount.minorUnits - run.paid)
                steps.append(
                    ticketStep(
                        number, .upgraded(paid: run.paid), fare.priced(at: difference), context))
            }
            steps.append(ticketStep(number, .bought, fare, context))
        }
    }

    private func holdsSinceOpening(
        _ pass: PassIndex.Pass, _ run: TicketRun, _ context: LegContext
    ) -> Bool {
        let calendar = context.rules.calendar
        let opening = LegMoment(
            instant: run.openedAt, day: calendar.day(at: run.openedAt), journeyStart: run.openedAt)
        return pass.rideLimit.map { run.rides < $0 } ?? true
            && pass.holds(
                at: context.moment(journeyStart: run.openedAt),
                since: pass.start(at: opening, validFrom: nil, calendar), calendar)
    }

    private func ticketStep(
        _ number: Int32, _ use: Step.TicketUse, _ fare: ProductIndex.Price, _ context: LegContext
    ) -> Step {
        plainStep(
            Arrival(
                times: LegTimes(context.leg), basis: .ticket(number, use),
                product: context.rules.passes.passes[Int(number)].product,
                group: ProductIndex.any, fare: fare))
    }

    /// Whether a ticket, or one that it can be exchanged for, may still cover a leg.
    private func isAlive(_ run: TicketRun, _ context: LegContext) -> Bool {
        let passes = context.rules.passes.passes
        return passes[Int(run.pass)].holds(
            at: context.moment(journeyStart: run.openedAt), since: run.start,
            context.rules.calendar)
            || run.eligible.contains {
                passes[Int($0)].isUpgrade && holdsSinceOpening(passes[Int($0)], run, context)
            }
    }

    /// The ticket that is open after a leg.
    func ticket(
        after step: Step, _ context: LegContext, _ standing: FareState.Standing, isSold: Bool
    ) -> TicketRun? {
        let kept = standing.ticket.flatMap { isAlive($0, context) ? $0 : nil }
        let passes = context.rules.passes
        let number: Int32
        var opened: TicketRun?
        switch step.basis {
        case .incomplete: return kept
        case .legRule, .heldProduct:
            guard let sold = passes.number(of: step.product), isSold,
                passes.passes[Int(sold)].sale == .atTap
            else { return kept }
            number = sold
        case .ticket(let ticket, .bought):
            guard isSold else { return kept }
            number = ticket
        case .ticket(let ticket, .upgraded), .ticket(let ticket, .covered):
            number = ticket
            opened = standing.ticket
        }
        let pass = passes.passes[Int(number)]
        let instant = opened?.openedAt ?? context.leg.departedAt
        let moment = LegMoment(
            instant: instant, day: context.rules.calendar.day(at: instant), journeyStart: instant)
        let known = opened?.eligible ?? passes.atTap
        return TicketRun(
            pass: number, start: pass.start(at: moment, validFrom: nil, context.rules.calendar),
            rides: (opened?.rides ?? 0) + 1,
            paid: (opened?.paid ?? 0) + step.fare.amount.minorUnits,
            eligible: known.filter { covers(passes.passes[Int($0)], context) },
            openedAt: instant)
    }
}

internal import Timetable
internal import TransitModel

/// Putting the extension's rules into reasons.
extension FareEngine {
    func reason(for adjustment: Adjustment) -> FareRule {
        guard let rules = tariff.rules else {
            preconditionFailure("Only a tariff with an extension adjusts prices")
        }
        switch adjustment {
        case .terms(let index, let amount, let count, let elapsed):
            let term = rules.terms.terms[Int(index)]
            return FareRule(
                kind: .transferTerms, code: term.record.terms.code, amount: money(amount),
                details: details(of: term.record, count: count, elapsed: elapsed))
        case .missedTerms(let index, let count, let elapsed):
            return FareRule(
                kind: .transferTerms,
                code: elapsed == nil ? .transferCountReached : .transferExpired,
                amount: money(0),
                details: details(
                    of: rules.terms.terms[Int(index)].record, count: count, elapsed: elapsed))
        case .limit(let index, let amount):
            return reason(for: rules.limits.limits[Int(index)], amount, rules)
        case .group(let index, let amount):
            let rule = rules.groups.rules[Int(index)]
            return FareRule(
                kind: .groupFare, code: .groupReduction, amount: money(amount),
                details: [
                    .init(name: "reduction_percent", value: .text(percent(rule.reduction))),
                    .init(name: "free_riders", value: .number(Int64(rule.freeRiders))),
                ])
        case .companions(let count, let amount):
            return FareRule(
                kind: .groupFare, code: .companions, amount: money(amount),
                details: [.init(name: "companions", value: .number(Int64(count)))])
        case .rideDiscount(let index, let amount, let ride):
            return reason(for: rules.rideDiscounts.discounts[Int(index)], amount, ride: ride)
        case .rounding(let amount):
            return FareRule(
                kind: .rounding, code: .rounded, amount: money(amount),
                details: [
                    .init(name: "rounding", value: .text(rules.record.rounding.rawValue)),
                    .init(
                        name: "rounding_unit",
                        value: .text(money(rules.record.roundingUnit).decimal)),
                ])
        case .pass(let product, let amount, let ride):
            return reason(forPass: product, amount, ride: ride, rules)
        case .cap(let index, let amount, let limit, let before, let after):
            return reason(
                for: rules.caps.caps[Int(index)], amount, limit: limit, before: before,
                after: after)
        }
    }

    private func reason(
        for cap: CapIndex.Cap, _ amount: Int64, limit: Int64, before: Int64, after: Int64
    ) -> FareRule {
        FareRule(
            kind: .fareCap, code: amount == 0 ? .capCounted : .capped, amount: money(amount),
            details: [
                .init(name: "cap_id", value: .text(cap.id.rawValue)),
                .init(name: "window", value: .text(cap.window.kind.rawValue)),
                .init(name: "cap_minor", value: .number(limit)),
                .init(name: "paid_before_minor", value: .number(before)),
                .init(name: "paid_after_minor", value: .number(after)),
            ])
    }

    private func reason(
        for discount: RideDiscountIndex.Discount, _ amount: Int64, ride: Int
    ) -> FareRule {
        FareRule(
            kind: .rideDiscount, code: .rideReduced, amount: money(amount),
            details: [
                .init(name: "ride_discount_id", value: .text(discount.id.rawValue)),
                .init(name: "window", value: .text(discount.window.kind.rawValue)),
                .init(name: "after_rides", value: .number(Int64(discount.afterRides))),
                .init(name: "ride", value: .number(Int64(ride))),
                .init(name: "reduction_percent", value: .text(percent(discount.reduction))),
            ])
    }

    private func reason(
        forPass product: Int32, _ amount: Int64, ride: Int, _ rules: ExtensionRules
    ) -> FareRule {
        var details = [
            FareRule.Detail(
                name: "fare_product_id",
                value: .text(tariff.products.products[Int(product)].id.rawValue)),
            .init(name: "ride", value: .number(Int64(ride))),
        ]
        if let limit = rules.passes.pass(of: product)?.rideLimit {
            details.append(.init(name: "ride_limit", value: .number(Int64(limit))))
        }
        return FareRule(
            kind: .farePass, code: .coveredByPass, amount: money(amount), details: details)
    }

    private func reason(
        for limit: LimitRules.Limit, _ amount: Int64, _ rules: ExtensionRules
    ) -> FareRule {
        var details = [
            FareRule.Detail(name: "scope", value: .text(limit.scope.rawValue))
        ]
        if limit.legSet != ProductIndex.any {
            details.append(
                .init(
                    name: "leg_set_id",
                    value: .text(rules.legSets.ids[Int(limit.legSet)].rawValue)))
        }
        if let minimum = limit.minimum {
            details.append(.init(name: "min_amount", value: .text(money(minimum).decimal)))
        }
        if let maximum = limit.maximum {
            details.append(.init(name: "max_amount", value: .text(money(maximum).decimal)))
        }
        return FareRule(
            kind: .fareLimit, code: amount > 0 ? .raisedToMinimum : .loweredToMaximum,
            amount: money(amount), details: details)
    }

    private func details(
        of record: TransferTermsRecord, count: Int, elapsed: Duration?
    ) -> [FareRule.Detail] {
        var details: [FareRule.Detail] = []
        details.reserveCapacity(8)
        func add(_ name: String, _ value: FareRule.Value?) {
            if let value { details.append(FareRule.Detail(name: name, value: value)) }
        }
        add("from_leg_set_id", record.from.map { .text($0.rawValue) })
        add("to_leg_set_id", record.to.map { .text($0.rawValue) })
        add("terms", .text(record.terms.rawValue))
        add("fare_product_id", record.product.map { .text($0.rawValue) })
        add("reduction_percent", record.reduction.map { .text(percent($0)) })
        if record.terms == .difference {
            add("difference_to", .text(record.difference.rawValue))
        }
        add("transfer", .number(Int64(count)))
        add("transfer_count", record.transferCount.map { .number(Int64($0)) })
        add("duration_limit", record.durationLimit.map { .number($0.components.seconds) })
        add("elapsed_seconds", elapsed.map { .number($0.components.seconds) })
        return details
    }

    func ticketReason(for step: Step, _ use: Step.TicketUse, _ amount: Money) -> FareRule {
        var details = priceDetails(step.product, step.fare)
        let code: FareRuleCode
        switch use {
        case .bought: code = .ticketBought
        case .covered: code = .coveredByTicket
        case .upgraded(let paid):
            code = .ticketUpgraded
            details.append(.init(name: "paid_minor", value: .number(paid)))
        }
        return FareRule(kind: .farePass, code: code, amount: amount, details: details)
    }

    private func percent(_ hundredths: Int) -> String { Percent.text(hundredths) }
}

extension TransferTerms {
    fileprivate var code: FareRuleCode {
        switch self {
        case .free: .transferFree
        case .difference: .transferDifference
        case .surcharge: .transferSurcharge
        case .discount: .transferDiscount
        case .end: .transferEnd
        }
    }
}

/// Shares for people and files.
enum Percent {
    /// `12.5` for 1 250 hundredths of a per cent.
    static func text(_ hundredths: Int) -> String {
        let fraction = hundredths % 100
        guard fraction != 0 else { return "\(hundredths / 100)" }
        let digits =
            fraction % 10 == 0 ? "\(fraction / 10)" : fraction < 10 ? "0\(fraction)" : "\(fraction)"
        return "\(hundredths / 100).\(digits)"
    }
}

internal import Timetable
internal import TransitModel

/// Putting a step into reasons that a person and a program can follow.
extension FareEngine {
    func explain(_ step: Step, _ leg: FareLeg) -> PricedLeg {
        var rules: [FareRule] = []
        rules.reserveCapacity(2 + step.adjustments.count)
        if let missed = step.missedTransfer { rules.append(reason(for: missed)) }
        let paysOwnFare = step.transfer.map { $0.rule.source.type == .bothLegsPlusTransfer } ?? true
        rules.append(
            reason(for: step, own: paysOwnFare ? step.fare.amount : nil))
        if let transfer = step.transfer {
            append(transfer, to: &rules)
        }
        for adjustment in step.adjustments { rules.append(reason(for: adjustment)) }
        if let join = step.join { rules.append(reason(for: join.rule, charged: join.charged)) }
        return PricedLeg(
            leg: leg, charge: money(step.charge),
            fareProduct: tariff.products.products[Int(step.product)].id,
            fareProductName: step.fare.name, rules: rules)
    }

    /// Where the leg's own fare comes from.
    ///
    /// - Parameter own: `nil` where a transfer pays for it.
    private func reason(for step: Step, own: Money?) -> FareRule {
        let amount = own ?? .zero(tariff.currency)
        switch step.basis {
        case .legRule(let rule):
            return FareRule(
                kind: .fareLegRule,
                code: own == nil ? .coveredByTransfer : amount.isZero ? .legFree : .legFare,
                amount: amount, details: details(of: tariff.legRules.rules[Int(rule)], step.fare))
        case .heldProduct(let rule):
            return FareRule(
                kind: .fareLegRule, code: .coveredByPass, amount: amount,
                details: details(of: tariff.legRules.rules[Int(rule)], step.fare))
        case .ticket(_, let use):
            return ticketReason(for: step, use, amount)
        case .incomplete:
            return FareRule(
                kind: .incompleteLeg, code: .incompleteCharge, amount: amount,
                details: priceDetails(step.product, step.fare))
        }
    }

    func priceDetails(_ product: Int32, _ fare: ProductIndex.Price) -> [FareRule.Detail] {
        var details = [
            FareRule.Detail(
                name: "fare_product_id",
                value: .text(tariff.products.products[Int(product)].id.rawValue))
        ]
        appendEligibility(fare, to: &details)
        return details
    }

    private func appendEligibility(
        _ fare: ProductIndex.Price, to details: inout [FareRule.Detail]
    ) {
        if fare.category != ProductIndex.any {
            details.append(
                .init(
                    name: "rider_category_id",
                    value: .text(tariff.products.categoryIDs[Int(fare.category)].rawValue)))
        }
        if fare.medium != ProductIndex.any {
            details.append(
                .init(
                    name: "fare_media_id",
                    value: .text(tariff.products.mediaIDs[Int(fare.medium)].rawValue)))
        }
    }

    /// A leg that costs nothing by itself: it is part of the one before it.
    func explain(_ rule: FareLegJoinRule, _ leg: FareLeg, in whole: PricedLeg) -> PricedLeg {
        PricedLeg(
            leg: leg, charge: .zero(tariff.currency), fareProduct: whole.fareProduct,
            fareProductName: whole.fareProductName, rules: [reason(for: rule, charged: 0)])
    }

    private func reason(for rule: FareLegJoinRule, charged: Int64) -> FareRule {
        var details: [FareRule.Detail] = []
        func add(_ name: String, _ value: String?) {
            if let value { details.append(FareRule.Detail(name: name, value: .text(value))) }
        }
        add("from_network_id", rule.fromNetwork?.rawValue)
        add("to_network_id", rule.toNetwork?.rawValue)
        add("from_stop_id", rule.fromStop?.rawValue)
        add("to_stop_id", rule.toStop?.rawValue)
        return FareRule(
            kind: .fareLegJoinRule, code: .legJoined, amount: money(-charged), details: details)
    }

    private func append(_ transfer: Transfer, to rules: inout [FareRule]) {
        let details = details(of: transfer.rule, count: transfer.count, elapsed: transfer.elapsed)
        if transfer.givenBack != 0 {
            rules.append(
                FareRule(
                    kind: .fareTransferRule, code: .fareReplaced,
                    amount: money(-transfer.givenBack),
                    details: details))
        }
        let code: FareRuleCode =
            if transfer.amount == 0 {
                .transferFree
            } else if transfer.amount > 0 { .transferCharge } else { .transferDiscount }
        rules.append(
            FareRule(
                kind: .fareTransferRule, code: code, amount: money(transfer.amount),
                details: details))
    }

    private func reason(for missed: MissedTransfer) -> FareRule {
        FareRule(
            kind: .fareTransferRule,
            code: missed.elapsed == nil ? .transferCountReached : .transferExpired,
            amount: .zero(tariff.currency),
            details: details(of: missed.rule, count: missed.count, elapsed: missed.elapsed))
    }

    private func details(
        of rule: CompiledLegRule, _ fare: ProductIndex.Price
    ) -> [FareRule.Detail] {
        var details: [FareRule.Detail] = []
        details.reserveCapacity(6)
        func add(_ name: String, _ value: String?) {
            if let value { details.append(FareRule.Detail(name: name, value: .text(value))) }
        }
        let source = rule.source
        add("fare_product_id", source.fareProduct.rawValue)
        add("leg_group_id", source.legGroup?.rawValue)
        add("network_id", source.network?.rawValue)
        add("from_area_id", source.fromArea?.rawValue)
        add("to_area_id", source.toArea?.rawValue)
        add("from_timeframe_group_id", source.fromTimeframeGroup?.rawValue)
        add("to_timeframe_group_id", source.toTimeframeGroup?.rawValue)
        appendEligibility(fare, to: &details)
        return details
    }

    private func details(
        of rule: CompiledTransferRule, count: Int, elapsed: Duration?
    ) -> [FareRule.Detail] {
        var details: [FareRule.Detail] = []
        details.reserveCapacity(8)
        func add(_ name: String, _ value: FareRule.Value?) {
            if let value { details.append(FareRule.Detail(name: name, value: value)) }
        }
        let source = rule.source
        add("from_leg_group_id", source.fromLegGroup.map { .text($0.rawValue) })
        add("to_leg_group_id", source.toLegGroup.map { .text($0.rawValue) })
        add("fare_product_id", source.fareProduct.map { .text($0.rawValue) })
        add("fare_transfer_type", .number(Int64(source.type.rawValue)))
        add("transfer", .number(Int64(count)))
        add("transfer_count", source.transferCount.map { .number(Int64($0)) })
        add("duration_limit", source.durationLimit.map { .number($0.components.seconds) })
        add("elapsed_seconds", elapsed.map { .number($0.components.seconds) })
        return details
    }

    func money(_ minorUnits: Int64) -> Money {
        Money(minorUnits: minorUnits, currency: tariff.currency)
    }
}

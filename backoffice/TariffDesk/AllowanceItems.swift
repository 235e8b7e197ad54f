internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// What depends on how much or how many: caps, discounts, limits, groups.
extension TariffVoice {
    func caps() -> [TariffItem] {
        rules.caps.map { record in
            let amount = PhraseValue.text(price(record.amount))
            let cap = say(
                phrase(ofCap: record.window.kind),
                ["amount": amount, "duration": duration(record.window)])
            let name = name(.capName, record.cap.rawValue, record.name)
            let sentence = sentence(
                cap, on: record.legSet,
                and: [record.riderCategory.map(self.name), record.fareMedia.map(self.name)])
            return TariffItem(
                kind: .cap,
                identity: identity(
                    record.cap.rawValue, record.riderCategory?.rawValue,
                    record.fareMedia?.rawValue),
                name: ([name.map(quoted) ?? sentence]
                    + [record.riderCategory.map(self.name), record.fareMedia.map(self.name)]
                    .compactMap { $0 }).joined(separator: ", "),
                sentence: name.map { "\(quoted($0)): \(sentence.uncapitalised)" } ?? sentence,
                facts: [
                    .init(.fieldAmount, price(record.amount)), place(record.legSet),
                    .init(.fieldWindow, window(record.window)),
                ])
        }
    }

    func rideDiscounts() -> [TariffItem] {
        rules.rideDiscounts.map { record in
            let window = PhraseValue.text(window(record.window))
            let start =
                record.afterRides == 0
                ? say(.discountStart, ["window": window])
                : say(
                    record.unit == .journey ? .discountAfterJourneys : .discountAfter,
                    count: record.afterRides, ["window": window])
            let benefit = benefit(of: record)
            let name = name(.rideDiscountName, record.discount.rawValue, record.name)
            let sentence = sentence(
                "\(start) \(benefit)", about: record.legSet,
                and: [record.riderCategory.map(self.name)])
            return TariffItem(
                kind: .discount,
                identity: identity(record.discount.rawValue, record.riderCategory?.rawValue),
                name: name.map(quoted) ?? sentence,
                sentence: name.map { "\(quoted($0)): \(sentence.uncapitalised)" } ?? sentence,
                facts: [
                    .init(.fieldAfter, start.uncapitalised), .init(.fieldBenefit, benefit),
                    place(record.legSet),
                ])
        }
    }

    private func benefit(of record: RideDiscountRecord) -> String {
        let isFree = record.reduction == 10_000
        let percent = PhraseValue.text(percent(record.reduction))
        guard let count = record.reducedRides else {
            return isFree
                ? say(.discountEachFree) : say(.discountEachLess, ["percent": percent])
        }
        return isFree
            ? say(.discountNextFree, count: count)
            : say(.discountNextLess, count: count, ["percent": percent])
    }

    func limits() -> [TariffItem] {
        rules.limits.map { record in
            let minimum = record.minimum.map {
                say(.atLeast, ["amount": .text(language.money($0))])
            }
            let maximum = record.maximum.map { say(.atMost, ["amount": .text(language.money($0))]) }
            let scope = say(record.scope == .leg ? .limitLeg : .limitJourney)
            let amounts = [minimum, maximum].compactMap { $0 }.joined(separator: ", ")
            let who = record.riderCategory.map(name)
            return TariffItem(
                kind: .limit,
                identity: identity(
                    record.legSet?.rawValue, record.riderCategory?.rawValue,
                    record.scope.rawValue),
                name: sentence(scope, on: record.legSet, and: [who]),
                sentence: sentence("\(scope): \(amounts)", on: record.legSet, and: [who]),
                facts: [
                    .init(.fieldMinimum, record.minimum.map { language.money($0) }),
                    .init(.fieldMaximum, record.maximum.map { language.money($0) }),
                ])
        }
    }

    func groupFares() -> [TariffItem] {
        rules.groupFares.map { record in
            let size =
                record.riders.upperBound == 1_000
                ? say(.orMore, ["number": .number(Int64(record.riders.lowerBound))])
                : "\(record.riders.lowerBound)–\(record.riders.upperBound)"
            let riders = say(.groupSize, ["size": .text(size)])
            var benefits: [String] = []
            if record.freeRiders > 0 { benefits.append(say(.groupFree, count: record.freeRiders)) }
            if record.reduction > 0 {
                benefits.append(say(.groupLess, ["percent": .text(percent(record.reduction))]))
            }
            let text = "\(riders): \(benefits.joined(separator: ", "))"
            return TariffItem(
                kind: .group,
                identity: identity(record.legSet?.rawValue, "\(record.riders.lowerBound)"),
                name: sentence(riders, on: record.legSet),
                sentence: sentence(text, on: record.legSet),
                facts: [
                    .init(.fieldSize, size), .init(.fieldBenefit, percent(record.reduction)),
                    .init(.fieldFreeRiders, "\(record.freeRiders)"),
                ])
        }
    }

    /// What a record is about, as a fact of its own.
    func place(_ set: LegSetID?) -> TariffItem.Fact {
        .init(.fieldWhere, rides(set) ?? say(.anyRide), identity: set?.rawValue ?? "")
    }

    func identity(_ parts: String?...) -> String {
        parts.map { $0 ?? "" }.joined(separator: "\u{1F}")
    }

    private func duration(_ window: FareWindow) -> PhraseValue {
        .text(window.duration.map { duration($0) } ?? "")
    }

    private func phrase(ofCap kind: FareWindowKind) -> TariffPhrase {
        switch kind {
        case .journey: .capJourney
        case .rolling: .capRolling
        case .firstUse: .capFirstUse
        case .day: .capDay
        case .week: .capWeek
        case .month: .capMonth
        case .ever: .capEver
        }
    }

    private func window(_ window: FareWindow) -> String {
        let phrase: TariffPhrase =
            switch window.kind {
            case .journey: .windowJourney
            case .rolling: .windowRolling
            case .firstUse: .windowFirstUse
            case .day: .windowDay
            case .week: .windowWeek
            case .month: .windowMonth
            case .ever: .windowEver
            }
        return say(phrase, ["duration": duration(window)])
    }
}

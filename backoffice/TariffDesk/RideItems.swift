internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// What depends on the ride itself: passes, distances, journeys and rides without an end.
extension TariffVoice {
    func passes() -> [TariffItem] {
        rules.passes.map { record in
            let clauses = clauses(of: record)
            let name = quoted(name(record.product))
            return TariffItem(
                kind: .pass, identity: record.product.rawValue, name: name,
                sentence: sentence(
                    "\(name): \(clauses.joined(separator: ", "))", about: record.legSet),
                facts: [
                    .init(.fieldSale, clauses[0]), .init(.fieldValidity, clauses[1]),
                    .init(.fieldRides, clauses[2]), place(record.legSet),
                    .init(.fieldCovers, record.coversUpTo.map { language.money($0) }),
                    .init(.fieldUpgrade, yesOrNo(record.isUpgrade)),
                ])
        }
    }

    /// Sale, validity and rides, and then what only some passes have.
    func clauses(of record: FarePassRecord) -> [String] {
        let validity: String =
            switch record.validity {
            case .unlimited: say(.validUnlimited)
            case .calendar(.week, let count): say(.validWeeks, count: count)
            case .calendar(.month, let count): say(.validMonths, count: count)
            case .calendar(_, let count): say(.validDays, count: count)
            case .rolling(let span): say(.validRolling, ["duration": .text(duration(span))])
            case .firstUse(let span): say(.validFirstUse, ["duration": .text(duration(span))])
            }
        var clauses = [
            say(record.sale == .advance ? .soldInAdvance : .soldAtTap), validity,
            record.rideLimit.map { say(.rideLimit, count: $0) } ?? say(.ridesUnlimited),
        ]
        if let amount = record.coversUpTo {
            clauses.append(say(.coversUpTo, ["amount": .text(language.money(amount))]))
        }
        if record.isUpgrade { clauses.append(say(.canUpgrade)) }
        return clauses
    }

    func distances() -> [TariffItem] {
        rules.distances.flatMap { record in
            let measure = say(record.type == .travelled ? .distanceTravelled : .distanceStraight)
            let sum = say(record.sum == .leg ? .distanceLeg : .distanceJourney)
            let own = rules.distanceBands.filter { $0.product == record.product }
            let byCategory = Dictionary(grouping: own, by: \.riderCategory)
            return byCategory.map { category, bands in
                let bands = words(for: bands)
                let who = [quoted(name(record.product)), category.map { name($0) }]
                    .compactMap { $0 }.joined(separator: ", ")
                return TariffItem(
                    kind: .distance,
                    identity: identity(record.product.rawValue, category?.rawValue), name: who,
                    sentence: "\(who), \(measure), \(sum): \(bands)",
                    facts: [
                        .init(.fieldBands, bands), .init(.fieldMeasure, "\(measure), \(sum)"),
                    ])
            }
        }
    }

    private func words(for bands: [FareDistanceBandRecord]) -> String {
        var start = 0
        var texts: [String] = []
        for band in bands.sorted(by: { ($0.upTo ?? .max) < ($1.upTo ?? .max) }) {
            var price = [price(band.amount)]
            if let step = band.step, let amount = band.stepAmount {
                price.append(
                    say(
                        .bandStep,
                        [
                            "amount": .text(language.money(amount)),
                            "step": .text(distance(step)),
                        ]))
            }
            if let fine = band.perKilometre {
                let amount = PhraseValue.text(self.fine(fine, band.amount.currency))
                price.append(say(.bandPerKm, ["amount": amount]))
            }
            texts.append("\(reach(from: start, to: band.upTo)) \(price.joined(separator: ", "))")
            start = band.upTo ?? start
        }
        return texts.joined(separator: "; ")
    }

    private func reach(from start: Int, to end: Int?) -> String {
        let from = PhraseValue.text(distance(start))
        guard let end else {
            return start == 0 ? say(.bandAny) : say(.bandOver, ["from": from])
        }
        let to = PhraseValue.text(distance(end))
        return start == 0
            ? say(.bandUpTo, ["to": to]) : say(.bandBetween, ["from": from, "to": to])
    }

    private func distance(_ metres: Int) -> String {
        guard metres >= 1_000, metres.isMultiple(of: 100) else {
            return say(.metres, ["number": .number(Int64(metres))])
        }
        // Two digits behind the separator are written as those of a per cent are.
        let figure = language.percent(hundredths: Int64(metres / 10))
            .filter { $0 != "%" && $0 != "\u{A0}" }
        return say(.kilometres, ["number": .text(figure)])
    }

    /// An amount finer than a minor unit, in ten-thousandths of one.
    private func fine(_ amount: Int64, _ currency: Currency) -> String {
        let (whole, rest) = amount.quotientAndRemainder(dividingBy: 10_000)
        guard rest != 0 else {
            return language.money(Money(minorUnits: whole, currency: currency))
        }
        guard currency.minorUnitDigits > 0 else {
            // Without small change the four digits are the only ones behind the separator.
            let finer = Currency(code: currency.code, minorUnitDigits: 4) ?? currency
            return language.money(Money(minorUnits: amount, currency: finer))
        }
        var digits = String(10_000 + rest.magnitude).dropFirst()
        while digits.hasSuffix("0") { digits.removeLast() }
        let text = language.money(Money(minorUnits: whole, currency: currency))
        guard let last = text.lastIndex(where: NaturalOrder.isDigit) else { return text }
        return String(text[...last]) + String(digits) + String(text[text.index(after: last)...])
    }

    func journeys() -> [TariffItem] {
        rules.journeys.map { record in
            let gap = record.gapLimit.map { say(.journeyGap, ["duration": .text(duration($0))]) }
            let span = record.durationLimit.map {
                say(.journeyDuration, ["duration": .text(duration($0))])
            }
            let count = record.legLimit.map { say(.journeyLegs, count: $0) }
            var clauses = [gap, span, count].compactMap { $0 }
            if record.endsOnSameRoute { clauses.append(say(.journeySameRoute)) }
            if record.timeframes == .firstLeg { clauses.append(say(.journeyFirstTime)) }
            if clauses.isEmpty { clauses.append(say(.journeyAlways)) }
            let text = say(.journey, ["clauses": .text(clauses.joined(separator: ", "))])
            return TariffItem(
                kind: .journey, identity: record.legSet?.rawValue ?? "",
                name: rides(record.legSet) ?? say(.anyRide),
                sentence: sentence(text, about: record.legSet),
                facts: [
                    .init(.fieldGap, gap), .init(.fieldTime, span), .init(.fieldRides, count),
                    .init(.fieldSameRoute, yesOrNo(record.endsOnSameRoute)),
                    .init(
                        .fieldHours,
                        record.timeframes == .firstLeg ? say(.journeyFirstTime) : nil),
                ])
        }
    }

    func incompleteLegs() -> [TariffItem] {
        rules.incompleteLegs.map { record in
            let place = rides(record.legSet) ?? say(.anyRide)
            let price = price(of: record.product)
            var sentence = say(
                .incompletePrice, ["where": .text(place), "price": .text(price)]
            ).capitalised
            if !record.countsTowardsCaps { sentence += ", " + say(.notTowardsCaps) }
            return TariffItem(
                kind: .incomplete, identity: record.legSet?.rawValue ?? "", name: place,
                sentence: sentence,
                facts: [
                    .init(.fieldPrice, price, identity: record.product.rawValue),
                    .init(.fieldCaps, yesOrNo(record.countsTowardsCaps)),
                ])
        }
    }
}

internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// What a change from one ride to the next costs.
extension TariffVoice {
    private struct Terms: Hashable {
        let words: String
        let time: String
        let count: String
        let others: [String]
        let priority: Int

        var clauses: [String] { [words, time, count].filter { !$0.isEmpty } + others }
    }

    /// A change between two of many kinds of rides.
    private struct Change {
        let from: String
        let to: String
        let identity: String
        let terms: Terms
    }

    /// Both the standard's rules and the extension's terms.
    func transfers() -> [TariffItem] {
        changes().map { change in
            TariffItem(
                kind: .transfer, identity: change.identity,
                name: change.from == change.to ? change.from : "\(change.from) → \(change.to)",
                sentence: sentence([change.from], [change.to], change.terms, isOnly: false),
                facts: [
                    .init(.fieldTerms, change.terms.words),
                    .init(.fieldTime, change.terms.time),
                    .init(.fieldCount, change.terms.count),
                    .init(.fieldLast, change.terms.others.joined(separator: ", ")),
                    .init(.fieldPrecedence, "\(change.terms.priority)"),
                ])
        }
    }

    /// Changes on the same terms as one line, from the highest precedence.
    func transferSentences() -> [String] {
        var lines: [(priority: Int, text: String)] = []
        let byTerms = Dictionary(grouping: changes(), by: \.terms)
        for (terms, changes) in byTerms {
            let reached = Dictionary(grouping: changes, by: \.from).mapValues {
                Set($0.map(\.to))
            }
            for (to, from) in Dictionary(grouping: reached, by: \.value) {
                lines.append(
                    (
                        terms.priority,
                        sentence(
                            from.map(\.key), Array(to), terms, isOnly: byTerms.count == 1)
                    ))
            }
        }
        return lines.sorted {
            $0.priority != $1.priority
                ? $0.priority > $1.priority : NaturalOrder.precedes($0.text, $1.text)
        }.map(\.text)
    }

    private func sentence(
        _ from: [String], _ to: [String], _ terms: Terms, isOnly: Bool
    ) -> String {
        var clauses = terms.clauses
        if terms.priority != 0 {
            clauses.append(say(.precedence, ["number": .number(Int64(terms.priority))]))
        }
        let what = clauses.joined(separator: ", ")
        let anyRide = say(.anyRide)
        if isOnly, from == [anyRide], to == [anyRide] { return what.capitalised }
        let (start, end) = (names(from), names(to))
        if from.count == 1, start == end { return "\(start): \(what)".capitalised }
        return "\(start) → \(end): \(what)".capitalised
    }

    private func changes() -> [Change] {
        let groups = Dictionary(
            uniqueKeysWithValues: Set(
                tables.fareTransferRules.flatMap { [$0.fromLegGroup, $0.toLegGroup] }
                    .compactMap { $0 }
            ).map { ($0, rides(of: $0)) })
        let standard = tables.fareTransferRules.map { rule in
            Change(
                from: rule.fromLegGroup.flatMap { groups[$0] } ?? say(.anyRide),
                to: rule.toLegGroup.flatMap { groups[$0] } ?? say(.anyRide),
                identity: [rule.fromLegGroup?.rawValue, rule.toLegGroup?.rawValue]
                    .map { $0 ?? "" }.joined(separator: "\u{1F}"),
                terms: terms(of: rule))
        }
        let sets = Dictionary(
            uniqueKeysWithValues: Set(
                rules.transferTerms.flatMap { [$0.from, $0.to] }.compactMap { $0 }
            ).map { ($0, rides($0) ?? say(.anyRide)) })
        let extended = rules.transferTerms.map { record in
            Change(
                from: record.from.flatMap { sets[$0] } ?? say(.anyRide),
                to: record.to.flatMap { sets[$0] } ?? say(.anyRide),
                identity: ["terms", record.from?.rawValue, record.to?.rawValue]
                    .map { $0 ?? "" }.joined(separator: "\u{1F}"),
                terms: terms(of: record))
        }
        return standard + extended
    }

    private func terms(of rule: FareTransferRule) -> Terms {
        let count: String =
            if let limit = rule.transferCount {
                say(.transfersMost, count: limit)
            } else {
                rule.fromLegGroup != nil && rule.fromLegGroup == rule.toLegGroup
                    ? say(.transfersAny) : ""
            }
        return Terms(
            words: words(of: rule), time: time(rule.durationLimit, rule.durationLimitType),
            count: count, others: [rule.fareProduct.flatMap(restriction)].compactMap { $0 },
            priority: 0)
    }

    /// Who alone may have a product; `nil` where everybody may.
    private func restriction(of product: FareProductID) -> String? {
        let rows = rows(of: product)
        let media = rows.compactMap(\.fareMedia)
        let categories = rows.compactMap(\.riderCategory)
        var who: [String] = []
        if media.count == rows.count { who += Set(media.map { name($0) }) }
        if categories.count == rows.count { who += Set(categories.map { name($0) }) }
        guard !who.isEmpty else { return nil }
        return say(
            .onlyFor, ["who": .text(who.sorted(by: NaturalOrder.precedes).joined(separator: ", "))])
    }

    private func words(of rule: FareTransferRule) -> String {
        let amounts = rule.fareProduct.map { Set(rows(of: $0).map(\.amount)) } ?? []
        let isFree = amounts.allSatisfy(\.isZero)
        let price = rule.fareProduct.map { PhraseValue.text(self.price(of: $0)) } ?? ""
        switch rule.type {
        case .fromLegPlusTransfer:
            return isFree ? say(.transferFree) : say(.transferPays, ["price": price])
        case .bothLegsPlusTransfer:
            if isFree { return say(.transferBoth) }
            guard let product = rule.fareProduct, let only = amounts.first, amounts.count == 1,
                only.minorUnits < 0
            else { return say(.transferPlus, ["price": price]) }
            let less = "\(language.money(-only)) (\(quoted(name(product))))"
            return say(.transferLess, ["price": .text(less)])
        case .transferOnly:
            return isFree ? say(.transferWholeFree) : say(.transferWhole, ["price": price])
        }
    }

    private func terms(of record: TransferTermsRecord) -> Terms {
        var others: [String] = []
        if let only = record.product.flatMap(restriction) { others.append(only) }
        if !rules.journeys.isEmpty { others.append(say(.transferInJourney)) }
        if record.isLast { others.append(say(.transferLast)) }
        if record.exceptSameRoute { others.append(say(.notSameRoute)) }
        let price = record.product.map { PhraseValue.text(self.price(of: $0)) } ?? ""
        let words: String =
            switch record.terms {
            case .free: say(.transferFree)
            case .difference:
                switch record.difference {
                case .dearestLeg: say(.transferDifferenceDearest)
                case .previousLeg: say(.transferDifferencePrevious)
                case .paid: say(.transferDifferencePaid)
                }
            case .surcharge: say(.transferPays, ["price": price])
            case .discount:
                say(
                    .transferCheaper,
                    ["price": record.reduction.map { .text(percent($0)) } ?? price])
            case .end: say(.transferEnd)
            }
        return Terms(
            words: words, time: time(record.durationLimit, record.durationLimitType),
            count: record.transferCount.map { say(.transfersMost, count: $0) } ?? "",
            others: others, priority: record.priority)
    }

    private func time(_ limit: Duration?, _ type: DurationLimitType) -> String {
        guard let limit else { return "" }
        let phrase: TariffPhrase =
            switch type {
            case .departureToArrival: .withinDepartureArrival
            case .departureToDeparture: .withinDepartureDeparture
            case .arrivalToDeparture: .withinArrivalDeparture
            case .arrivalToArrival: .withinArrivalArrival
            }
        return say(phrase, ["duration": .text(duration(limit))])
    }

    func joins() -> [TariffItem] {
        tables.fareLegJoinRules.map { rule in
            let from = rule.fromNetwork.map { networks([$0]) } ?? say(.anyRide)
            let to = rule.toNetwork.map { networks([$0]) } ?? say(.anyRide)
            var sentence = "\(from) → \(to): \(say(.joinOneRide))".capitalised
            if let start = rule.fromStop, let end = rule.toStop {
                sentence +=
                    ", "
                    + (name(start) == name(end)
                        ? say(.joinAt, ["stop": .text(quoted(name(start)))])
                        : say(
                            .joinBetween,
                            [
                                "from": .text(quoted(name(start))), "to": .text(quoted(name(end))),
                            ]))
            }
            let identity = [
                rule.fromNetwork?.rawValue, rule.toNetwork?.rawValue, rule.fromStop?.rawValue,
                rule.toStop?.rawValue,
            ].map { $0 ?? "" }.joined(separator: "\u{1F}")
            return TariffItem(
                kind: .join, identity: identity, name: sentence, sentence: sentence, facts: [])
        }
    }
}

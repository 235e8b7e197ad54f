internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// A whole tariff as a rider reads it: everything that changes a price, and nothing else.
///
/// It depends on what the tables say, not on the order of their records.
package struct PriceList: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let text: String
        /// 0 for a line of its own, 1 for one that belongs to the line before.
        package var depth = 0
    }

    package struct Section: Hashable, Sendable {
        package let heading: String
        package let lines: [Line]
    }

    package let title: String
    /// What stands below the title: version, dates, how prices are worked out.
    package let preface: [Line]
    /// Those that have something to say.
    package let sections: [Section]

    package init(_ voice: TariffVoice) {
        title = voice.title
        let hasPriorities =
            Set(voice.tables.fareLegRules.map(\.priority)).count > 1
            || Set(voice.rules.transferTerms.map(\.priority)).count > 1
        var preface = voice.preface()
        if voice.tables.fareProducts.isEmpty { preface.append(voice.say(.noFares)) }
        if hasPriorities { preface.append(voice.say(.precedenceNote)) }
        self.preface = preface.map { Line(text: $0) }
        func section(_ heading: TariffPhrase, _ items: [TariffItem]) -> Section {
            Section(
                heading: voice.say(heading),
                lines: voice.folded(TariffItem.sentences(items)).map { Line(text: $0) })
        }
        let products = voice.productLines()
        sections = [
            Section(heading: voice.say(.headPrices), lines: products.tickets),
            section(.headDistance, voice.distances()),
            Section(
                heading: voice.say(.headTransfers),
                lines: voice.folded(voice.transferSentences()).map { Line(text: $0) }),
            section(.headJoins, voice.joins()),
            section(.headJourneys, voice.journeys()),
            section(.headLimits, voice.limits()),
            section(.headCaps, voice.caps()),
            section(.headDiscounts, voice.rideDiscounts()),
            Section(heading: voice.say(.headPasses), lines: products.passes),
            section(.headGroups, voice.groupFares()),
            section(.headIncomplete, voice.incompleteLegs()),
            section(
                .headSets,
                voice.legSets().filter { voice.named(LegSetID($0.identity)) != nil }),
            section(.headNetworks, voice.networkItems()),
            section(.headAreas, voice.areaItems()),
            section(.headShares, voice.operatorShares()),
        ].filter { !$0.lines.isEmpty }
    }

    /// Plain text with Markdown's headings and lists, no wider than 100 columns.
    package var text: String {
        var page = TextPage()
        page.heading(title, level: 1)
        page.lines(preface)
        for section in sections {
            page.heading(section.heading, level: 2)
            page.lines(section.lines)
        }
        return page.text
    }
}

extension TariffVoice {
    /// What the tariff is called.
    var title: String {
        let name = name(.tariffName, rules.tariff.id?.rawValue ?? "", rules.tariff.name)
        let agencies = all(
            Set(tables.agencies.map(\.name)).sorted(by: NaturalOrder.precedes).map { agency in
                tables.agencies.first { $0.name == agency }?.id.map { self.name($0) } ?? agency
            })
        return say(.title, ["name": .text(name ?? rules.tariff.id?.rawValue ?? agencies)])
    }

    func preface() -> [String] {
        let record = rules.tariff
        var lines: [String] = []
        if let version = record.version ?? tables.feedInfo?.version {
            lines.append(say(.version, ["version": .text(version)]))
        }
        let from = record.effectiveFrom.map { PhraseValue.text(language.date($0)) }
        let until = record.effectiveUntil.map { PhraseValue.text(language.date($0)) }
        switch (from, until) {
        case (let from?, let until?):
            lines.append(say(.validBetween, ["from": from, "until": until]))
        case (let from?, nil): lines.append(say(.validFrom, ["from": from]))
        case (nil, let until?): lines.append(say(.validUntil, ["until": until]))
        case (nil, nil): break
        }
        lines.append(say(record.pricing == .lowest ? .pricingLowest : .pricingInOrder))
        if record.fareDayStart != 0 { lines.append(fareDay) }
        if record.weekStart != 1 { lines.append(week) }
        if record.rounding != .halfUp || record.roundingUnit != 1 { lines.append(rounding) }
        return lines
    }

    private var fareDay: String {
        say(.fareDay, ["time": .text(language.time(secondsOfDay: rules.tariff.fareDayStart))])
    }

    private var week: String {
        say(.weekStart, ["day": .text(language.weekday(rules.tariff.weekStart))])
    }

    private var rounding: String {
        let currency = tables.fareProducts.first?.amount.currency ?? .uah
        let unit = Money(minorUnits: rules.tariff.roundingUnit, currency: currency)
        let phrase: TariffPhrase =
            switch rules.tariff.rounding {
            case .down: .roundingDown
            case .up: .roundingUp
            case .halfUp: .roundingHalfUp
            case .halfEven: .roundingHalfEven
            }
        return say(phrase, ["unit": .text(language.money(unit))])
    }

    /// The tariff's own record, for changes.
    func tariffItem() -> TariffItem {
        let record = rules.tariff
        return TariffItem(
            kind: .tariff, identity: "", name: say(.kindTariff), sentence: title,
            facts: [
                .init(.fieldName, name(.tariffName, record.id?.rawValue ?? "", record.name)),
                .init(.fieldVersion, record.version ?? tables.feedInfo?.version),
                .init(.fieldFrom, record.effectiveFrom.map { language.date($0) }),
                .init(.fieldUntil, record.effectiveUntil.map { language.date($0) }),
                .init(
                    .fieldPricing, say(record.pricing == .lowest ? .pricingLowest : .pricingInOrder)
                ),
                .init(.fieldFareDay, fareDay), .init(.fieldWeek, week),
                .init(.fieldRounding, rounding),
            ])
    }

    /// The first thirty lines, and how many there are besides.
    func folded(_ lines: [String]) -> [String] {
        guard lines.count > Folding.limit else { return lines }
        return lines.prefix(Folding.limit) + [
            say(.lineCount, count: lines.count - Folding.limit)
        ]
    }

    /// Each product with its prices and where it is valid; passes apart.
    func productLines() -> (tickets: [PriceList.Line], passes: [PriceList.Line]) {
        let passes = Dictionary(
            rules.passes.map { ($0.product, $0) }, uniquingKeysWith: { first, _ in first })
        let places = placesOfProducts()
        var tickets: [PriceList.Line] = []
        var passLines: [PriceList.Line] = []
        let products = Set(tables.fareProducts.map(\.id)).sorted {
            let (left, right) = (name($0), name($1))
            return left == right ? $0 < $1 : NaturalOrder.precedes(left, right)
        }
        for product in products {
            let prices =
                isByDistance(product)
                ? [say(.byDistance)] : ProductPrices(rows(of: product), in: self).texts(in: self)
            var lines: [PriceList.Line] = []
            if let only = prices.first, prices.count == 1 {
                lines.append(PriceList.Line(text: "**\(name(product))** — \(only)"))
            } else {
                lines.append(PriceList.Line(text: "**\(name(product))**"))
                lines += prices.map { PriceList.Line(text: $0, depth: 1) }
            }
            if let pass = passes[product] {
                let clauses = clauses(of: pass).joined(separator: ", ")
                lines.append(PriceList.Line(text: clauses.capitalised, depth: 1))
            }
            let valid =
                passes[product]?.legSet.map { [rides($0) ?? say(.anyRide)] } ?? places[product]
                ?? []
            lines += folded(valid).map { place in
                PriceList.Line(text: say(.validWhere, ["where": .text(place)]), depth: 1)
            }
            if passes[product] == nil { tickets += lines } else { passLines += lines }
        }
        return (tickets, passLines)
    }
}

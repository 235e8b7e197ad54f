internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// Prices that go up or down, products that come or go.
struct PriceChanges {
    private struct Key: Hashable {
        let product: FareProductID
        let category: RiderCategoryID?
        let medium: FareMediaID?
    }

    private struct Step: Hashable {
        let product: FareProductID
        let old: Money
        let new: Money
    }

    /// The steepest first.
    let dearer: [String]
    let cheaper: [String]
    /// New and old products, prices and names.
    let others: [String]

    init(from old: TariffVoice, to new: TariffVoice) {
        let before = Self.prices(old)
        let after = Self.prices(new)
        var steps: [Step: [Key]] = [:]
        for (key, row) in after {
            guard let earlier = before[key], earlier.amount != row.amount,
                !new.isByDistance(key.product)
            else { continue }
            steps[Step(product: key.product, old: earlier.amount, new: row.amount), default: []]
                .append(key)
        }
        let told = steps.map { step, keys in
            (step, text: Self.text(step, keys, after.keys, new))
        }.sorted { left, right in
            let (a, b) = (Self.steepness(left.0), Self.steepness(right.0))
            return a != b ? a > b : NaturalOrder.precedes(left.text, right.text)
        }
        dearer = told.filter { Self.isDearer($0.0) }.map(\.text)
        cheaper = told.filter { !Self.isDearer($0.0) }.map(\.text)
        others = Self.others(before, after, old, new)
    }

    private static func prices(_ voice: TariffVoice) -> [Key: FareProduct] {
        Dictionary(
            voice.tables.fareProducts.map {
                (Key(product: $0.id, category: $0.riderCategory, medium: $0.fareMedia), $0)
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func isDearer(_ step: Step) -> Bool {
        step.old.currency == step.new.currency
            ? step.new > step.old : step.new.minorUnits >= step.old.minorUnits
    }

    /// In hundredths of a per cent of the old price; without an old price, beyond all others.
    private static func steepness(_ step: Step) -> Int64 {
        share(step).map { $0.magnitude > Int64.max ? .max : Int64($0.magnitude) } ?? .max
    }

    private static func share(_ step: Step) -> Int64? {
        guard step.old.minorUnits != 0, step.old.currency == step.new.currency else { return nil }
        let change = Int128(step.new.minorUnits) - Int128(step.old.minorUnits)
        let part = change * 100_000 / Int128(step.old.minorUnits.magnitude)
        // To a tenth of a per cent: nobody compares finer.
        return Int64(clamping: Rounding.halfUp.quotient(part, over: 100) * 10)
    }

    private static func text(
        _ step: Step, _ keys: [Key], _ all: Dictionary<Key, FareProduct>.Keys,
        _ voice: TariffVoice
    ) -> String {
        let other = all.contains { $0.product == step.product && !keys.contains($0) }
        var what = voice.name(step.product)
        if other || Set(keys.map(\.category)).count == 1, let who = riders(keys, voice) {
            what += ", " + who
        }
        let price = "\(what): \(voice.price(step.old)) → \(voice.price(step.new))"
        guard let share = share(step), !step.new.isZero else { return price }
        return price + " (\(voice.language.percent(hundredths: share, showsPlus: true)))"
    }

    /// `Adult (card or bank card), Pupil (card)`.
    private static func riders(_ keys: [Key], _ voice: TariffVoice) -> String? {
        let byCategory = Dictionary(grouping: keys, by: \.category)
        var riders: [[String]: [String]] = [:]
        for (category, keys) in byCategory {
            let media = keys.compactMap { $0.medium.map(voice.name) }
                .sorted(by: NaturalOrder.precedes)
            riders[media, default: []].append(category.map(voice.name) ?? "")
        }
        let texts = riders.map { media, riders in
            let who = riders.filter { !$0.isEmpty }.sorted(by: NaturalOrder.precedes)
                .joined(separator: ", ")
            if media.isEmpty { return who }
            return who.isEmpty ? voice.either(media) : "\(who) (\(voice.either(media)))"
        }.filter { !$0.isEmpty }.sorted(by: NaturalOrder.precedes)
        return texts.isEmpty ? nil : texts.joined(separator: ", ")
    }

    private static func others(
        _ before: [Key: FareProduct], _ after: [Key: FareProduct], _ old: TariffVoice,
        _ new: TariffVoice
    ) -> [String] {
        let (oldProducts, newProducts) = (
            Set(before.keys.map(\.product)), Set(after.keys.map(\.product))
        )
        var gone: [String] = []
        var come: [String] = []
        for product in oldProducts.union(newProducts) {
            let lost = before.filter { $0.key.product == product && after[$0.key] == nil }
            let won = after.filter { $0.key.product == product && before[$0.key] == nil }
            if !lost.isEmpty { gone.append(told(.diffRemoved, product, Array(lost.values), old)) }
            if !won.isEmpty { come.append(told(.diffAdded, product, Array(won.values), new)) }
        }
        return gone.sorted(by: NaturalOrder.precedes) + come.sorted(by: NaturalOrder.precedes)
            + renamed(before, after, old, new)
    }

    /// Products may have other names, and so may single prices of theirs.
    private static func renamed(
        _ before: [Key: FareProduct], _ after: [Key: FareProduct], _ old: TariffVoice,
        _ new: TariffVoice
    ) -> [String] {
        var lines: Set<String> = []
        for (key, row) in after {
            guard let earlier = before[key] else { continue }
            let (left, right) = (
                old.name(of: earlier) ?? old.name(key.product),
                new.name(of: row) ?? new.name(key.product)
            )
            guard left != right else { continue }
            lines.insert(
                new.say(
                    .diffChanged,
                    [
                        "what": .text(new.say(TariffItem.Kind.product.phrase)),
                        "field": .text(new.say(.fieldName)),
                        "old": .text(old.quoted(left)), "new": .text(new.quoted(right)),
                    ]))
        }
        return lines.sorted(by: NaturalOrder.precedes)
    }

    private static func told(
        _ phrase: TariffPhrase, _ product: FareProductID, _ rows: [FareProduct],
        _ voice: TariffVoice
    ) -> String {
        var what = voice.quoted(voice.name(product))
        if !voice.isByDistance(product) {
            let prices = ProductPrices(rows, in: voice).texts(in: voice)
            what += " — " + prices.joined(separator: "; ")
        }
        return voice.say(phrase, ["what": .text(what)])
    }
}

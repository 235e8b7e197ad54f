internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// What one product costs, with equal prices told once.
struct ProductPrices {
    /// One price and who pays it with what.
    struct Line: Hashable {
        let amount: Money
        let riders: [String]
        let media: [String]
        /// What this price is called, where that is not the product's name.
        let name: String?
    }

    private struct Offer: Hashable {
        let amount: Money
        let name: String?
        let media: [String]
    }

    let lines: [Line]

    init(_ rows: [FareProduct], in voice: TariffVoice) {
        let title = rows.first.map { voice.name($0.id) }
        var byCategory: [RiderCategoryID?: [FareProduct]] = [:]
        for row in rows { byCategory[row.riderCategory, default: []].append(row) }
        var riders: [Offer: [RiderCategoryID?]] = [:]
        for (category, rows) in byCategory {
            let alike = Dictionary(grouping: rows) { row in
                let name = voice.name(of: row)
                return Offer(amount: row.amount, name: name == title ? nil : name, media: [])
            }
            for (offer, rows) in alike {
                let media = rows.map { row in row.fareMedia.map(voice.name) ?? "" }
                let whole = Offer(
                    amount: offer.amount, name: offer.name,
                    media: media.sorted(by: NaturalOrder.precedes))
                riders[whole, default: []].append(category)
            }
        }
        let hasMedia = rows.contains { $0.fareMedia != nil }
        func isFull(_ categories: [RiderCategoryID?]) -> Bool {
            categories.contains { $0 == nil || $0 == voice.book.defaultCategory }
        }
        let sorted = riders.sorted { left, right in
            if isFull(left.value) != isFull(right.value) { return isFull(left.value) }
            if left.key.amount != right.key.amount { return left.key.amount > right.key.amount }
            return Self.text(left.value, voice) + left.key.media.joined()
                < Self.text(right.value, voice) + right.key.media.joined()
        }
        lines = sorted.map { offer, categories in
            Line(
                amount: offer.amount,
                riders: categories == [nil] && byCategory.count == 1
                    ? [] : Self.riders(categories, voice),
                media: hasMedia ? offer.media.map { $0.isEmpty ? voice.say(.anyMedium) : $0 } : [],
                name: offer.name)
        }
    }

    private static func riders(
        _ categories: [RiderCategoryID?], _ voice: TariffVoice
    ) -> [String] {
        let full = categories.filter { $0 == nil || $0 == voice.book.defaultCategory }
            .map { $0.map(voice.name) ?? voice.say(.anyRider) }.sorted()
        let others = categories.filter { $0 != nil && $0 != voice.book.defaultCategory }
            .compactMap { $0.map(voice.name) }.sorted(by: NaturalOrder.precedes)
        return full + others
    }

    private static func text(_ categories: [RiderCategoryID?], _ voice: TariffVoice) -> String {
        riders(categories, voice).joined(separator: ", ")
    }

    /// `Adult: UAH 15.00 (card or bank card)`.
    func texts(in voice: TariffVoice) -> [String] {
        lines.map { line in
            var text = voice.price(line.amount)
            if !line.riders.isEmpty { text = line.riders.joined(separator: ", ") + ": " + text }
            if !line.media.isEmpty { text += " (\(voice.either(line.media)))" }
            if let name = line.name { text += " — " + voice.quoted(name) }
            return text
        }
    }
}

extension TariffVoice {
    /// Whether bands of distance stand for the product's own price.
    func isByDistance(_ product: FareProductID) -> Bool {
        rules.distances.contains { $0.product == product }
    }

    /// A product as a price: the amount where all riders pay the same, or else its name.
    func price(of product: FareProductID) -> String {
        let amounts = Set(rows(of: product).map(\.amount))
        guard amounts.count == 1, let only = amounts.first else { return quoted(name(product)) }
        return "\(price(only)) (\(quoted(name(product))))"
    }
}

internal import Fares
package import Feeds
internal import Timetable
internal import TransitModel
package import Wording

/// A tariff, and how to speak of it in one language.
package struct TariffVoice: Sendable {
    let tables: GTFSTables
    let rules: TariffExtension
    let translations: Translations
    let catalogue: Catalogue
    let language: Language
    let book: NameBook
    /// Whether an empty zone stands for those that no rule names; with priorities it does not
    /// matter.
    let saysOtherZones: Bool
    /// The same for networks.
    let saysOtherNetworks: Bool
    let rulesOfGroup: [LegGroupID: [FareLegRule]]
    let groupsOfProduct: [FareProductID: Set<LegGroupID>]
    private let rowsOfProduct: [FareProductID: [FareProduct]]

    /// - Parameter files: What the feed was read from; its `translations.txt` has the names.
    /// - Throws: ``FeedError`` when the translations are malformed.
    package init(
        _ feed: LoadedFeed, _ files: FeedFiles, catalogue: Catalogue, in language: Language
    ) throws {
        tables = feed.tables
        rules = feed.tariffExtension ?? TariffExtension()
        translations = try Translations(files: files.contents)
        self.catalogue = catalogue
        self.language = language
        let rules = tables.fareLegRules
        let hasPriority = tables.fareLegRulesHavePriority
        saysOtherZones = !hasPriority && rules.contains { $0.fromArea != nil || $0.toArea != nil }
        saysOtherNetworks = !hasPriority && rules.contains { $0.network != nil }
        rulesOfGroup = Dictionary(grouping: rules.filter { $0.legGroup != nil }) { rule in
            rule.legGroup ?? ""
        }
        groupsOfProduct = Dictionary(grouping: rules, by: \.fareProduct)
            .mapValues { Set($0.compactMap(\.legGroup)) }
        rowsOfProduct = Dictionary(grouping: tables.fareProducts, by: \.id)
        book = NameBook(
            tables, self.rules, translations, language.rawValue)
    }

    /// Every price of a product.
    func rows(of product: FareProductID) -> [FareProduct] { rowsOfProduct[product] ?? [] }

    func say(_ phrase: TariffPhrase, _ values: [String: PhraseValue] = [:]) -> String {
        catalogue.text(phrase, in: language, values)
    }

    func say(_ phrase: TariffPhrase, count: Int, _ values: [String: PhraseValue] = [:]) -> String {
        say(phrase, values.merging(["count": .number(Int64(count))]) { given, _ in given })
    }

    func quoted(_ name: String) -> String { say(.quoted, ["name": .text(name)]) }

    func yesOrNo(_ value: Bool) -> String { say(value ? .yes : .no) }

    /// An amount; nothing at all is free.
    func price(_ amount: Money) -> String { amount.isZero ? say(.free) : language.money(amount) }

    func percent(_ hundredths: Int) -> String { language.percent(hundredths: Int64(hundredths)) }

    /// `a, b or c`, in the order given.
    func either(_ items: [String]) -> String { list(items, .listOr) }

    func all(_ items: [String]) -> String { list(items, .listAnd) }

    private func list(_ items: [String], _ phrase: TariffPhrase) -> String {
        guard items.count > 1, let last = items.last else { return items.first ?? "" }
        let others = items.dropLast().joined(separator: ", ")
        return say(phrase, ["items": .text(others), "last": .text(last)])
    }

    /// Names in their natural order, numbers in a row as spans. Of more than thirty the first
    /// few stand for all.
    func names(_ names: some Sequence<String>) -> String {
        let spans = NameRuns.fold(Array(names))
        let shown = spans.count > Folding.limit ? spans.prefix(Folding.sample) : spans[...]
        let left = spans.dropFirst(shown.count).reduce(0) { $0 + $1.count }
        let separator = shown.contains { $0.text.contains(", ") } ? "; " : ", "
        let text = shown.map(\.text).joined(separator: separator)
        return left == 0 ? text : say(.listMore, count: left, ["names": .text(text)])
    }
}

/// How long a list may be before it is folded.
enum Folding {
    /// Entries that a reader still takes in.
    static let limit = 30
    /// How many of them stand for a longer list.
    static let sample = 6
}

extension String {
    /// The text as a sentence begins.
    var capitalised: String { prefix(1).uppercased() + dropFirst() }

    /// The text as it goes on behind a colon.
    var uncapitalised: String { prefix(1).lowercased() + dropFirst() }
}

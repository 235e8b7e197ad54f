/// Every phrase of the product in every language.
///
/// The file is one flat object, `{"key": {"uk": "…", "en": "…"}}`. Placeholders stand in braces:
/// `{vehicle}`. A counted phrase holds an object of plural forms in place of the text and picks
/// among them by the number in `{count}`.
package struct Catalogue: Sendable {
    package enum Wording: Hashable, Sendable {
        case plain(String)
        case counted([PluralForm: String])

        /// Names between braces in any form.
        package var placeholders: Set<String> {
            switch self {
            case .plain(let text): Catalogue.placeholders(in: text)
            case .counted(let forms):
                forms.values.reduce(into: ["count"]) { names, text in
                    names.formUnion(Catalogue.placeholders(in: text))
                }
            }
        }
    }

    private let wordings: [String: [Language: Wording]]

    /// Reads the file and checks all of it, so that ``text(_:in:_:)`` can always answer.
    ///
    /// - Throws: ``CatalogueError`` naming the place or the key that is wrong.
    package init(json: [UInt8]) throws(CatalogueError) {
        guard case .object(let entries) = try JSONText.parse(json) else {
            throw .notAnObject(key: "")
        }
        var wordings: [String: [Language: Wording]] = [:]
        for (key, node) in entries {
            wordings[key] = try Self.readLanguages(of: key, node)
        }
        self.wordings = wordings
        try require(ConsolePhrase.self)
        try require(DemoPhrase.self)
        try require(DisplayPhrase.self)
        try require(TariffPhrase.self)
    }

    /// All keys, sorted.
    package var keys: [String] { wordings.keys.sorted() }

    package func wording(forKey key: String, in language: Language) -> Wording? {
        wordings[key]?[language]
    }

    /// The phrase in a language with its placeholders filled.
    ///
    /// A placeholder without a value stays visible in its braces: a page with an odd word is
    /// better than no page, and tests compare the names.
    package func text(
        _ phrase: some Phrase, in language: Language, _ values: [String: PhraseValue] = [:]
    ) -> String {
        guard let wording = wordings[phrase.rawValue]?[language] else {
            assertionFailure("The catalogue was checked for \(phrase.rawValue)")
            return phrase.rawValue
        }
        switch wording {
        case .plain(let text):
            return Self.fill(text, values, language)
        case .counted(let forms):
            guard case .number(let count)? = values["count"] else {
                assertionFailure("\(phrase.rawValue) counts and got no number")
                return phrase.rawValue
            }
            return Self.fill(forms[language.pluralForm(for: count)] ?? "", values, language)
        }
    }

    private func require<P: Phrase>(_: P.Type) throws(CatalogueError) {
        for phrase in P.allCases where wordings[phrase.rawValue] == nil {
            throw .missing(key: phrase.rawValue)
        }
    }
}

// MARK: - Reading

extension Catalogue {
    private static func readLanguages(
        of key: String, _ node: JSONText.Node
    ) throws(CatalogueError) -> [Language: Wording] {
        guard case .object(let members) = node else { throw .notAnObject(key: key) }
        var byLanguage: [Language: Wording] = [:]
        for (code, value) in members {
            guard let language = Language(rawValue: code) else {
                throw .unknownLanguage(code, key: key)
            }
            byLanguage[language] = try readWording(of: key, value, in: language)
        }
        guard let reference = byLanguage[.ukrainian] else {
            throw .untranslated(key: key, .ukrainian)
        }
        for language in Language.allCases {
            guard let wording = byLanguage[language] else {
                throw .untranslated(key: key, language)
            }
            guard wording.placeholders == reference.placeholders else {
                throw .placeholdersDiffer(key: key)
            }
        }
        return byLanguage
    }

    private static func readWording(
        of key: String, _ node: JSONText.Node, in language: Language
    ) throws(CatalogueError) -> Wording {
        switch node {
        case .text(let text):
            guard !text.isEmpty else { throw .untranslated(key: key, language) }
            return .plain(text)
        case .object(let members):
            var forms: [PluralForm: String] = [:]
            for (name, value) in members {
                guard let form = PluralForm(rawValue: name), case .text(let text) = value,
                    !text.isEmpty
                else { throw .pluralForms(key: key, language) }
                forms[form] = text
            }
            guard Set(forms.keys) == language.pluralForms else {
                throw .pluralForms(key: key, language)
            }
            return .counted(forms)
        }
    }
}

// MARK: - Filling

extension Catalogue {
    private static func placeholders(in text: String) -> Set<String> {
        var names: Set<String> = []
        forEachPart(of: text, text: { _ in }, placeholder: { names.insert(String($0)) })
        return names
    }

    private static func fill(
        _ text: String, _ values: [String: PhraseValue], _ language: Language
    ) -> String {
        var filled = ""
        forEachPart(
            of: text, text: { filled += $0 },
            placeholder: { name in
                switch values[String(name)] {
                case .text(let value)?: filled += value
                case .number(let value)?: filled += language.number(value)
                case nil: filled += "{\(name)}"
                }
            })
        return filled
    }

    /// Walks over the text once; a brace without a partner is text.
    private static func forEachPart(
        of text: String, text onText: (Substring) -> Void, placeholder: (Substring) -> Void
    ) {
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"),
            let close = rest[open...].firstIndex(of: "}")
        {
            onText(rest[..<open])
            placeholder(rest[rest.index(after: open)..<close])
            rest = rest[rest.index(after: close)...]
        }
        onText(rest)
    }
}

import Mustache
import Wording

/// The phrases of one language as templates reach them: `{{say.today.title}}`.
struct Words: MustacheParent {
    let catalogue: Catalogue
    let language: Language
    private let prefix: String

    init(_ catalogue: Catalogue, _ language: Language) {
        self.init(catalogue, language, prefix: "console.")
    }

    private init(_ catalogue: Catalogue, _ language: Language, prefix: String) {
        self.catalogue = catalogue
        self.language = language
        self.prefix = prefix
    }

    func child(named name: String) -> Any? {
        if let phrase = ConsolePhrase(rawValue: prefix + name) {
            return catalogue.text(phrase, in: language)
        }
        return Words(catalogue, language, prefix: prefix + name + ".")
    }
}

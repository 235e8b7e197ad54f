/// What is wrong with a catalogue, and where.
package enum CatalogueError: Error, Hashable, Sendable {
    /// The text is no JSON of objects and strings; `offset` counts bytes from the start.
    case malformed(offset: Int)
    case repeatedKey(String)
    case notAnObject(key: String)
    case unknownLanguage(String, key: String)
    case untranslated(key: String, Language)
    case pluralForms(key: String, Language)
    case placeholdersDiffer(key: String)
    case missing(key: String)
}

extension CatalogueError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let offset): "the catalogue is malformed at byte \(offset)"
        case .repeatedKey(let key): "the catalogue has \(key) twice"
        case .notAnObject(let key): "the catalogue needs an object of languages at '\(key)'"
        case .unknownLanguage(let code, let key): "\(key) is in a language unknown here: \(code)"
        case .untranslated(let key, let language): "\(key) has no \(language) wording"
        case .pluralForms(let key, let language): "\(key) has wrong plural forms in \(language)"
        case .placeholdersDiffer(let key): "\(key) has other placeholders in another language"
        case .missing(let key): "the catalogue lacks \(key)"
        }
    }
}

/// Ukrainian in Latin letters, by resolution 55 of the Cabinet of Ministers (2010).
enum Transliteration {
    static func latin(_ ukrainian: String) -> String {
        var latin = ""
        var previous: Character?
        for letter in ukrainian {
            defer { previous = letter }
            let lower = Character(letter.lowercased())
            let startsWord = previous.map { !$0.isLetter && !isApostrophe($0) } ?? true
            let text: String
            if lower == "г", previous?.lowercased() == "з" {
                text = "gh"
            } else if startsWord, let atStart = wordStarts[lower] {
                text = atStart
            } else {
                text = letters[lower] ?? (isApostrophe(letter) ? "" : String(letter))
            }
            latin += letter.isUppercase ? text.prefix(1).uppercased() + text.dropFirst() : text
        }
        return latin
    }

    /// For identifiers: lower case, words joined by hyphens.
    static func slug(_ english: String) -> String {
        var slug = ""
        for scalar in english.lowercased().unicodeScalars {
            if scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
                slug.unicodeScalars.append(scalar)
            } else if scalar != "’", !slug.isEmpty, slug.last != "-" {
                slug.append("-")
            }
        }
        return slug.last == "-" ? String(slug.dropLast()) : slug
    }

    private static func isApostrophe(_ letter: Character) -> Bool {
        letter == "’" || letter == "'" || letter == "ʼ"
    }

    private static let wordStarts: [Character: String] = [
        "є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya",
    ]

    private static let letters: [Character: String] = [
        "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie",
        "ж": "zh", "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l",
        "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
        "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "",
        "ю": "iu", "я": "ia",
    ]
}

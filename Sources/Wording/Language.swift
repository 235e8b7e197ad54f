/// A language that riders and staff can choose. The raw value is its ISO 639-1 code.
package enum Language: String, Sendable, CaseIterable {
    case ukrainian = "uk"
    case english = "en"

    /// The first choice of an `Accept-Language` header among the languages that we speak
    /// (RFC 9110, 12.5.4); Ukrainian when it names none of them.
    ///
    /// Regions count as their language: `en-GB` is English. Equal weights go to the earlier one.
    package init(acceptLanguage header: String) {
        var best: (language: Language, weight: Int)?
        for range in header.split(separator: ",").prefix(32) {
            let parts = range.split(separator: ";").map { $0.trimmed.lowercased() }
            guard let tag = parts.first,
                let language = Language(rawValue: String(tag.prefix { $0 != "-" }))
            else { continue }
            let weight = parts.dropFirst().compactMap(Self.thousandths(ofParameter:)).first ?? 1_000
            if weight > best?.weight ?? 0 { best = (language, weight) }
        }
        self = best?.language ?? .ukrainian
    }

    /// `q=0.75` as 750; `nil` when it is no weight at all.
    private static func thousandths(ofParameter parameter: String) -> Int? {
        guard parameter.hasPrefix("q=") else { return nil }
        let digits = parameter.dropFirst(2)
        if digits == "1" || digits.hasPrefix("1.") { return 1_000 }
        guard digits.hasPrefix("0") else { return nil }
        let fraction = String(digits.dropFirst(2).prefix(3))
        guard !fraction.isEmpty else { return 0 }
        return Int(fraction + String(repeating: "0", count: 3 - fraction.count))
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " }.reversed())
    }
}

import Testing

@testable import Wording

@Suite("Catalogue")
struct CatalogueTests {
    private func catalogue(_ extra: String) throws(CatalogueError) -> Catalogue {
        let known =
            (ConsolePhrase.allCases.map(\.rawValue) + DemoPhrase.allCases.map(\.rawValue)
            + DisplayPhrase.allCases.map(\.rawValue) + TariffPhrase.allCases.map(\.rawValue))
            .map { #""\#($0)": {"uk": "{count}", "en": "{count}"}"# }
        return try Catalogue(json: Array("{\((known + [extra]).joined(separator: ","))}".utf8))
    }

    @Test("A plain phrase and a counted one are read")
    func reads() throws {
        let catalogue = try catalogue(
            #""a": {"uk": {"one": "{count} дотик", "few": "{count} дотики", "many": "{count} дотиків"}, "en": {"one": "{count} tap", "other": "{count} taps"}}"#
        )
        #expect(catalogue.wording(forKey: "a", in: .english)?.placeholders == ["count"])
        #expect(catalogue.keys.contains("a"))
    }

    @Test(
        "What is wrong is named",
        arguments: [
            (#""a": {"uk": "x"}"#, CatalogueError.untranslated(key: "a", .english)),
            (#""a": {"en": "x"}"#, .untranslated(key: "a", .ukrainian)),
            (#""a": {"uk": "", "en": "x"}"#, .untranslated(key: "a", .ukrainian)),
            (#""a": {"uk": "x", "en": "x", "de": "x"}"#, .unknownLanguage("de", key: "a")),
            (#""a": {"uk": "{x}", "en": "{y}"}"#, .placeholdersDiffer(key: "a")),
            (#""a": "x""#, .notAnObject(key: "a")),
            (#""a": {"uk": "x", "en": "x"}, "a": {"uk": "x", "en": "x"}"#, .repeatedKey("a")),
            (
                #""a": {"uk": {"one": "x", "other": "y"}, "en": {"one": "x", "other": "y"}}"#,
                .pluralForms(key: "a", .ukrainian)
            ),
        ])
    func refuses(extra: String, expected: CatalogueError) {
        #expect(throws: expected) { try catalogue(extra) }
    }

    @Test("A phrase that the programs know must be there")
    func requiresEveryPhrase() {
        #expect(throws: CatalogueError.self) { try Catalogue(json: Array("{}".utf8)) }
    }

    @Test("Values are filled in, unknown ones stay visible")
    func fills() throws {
        let catalogue = try catalogue(#""a": {"uk": "x", "en": "x"}"#)
        let phrase = ConsolePhrase.allCases[0]
        #expect(catalogue.text(phrase, in: .ukrainian, ["count": 12_345]) == "12\u{A0}345")
        #expect(catalogue.text(phrase, in: .english, ["count": .text("{x}")]) == "{x}")
        #expect(catalogue.text(phrase, in: .english) == "{count}")
    }
}

@Suite("JSON of the catalogue")
struct JSONTextTests {
    @Test("Escapes and surrogate pairs are read")
    func escapes() throws {
        guard
            case .text(let text) = try JSONText.parse(
                Array(#" "\"\\\/\n\u20B4\uD83D\uDE8B" "#.utf8))
        else {
            Issue.record("Not a string")
            return
        }
        #expect(text == "\"\\/\n₴🚋")
    }

    @Test(
        "Anything but strict JSON is refused",
        arguments: [
            "", "{", "\"", "\"\\", "\"\\u12", "\"\\x\"", "\"\\uD83Dx\"", "\"\\uDE8B\"", "\"\n\"",
            "{\"a\"}", "{\"a\":}", "{\"a\":\"b\",}", "{a:\"b\"}", "[]", "1", "null", "{} {}",
            "{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}",
        ])
    func refuses(text: String) {
        #expect(throws: CatalogueError.self) { try JSONText.parse(Array(text.utf8)) }
    }

    @Test("Bytes that are no UTF-8 are refused")
    func refusesBadUTF8() {
        #expect(throws: CatalogueError.self) { try JSONText.parse([0x22, 0xC3, 0x22]) }
    }
}

import Foundation
import Testing
import Wording

/// The catalogue of the checkout against what the programs say.
@Suite("The catalogue in use")
struct UsageTests {
    private let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func catalogue() throws -> Catalogue {
        let share = ShareDirectory(root.path(percentEncoded: false))
        let data = try Data(contentsOf: URL(filePath: share.catalogue))
        return try Catalogue(json: Array(data))
    }

    @Test("It holds exactly the phrases that programs know")
    func keys() throws {
        let known =
            ConsolePhrase.allCases.map(\.rawValue) + DemoPhrase.allCases.map(\.rawValue)
            + DisplayPhrase.allCases.map(\.rawValue) + TariffPhrase.allCases.map(\.rawValue)
        #expect(try catalogue().keys == known.sorted())
    }

    @Test("No phrase of the staff pages is left unsaid")
    func consoleUsage() throws {
        let code = try text(below: "backoffice/Console", ending: ".swift")
        let templates = try text(below: "backoffice/web/templates", ending: ".mustache")
        for phrase in ConsolePhrase.allCases {
            let key = phrase.rawValue.dropFirst("console.".count)
            // These are found by the code that the rating stored; ConsoleTests compare them.
            if ["rule.", "cause.", "window."].contains(where: key.hasPrefix) { continue }
            let isSaid =
                code.contains(".\(phrase)") || templates.contains("say.\(key)}}")
            #expect(isSaid, "nobody says \(phrase.rawValue)")
        }
    }

    @Test("No phrase of the demonstration's page is left unsaid")
    func demoUsage() throws {
        let code = try text(below: "backoffice/DemoPage", ending: ".swift")
        let template = try text(below: "backoffice/web/templates", ending: "demo.mustache")
        for phrase in DemoPhrase.allCases {
            let key = phrase.rawValue.dropFirst("demo.".count)
            let isSaid = code.contains(".\(phrase)") || template.contains("words.\(key)}}")
            #expect(isSaid, "nobody says \(phrase.rawValue)")
        }
        for match in template.matches(of: #/words\.([a-z_.]+)/#) {
            #expect(DemoPhrase(rawValue: "demo.\(match.output.1)") != nil, "\(match.output.1)")
        }
    }

    @Test("No phrase of the price list is left unsaid")
    func tariffUsage() throws {
        let code = try text(below: "backoffice/TariffDesk", ending: ".swift")
        for phrase in TariffPhrase.allCases {
            let isSaid = code.contains(try Regex("\\.\(phrase)\\b"))
            #expect(isSaid, "nobody says \(phrase.rawValue)")
        }
    }

    @Test("Templates say nothing that has no words")
    func templateKeys() throws {
        let templates = try text(below: "backoffice/web/templates", ending: ".mustache")
        for match in templates.matches(of: #/say\.([a-z_.]+)/#) {
            #expect(
                ConsolePhrase(rawValue: "console.\(match.output.1)") != nil, "\(match.output.1)")
        }
    }

    @Test("Ukrainian is not English left over, and typography is Ukrainian")
    func typography() throws {
        let catalogue = try catalogue()
        for key in catalogue.keys {
            let texts: [String] =
                switch catalogue.wording(forKey: key, in: .ukrainian) {
                case .plain(let text)?: [text]
                case .counted(let forms)?: Array(forms.values)
                case nil: []
                }
            for text in texts {
                #expect(!text.contains("'"), "\(key): the apostrophe is ’")
                #expect(!text.contains("\""), "\(key): quotation marks are « »")
                #expect(
                    text.contains(where: { ("а"..."ї").contains($0) || ("А"..."Я").contains($0) })
                        || text.contains("{"), "\(key)")
            }
        }
    }

    private func text(below folder: String, ending suffix: String) throws -> String {
        let base = root.appending(path: folder)
        return try FileManager.default.contentsOfDirectory(atPath: base.path)
            .filter { $0.hasSuffix(suffix) }
            .map { try String(contentsOf: base.appending(path: $0), encoding: .utf8) }
            .joined()
    }
}

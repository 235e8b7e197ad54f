import Foundation
import Wording

/// The page's files, read once and kept in memory: a display must not depend on a disk that may
/// be failing while it says so.
package struct DisplayPages: Sendable {
    package struct Page: Hashable, Sendable {
        package let contentType: String
        package let body: [UInt8]
    }

    /// A file of the page could not be read.
    package struct Unreadable: Error, CustomStringConvertible {
        package let path: String
        package let cause: String

        package var description: String { "The display's file \(path) cannot be read: \(cause)" }
    }

    private static let files = [
        ("index.html", "text/html; charset=utf-8"),
        ("display.css", "text/css; charset=utf-8"),
        ("display.js", "text/javascript; charset=utf-8"),
        ("tones.js", "text/javascript; charset=utf-8"),
    ]

    private let pages: [String: Page]

    /// - Throws: ``Unreadable``.
    package init(share: ShareDirectory, catalogue: Catalogue) throws {
        var pages: [String: Page] = [:]
        for (name, contentType) in Self.files {
            let path = share.displayWeb + "/" + name
            let body: [UInt8]
            do {
                body = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            } catch {
                throw Unreadable(path: path, cause: error.localizedDescription)
            }
            pages[name] = Page(
                contentType: contentType,
                body: name == "index.html" ? Self.fill(body, from: catalogue) : body)
        }
        self.pages = pages
    }

    package func page(named name: String) -> Page? { pages[name] }

    /// Puts the words that the page must know before, and without, the validator: what to say
    /// when nothing is heard from it.
    private static func fill(_ html: [UInt8], from catalogue: Catalogue) -> [UInt8] {
        var text = String(decoding: html, as: UTF8.self)
        for phrase in [
            DisplayPhrase.starting, .startingDetail, .outOfService, .outOfServiceDetail,
        ] {
            for language in Language.allCases {
                text = text.replacingOccurrences(
                    of: "{{\(phrase.rawValue) \(language.rawValue)}}",
                    with: escaped(catalogue.text(phrase, in: language)))
            }
        }
        return Array(text.utf8)
    }

    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;")
            .replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: "\"", with: "&quot;")
    }
}

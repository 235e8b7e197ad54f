import Foundation
import Mustache
import Wording

/// Templates and words, read once and checked when read.
package struct PageRenderer: Sendable {
    package enum Failure: Error, CustomStringConvertible {
        case noTemplate(String)
        case unreadableCatalogue(path: String)
        case badTemplate(String)

        package var description: String {
            switch self {
            case .noTemplate(let name): "there is no template \(name)"
            case .unreadableCatalogue(let path): "cannot read \(path)"
            case .badTemplate(let place): "cannot read the template \(place)"
            }
        }
    }

    let catalogue: Catalogue
    private let templates: MustacheLibrary

    package init(share: ShareDirectory) async throws {
        guard let json = FileManager.default.contents(atPath: share.catalogue) else {
            throw Failure.unreadableCatalogue(path: share.catalogue)
        }
        catalogue = try Catalogue(json: Array(json))
        do {
            templates = try await MustacheLibrary(directory: share.consoleWeb + "/templates")
        } catch let error as MustacheLibrary.ParserError {
            throw Failure.badTemplate("\(error.filename), line \(error.context.lineNumber)")
        }
        for name in PageTemplate.allCases where templates.getTemplate(named: name.rawValue) == nil {
            throw Failure.noTemplate(name.rawValue)
        }
    }

    /// - Parameters:
    ///   - page: A value whose properties the template names as `{{page.…}}`.
    ///   - frame: What surrounds every page; a fragment needs none.
    func render(
        _ template: PageTemplate, _ page: Any, in language: Language, frame: PageFrame? = nil
    ) -> String {
        render(named: template.rawValue, page, in: language, frame: frame)
    }

    func render(
        named template: String, _ page: Any, in language: Language, frame: PageFrame? = nil
    ) -> String {
        var root: [String: Any] = ["say": Words(catalogue, language), "page": page]
        root["frame"] = frame
        return templates.render(root, withTemplate: template) ?? ""
    }
}

/// The templates that handlers name; partials are named by templates.
enum PageTemplate: String, CaseIterable, Sendable {
    case signIn = "sign-in"
    case today
    case todayFigures = "today-figures"
    case fleet
    case fleetVehicle = "fleet-vehicle"
    case charges
    case charge
    case unpricedTaps = "unpriced-taps"
    case refusals
    case message
}

/// What surrounds every page.
struct PageFrame: Sendable {
    struct Link: Sendable {
        let label: String
        let address: String
        let isCurrent: Bool
    }

    struct User: Sendable {
        let name: String
        let role: String
    }

    let title: String
    let language: String
    let otherLanguage: String
    let otherLanguageName: String
    /// Where the language switch comes back to.
    let here: String
    let formCode: String
    /// Whether forms of the frame can work: a page about a failure has no code for them.
    let hasForms: Bool
    let links: [Link]
    let user: User?
    let asset: [String: String]
}

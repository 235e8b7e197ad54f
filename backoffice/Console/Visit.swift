import Hummingbird
import Store
import TransitModel
import Wording

/// One request with everything known about who sent it.
struct Visit: Sendable {
    let request: Request
    let context: ConsoleContext
    let route: ConsoleRoute
    let language: Language
    let now: Timestamp
    /// From the cookie, or new; it belongs to a session only when ``user`` is there.
    let token: SessionToken
    /// Whether the browser has yet to be given the token.
    let tokenIsNew: Bool
    let user: StaffUser?
    /// Fields of a form whose code was right; empty for a request without a form.
    let form: FormFields

    func allows(_ route: ConsoleRoute) -> Bool {
        user.map { route.allows($0.role) } ?? (route.access == .anyone)
    }
}

/// Fields of an `application/x-www-form-urlencoded` body.
struct FormFields: Sendable {
    /// A sign-in is the longest form that we have.
    static let byteLimit = 8_192

    private let values: [String: String]

    init() { values = [:] }

    /// - Throws: For a body that is no form; a name given twice is refused.
    init(body: String) throws {
        do {
            values = try URLEncodedFormDecoder().decode([String: String].self, from: body)
        } catch {
            throw HTTPError(.badRequest)
        }
    }

    subscript(name: String) -> String { values[name] ?? "" }
}

extension Request {
    /// One parameter of the query, decoded; `nil` when absent or not decodable.
    func queryValue(_ name: String) -> String? {
        uri.queryParameters[Substring(name)].map(String.init)
    }

    /// A page number from the query; nonsense is page 1.
    var pageNumber: Int {
        let number = queryValue("page").flatMap(Int.init) ?? 1
        return min(max(1, number), 1_000_000)
    }
}

import HTTPTypes
import Hummingbird
import Wording

/// Names and attributes of our two cookies.
struct ConsoleCookies: Sendable {
    let usesTLS: Bool

    private static let languageYear = 365 * 86_400

    /// The prefix makes browsers hold us to `Secure` and to the whole host (RFC 6265bis, 4.1.3).
    private var sessionName: String { usesTLS ? "__Host-kvytok_session" : "kvytok_session" }
    private let languageName = "kvytok_language"

    init(usesTLS: Bool) { self.usesTLS = usesTLS }

    func token(in request: Request) -> SessionToken? {
        request.cookies[sessionName].flatMap { SessionToken(cookie: $0.value) }
    }

    /// The language chosen on the page; else the one that the browser asks for.
    func language(in request: Request) -> Language {
        request.cookies[languageName].flatMap { Language(rawValue: $0.value) }
            ?? Language(acceptLanguage: request.headers[.acceptLanguage] ?? "")
    }

    /// Ends with the browser; the server's limits apply before that.
    func set(_ token: SessionToken, on response: inout Response) {
        response.setCookie(
            Cookie(
                name: sessionName, value: token.cookie, path: "/", secure: usesTLS, httpOnly: true,
                sameSite: .strict))
    }

    func set(_ language: Language, on response: inout Response) {
        response.setCookie(
            Cookie(
                name: languageName, value: language.rawValue, maxAge: Self.languageYear, path: "/",
                secure: usesTLS, httpOnly: true, sameSite: .lax))
    }
}

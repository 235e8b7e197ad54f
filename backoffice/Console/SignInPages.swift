import HTTPTypes
import Hummingbird
import Wording

/// What the sign-in page shows.
struct SignInPage {
    let returnAddress: String
    let typedName: String
    /// Why the last attempt failed; absent on the first.
    let problem: String?
    let notice: String?
    let demoName: String?
    let demoPassword: String?
}

extension ConsoleRoutes {
    func signInForm(_ visit: Visit) -> Response {
        if visit.user != nil { return .redirect(to: "/console/today", type: .normal) }
        let hasLeft = visit.request.queryValue("signed-out") != nil
        return signInPage(
            visit, returnAddress: ReturnAddress(visit.request.queryValue("return")),
            notice: hasLeft ? .signInSignedOut : nil)
    }

    func signIn(_ visit: Visit) async throws -> Response {
        let returnAddress = ReturnAddress(visit.form["return"])
        let answer = try await desk.signIn(
            typedName: visit.form["name"], password: visit.form["password"],
            address: visit.context.address, at: visit.now)
        switch answer {
        case .signedIn(let token, _):
            var response = Response.redirect(to: returnAddress.text, type: .normal)
            // A new token at the moment of signing in: one planted before is worth nothing.
            cookies.set(token, on: &response)
            return response
        case .refused:
            return signInPage(
                visit, returnAddress: returnAddress, problem: .signInRefused, status: .forbidden)
        case .limited(let retryAfter):
            return wait(visit, returnAddress, .signInLimited, .tooManyRequests, retryAfter)
        case .busy:
            return wait(visit, returnAddress, .signInBusy, .serviceUnavailable, .seconds(5))
        }
    }

    func signOut(_ visit: Visit) async throws -> Response {
        if let user = visit.user {
            try await desk.signOut(
                visit.token, of: user, address: visit.context.address, at: visit.now)
        }
        var random = SystemRandomNumberGenerator()
        var response = Response.redirect(to: "/console/sign-in?signed-out=1", type: .normal)
        cookies.set(SessionToken(using: &random), on: &response)
        return response
    }

    func switchLanguage(_ visit: Visit) -> Response {
        let back = ReturnAddress(visit.form["return"])
        var response = Response.redirect(to: back.text, type: .normal)
        if let language = Language(rawValue: visit.form["language"]) {
            cookies.set(language, on: &response)
        }
        return response
    }

    private func signInPage(
        _ visit: Visit, returnAddress: ReturnAddress, problem: ConsolePhrase? = nil,
        notice: ConsolePhrase? = nil, status: HTTPResponse.Status = .ok
    ) -> Response {
        let speaker = speaker(visit.language)
        return page(
            .signIn,
            SignInPage(
                returnAddress: returnAddress.text, typedName: visit.form["name"],
                problem: problem.map { speaker.say($0) }, notice: notice.map { speaker.say($0) },
                demoName: settings.developmentSignIn?.userName,
                demoPassword: settings.developmentSignIn?.password),
            title: .signInTitle, visit, status: status)
    }

    private func wait(
        _ visit: Visit, _ returnAddress: ReturnAddress, _ problem: ConsolePhrase,
        _ status: HTTPResponse.Status, _ span: Duration
    ) -> Response {
        var response = signInPage(
            visit, returnAddress: returnAddress, problem: problem, status: status)
        response.headers[.retryAfter] = "\(span.components.seconds)"
        return response
    }
}

import HTTPTypes
import Hummingbird

/// Where a form came from, as the browser vouches for it.
enum RequestOrigin {
    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")

    /// Whether a request that changes something was sent by one of our own pages.
    ///
    /// The form's code is the first guard; this is the second. A client without both headers is
    /// no browser that could be tricked into sending our cookie.
    static func isOwn(_ request: Request) -> Bool {
        if let origin = request.headers[.origin] {
            guard let authority = request.head.authority else { return false }
            return origin == "http://\(authority)" || origin == "https://\(authority)"
        }
        guard let name = fetchSite, let site = request.headers[name] else { return true }
        return site == "same-origin" || site == "none"
    }
}

/// A place on our own pages to go back to.
struct ReturnAddress: Hashable, Sendable {
    let text: String

    /// - Returns: The address of today's page for anything that is no plain address of ours.
    init(_ candidate: String?) {
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_?=&.%")
        if let candidate, candidate == "/demo" || candidate.hasPrefix("/console/"),
            candidate.utf8.count <= 512,
            candidate.allSatisfy(allowed.contains), !candidate.contains("//"),
            !candidate.contains("..")
        {
            text = candidate
        } else {
            text = "/console/today"
        }
    }

    /// As a parameter of the sign-in page.
    var signInAddress: String {
        let escaped = text.replacing("%", with: "%25").replacing("&", with: "%26")
            .replacing("?", with: "%3F")
        return "/console/sign-in?return=\(escaped)"
    }
}

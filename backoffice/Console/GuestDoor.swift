import HTTPTypes
import Hummingbird
import Store
import TransitModel
import Wording

/// Lets another room of the back office show pages in the console's frame: the same sign-in, the
/// same guard of forms, the same headers.
package struct GuestDoor: Sendable {
    /// The only place of another room that a sign-in leads back to.
    package static let demonstrationPath = "/demo"

    private let routes: ConsoleRoutes

    package init(_ routes: ConsoleRoutes) {
        self.routes = routes
    }

    package var catalogue: Catalogue { routes.pages.catalogue }
    package var calendar: LocalCalendar { routes.settings.calendar }

    /// A signed-in member of staff, and the form that came along.
    package struct Guest: Sendable {
        package let user: StaffUser
        package let language: Language
        let sender: Sender
        let here: String

        /// A field of the form; empty when there is none.
        package subscript(field: String) -> String { sender.form[field] }
        /// What a form of this page has to carry.
        package var formCode: String { sender.token.formCode }
    }

    package enum Admission: Sendable {
        case guest(Guest)
        /// Nobody we know: what to answer.
        case turnedAway(Response)
    }

    /// Lets in staff of some roles.
    ///
    /// - Parameter isPage: A page leads to the sign-in and back; a script is told plainly.
    /// - Throws: For a form that is not ours, and for a role that may not.
    package func admit(
        _ request: Request, _ context: ConsoleContext, roles: Set<StaffRole>, isPage: Bool
    ) async throws -> Admission {
        let sender = try await routes.identify(request)
        guard let user = sender.user else {
            guard isPage else { return .turnedAway(Response(status: .unauthorized)) }
            let target = ReturnAddress(request.uri.path)
            var response = Response.redirect(to: target.signInAddress, type: .normal)
            if sender.tokenIsNew { routes.cookies.set(sender.token, on: &response) }
            return .turnedAway(response)
        }
        guard roles.contains(user.role) else { throw ConsoleRefusal.forbidden }
        return .guest(
            Guest(
                user: user, language: sender.language, sender: sender, here: request.uri.path))
    }

    /// Whether the guest is still signed in.
    package func stillKnows(_ guest: Guest) async throws -> Bool {
        try await routes.desk.findUser(of: guest.sender.token, at: routes.clock()) == guest.user
    }

    /// A whole page in the console's frame.
    ///
    /// - Parameters:
    ///   - template: A file of the console's templates, without its ending.
    ///   - origin: What the page shows in a frame, when it does.
    package func page(
        _ template: String, _ page: Any, title: String, framing origin: String? = nil,
        for guest: Guest
    ) -> Response {
        let frame = routes.frame(
            title: title, language: guest.language, here: guest.here, formCode: guest.formCode,
            user: guest.user, current: nil)
        var response = routes.html(
            routes.pages.render(named: template, page, in: guest.language, frame: frame),
            guest.language, .ok)
        if let origin {
            response.headers[.contentSecurityPolicy] = SecurityHeaders.contentPolicy(
                tiles: routes.settings.tiles, framing: origin)
        }
        return response
    }
}

import HTTPTypes
import Store

/// Every address of the staff pages and who may use it.
///
/// This table is the only place that grants anything: a handler is reached through its route, and
/// the route is checked first. Tests walk over all roles and all routes.
package enum ConsoleRoute: String, CaseIterable, Sendable {
    case home = "GET /console"
    case signInForm = "GET /console/sign-in"
    case signIn = "POST /console/sign-in"
    case signOut = "POST /console/sign-out"
    case language = "POST /console/language"
    case asset = "GET /console/assets/:name"
    case today = "GET /console/today"
    case todayFigures = "GET /console/today/figures"
    case todayEvents = "GET /console/today/events"
    case fleet = "GET /console/fleet"
    case fleetEvents = "GET /console/fleet/events"
    case fleetStreets = "GET /console/fleet/streets.json"
    case fleetLandscape = "GET /console/fleet/landscape.json"
    case fleetVehicle = "GET /console/fleet/vehicles/:vehicle"
    case charges = "GET /console/charges"
    case charge = "GET /console/charges/:rider/:charge"
    case unpricedTaps = "GET /console/unpriced-taps"
    case refusals = "GET /console/refusals"

    /// Who may use a route.
    package enum Access: Hashable, Sendable {
        /// Anyone, signed in or not.
        case anyone
        /// Staff of these roles.
        case staff(Set<StaffRole>)

        static let allStaff = Access.staff(Set(StaffRole.allCases))
    }

    package var access: Access {
        switch self {
        case .home, .signInForm, .signIn, .language, .asset: .anyone
        case .signOut, .today, .todayFigures, .todayEvents, .refusals, .fleet, .fleetEvents,
            .fleetStreets, .fleetLandscape, .fleetVehicle:
            .allStaff
        case .charges, .charge, .unpricedTaps: .staff([.operator, .accountant])
        }
    }

    /// Whether a role may use the route.
    package func allows(_ role: StaffRole) -> Bool {
        switch access {
        case .anyone: true
        case .staff(let roles): roles.contains(role)
        }
    }

    package var method: HTTPRequest.Method { rawValue.hasPrefix("POST") ? .post : .get }

    /// The path as a pattern: `/console/assets/:name`.
    package var path: String { String(rawValue.drop { $0 != "/" }) }
}

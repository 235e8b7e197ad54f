import Console
import HTTPTypes
import Store
import Testing
import TransitModel

/// The table of role by route, written out once more: a change has to be made in two places.
@Suite("Who may do what")
struct AuthorisationTests {
    static let everyone: Set<StaffRole> = [.operator, .accountant, .dispatcher, .inspector]
    static let money: Set<StaffRole> = [.operator, .accountant]

    static let expected: [ConsoleRoute: Set<StaffRole>] = [
        .signOut: everyone, .today: everyone, .todayFigures: everyone, .todayEvents: everyone,
        .refusals: everyone, .fleet: everyone, .fleetEvents: everyone, .fleetStreets: everyone,
        .fleetVehicle: everyone, .fleetLandscape: everyone, .charges: money, .charge: money,
        .unpricedTaps: money,
    ]

    @Test("The table is complete, and open routes are few")
    func table() {
        let open = ConsoleRoute.allCases.filter { $0.access == .anyone }
        #expect(open == [.home, .signInForm, .signIn, .language, .asset])
        for route in ConsoleRoute.allCases where !open.contains(route) {
            #expect(route.access == .staff(Self.expected[route] ?? []), "\(route)")
        }
    }

    @Test("Every role at every route gets what the table says", arguments: StaffRole.allCases)
    func everyRoute(role: StaffRole) async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            try await browser.signIn(as: role.rawValue)
            let streams: Set<ConsoleRoute> = [.todayEvents, .fleetEvents]
            for (route, roles) in Self.expected
            where !streams.contains(route) && route != .signOut {
                let answer = try await browser.get(Self.address(of: route))
                if roles.contains(role) {
                    let found: HTTPResponse.Status =
                        switch route {
                        case .charge, .fleetVehicle: .notFound
                        case .fleetLandscape: .noContent
                        default: .ok
                        }
                    #expect(answer.status == found, "\(role) at \(route)")
                } else {
                    #expect(answer.status == .forbidden, "\(role) at \(route)")
                }
            }
        }
    }

    @Test("Without a session pages lead to the sign-in and back, scripts are told plainly")
    func strangers() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            for route in Self.expected.keys where route.method == .get {
                let answer = try await browser.fresh().get(Self.address(of: route))
                switch route {
                case .todayFigures, .todayEvents, .fleetEvents, .fleetStreets, .fleetVehicle,
                    .fleetLandscape:
                    #expect(answer.status == .unauthorized)
                default:
                    #expect(answer.status == .seeOther)
                    #expect(
                        answer.location == "/console/sign-in?return=\(Self.address(of: route))")
                }
            }
        }
    }

    @Test("Links lead only where the role may go")
    func links() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            try await browser.signIn(as: "inspector")
            let page = try await browser.get("/console/today").text
            #expect(page.contains("href=\"/console/refusals\""))
            #expect(!page.contains("href=\"/console/charges\""))
            #expect(!page.contains("href=\"/console/unpriced-taps\""))
        }
    }

    private static func address(of route: ConsoleRoute) -> String {
        let none = "00000000-0000-0000-0000-000000000000"
        return route.path.replacing(":rider", with: none).replacing(":charge", with: none)
            .replacing(":vehicle", with: "nobody")
    }
}

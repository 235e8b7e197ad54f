import Console
import DemoPage
import Fleet
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LocalStack
import Logging
import NIOCore
import PostgresClient
import Store
import Testing
import TransitModel
import Wording

@Suite("The page and its doors", .timeLimit(.minutes(5)))
struct PageTests {
    @Test("Strangers are led to the sign-in and back; scripts are told plainly")
    func strangers() async throws {
        try await DemoSite.serve { site in
            let page = try await site.get("/demo", as: nil)
            #expect(page.status == .seeOther)
            #expect(page.headers[.location] == "/console/sign-in?return=/demo")
            #expect(try await site.get("/demo/events", as: nil).status == .unauthorized)
        }
    }

    @Test("Only operators come in, and a deed needs a form of ours")
    func guards() async throws {
        try await DemoSite.serve { site in
            for role in [StaffRole.accountant, .dispatcher, .inspector] {
                #expect(try await site.get("/demo", as: role).status == .forbidden)
                #expect(try await site.post("/demo/deeds/tap", as: role).status == .forbidden)
            }
            let foreign = try await site.post("/demo/deeds/tap", as: .operator, code: "00")
            #expect(foreign.status == .forbidden)
            #expect(try await site.post("/demo/deeds/tap", as: .operator).status == .accepted)
            #expect(try await site.post("/demo/deeds/nothing", as: .operator).status == .notFound)
            #expect(
                try await site.post("/demo/deeds/tap-dark", as: .operator).status == .conflict)
        }
    }

    @Test("The page speaks both languages, and frames the display's origin and no other")
    func languages() async throws {
        try await DemoSite.serve { site in
            let english = try await site.get("/demo", as: .operator)
            #expect(english.text.contains("See it for yourself"))
            #expect(
                english.text.contains(
                    #"<iframe id="demo-screen" src="http://127.0.0.1:18091/""#))
            let policy = english.headers[.contentSecurityPolicy] ?? ""
            #expect(policy.hasSuffix("frame-src http://127.0.0.1:18091"))
            #expect(policy.contains("frame-ancestors 'none'"))
            let ukrainian = try await site.get("/demo", as: .operator, language: "uk")
            #expect(ukrainian.text.contains("Побачте на власні очі"))
            #expect(!ukrainian.text.contains("words."))
        }
    }

    @Test("An address that is no local display never gets into the policy")
    func strangeDisplay() async throws {
        let vehicle = FakeVehicle()
        await vehicle.change { $0.display = "http://evil.example:80/; script-src *" }
        try await DemoSite.serve(vehicle) { site in
            let page = try await site.get("/demo", as: .operator)
            #expect(page.headers[.contentSecurityPolicy]?.contains("evil") == false)
        }
    }
}

/// Console and page on one router, with a session for each role.
private struct DemoSite: Sendable {
    let client: any TestClientProtocol
    let tokens: [StaffRole: SessionToken]

    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let headers: HTTPFields
        let text: String
    }

    static func serve(
        _ vehicle: FakeVehicle = FakeVehicle(),
        _ test: @escaping @Sendable (DemoSite) async throws -> Void
    ) async throws {
        let database = try await TestOffice.database()
        let now = Timestamp(secondsSince1970: 1_795_341_600)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let staff = StaffStore(database)
        var tokens: [StaffRole: SessionToken] = [:]
        var random = SystemRandomNumberGenerator()
        for role in StaffRole.allCases {
            _ = try await staff.save(
                StaffUser(name: role.rawValue, role: role, passwordHash: "none"), at: now)
            let token = SessionToken(using: &random)
            try await staff.open(
                StaffSession(
                    tokenHash: token.hash, userName: role.rawValue, createdAt: now,
                    lastSeenAt: now), obsoleteBefore: now.advanced(by: .seconds(-86_400)))
            tokens[role] = token
        }
        var settings = ConsoleSettings(
            share: ShareDirectory(Checkout.root), calendar: LocalCalendar(zone: .utc))
        settings.hasDemonstration = true
        let console = try await ConsoleRoutes(
            database: database,
            fleet: FleetBoard(
                database: database, logger: logger, clock: { now }, timetable: { nil }),
            settings: settings, logger: logger, clock: { now })
        let director = DemoDirector(
            control: vehicle, ledger: DemoLedger(database), logger: logger, clock: { now })
        let router = Router(context: ConsoleContext.self)
        console.add(to: router)
        DemoRoutes(director: director, door: GuestDoor(console)).add(to: router)
        _ = await director.look()
        try await Application(router: router, logger: logger).test(.router) { [tokens] client in
            try await test(DemoSite(client: client, tokens: tokens))
        }
        await database.close()
    }

    func get(_ path: String, as role: StaffRole?, language: String = "en") async throws -> Answer {
        try await send(path, .get, role, language: language, body: nil)
    }

    func post(_ path: String, as role: StaffRole, code: String? = nil) async throws -> Answer {
        let code = code ?? tokens[role]?.formCode ?? ""
        return try await send(
            path, .post, role, language: "en", body: ByteBuffer(string: "form_code=\(code)"))
    }

    private func send(
        _ path: String, _ method: HTTPRequest.Method, _ role: StaffRole?, language: String,
        body: ByteBuffer?
    ) async throws -> Answer {
        var headers: HTTPFields = [.acceptLanguage: language]
        if let role, let token = tokens[role] {
            headers[.cookie] = "kvytok_session=\(token.cookie)"
        }
        if body != nil {
            headers[.origin] = "http://localhost"
            headers[.contentType] = "application/x-www-form-urlencoded"
        }
        let response = try await client.execute(
            uri: path, method: method, headers: headers, body: body)
        return Answer(
            status: response.status, headers: response.headers, text: String(buffer: response.body))
    }
}

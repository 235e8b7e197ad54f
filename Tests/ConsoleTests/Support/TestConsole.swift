import Console
import Fleet
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LocalStack
import Logging
import NIOCore
import Store
import Testing
import TransitModel
import Wording

/// The staff pages without a database or a socket.
struct TestConsole: Sendable {
    static let password = "correct horse battery"

    let staff: FakeStaff
    let clock: TestClock
    let routes: ConsoleRoutes

    init(
        readings: FakeReadings = FakeReadings(), policy: SignInPolicy = SignInPolicy(),
        usesTLS: Bool = false, clock: TestClock = TestClock(), names: any NameBook = NoNames()
    ) async throws {
        let users = try StaffRole.allCases.map { role in
            try NewStaffUser(name: role.rawValue, role: role, password: Self.password)
                .hashed(cost: .trifling)
        }
        self.clock = clock
        staff = FakeStaff(users)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let share = ShareDirectory(Checkout.root)
        let settings = ConsoleSettings(
            share: share, calendar: LocalCalendar(zone: .kyiv), policy: policy, usesTLS: usesTLS)
        let now: @Sendable () -> Timestamp = { clock.now }
        let state = TodayState(
            day: readings.day,
            books: BooksCheck(books: readings.books(), checkedAt: clock.now))
        routes = ConsoleRoutes(
            desk: SignInDesk(
                accounts: staff, sessions: staff, policy: policy, cost: .trifling, logger: logger),
            days: readings, charges: readings, vehicles: readings,
            board: TodayBoard(
                logger: logger, signals: { AsyncStream { _ in } }, load: { state }),
            fleet: FleetBoard(
                logger: logger, clock: now, timetable: { TestFleet.timetable },
                signals: { AsyncStream { _ in } },
                load: { _ in
                    FleetReading(
                        states: readings.vehicles, updatedAt: nil, health: readings.health)
                }),
            pages: try await PageRenderer(share: share),
            assets: try AssetLibrary(share), settings: settings, names: names, clock: now)
    }

    /// Gives each visit a browser of its own, with an empty cookie jar.
    func run(_ test: @Sendable (TestBrowser) async throws -> Void) async throws {
        let router = Router(context: ConsoleContext.self)
        routes.add(to: router)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await Application(router: router, logger: logger).test(.router) { client in
            try await test(TestBrowser(client))
        }
    }
}

/// Keeps cookies and sends forms as a browser does.
actor TestBrowser {
    private let client: any TestClientProtocol
    private(set) var cookies: [String: String] = [:]
    var language = "en"

    init(_ client: any TestClientProtocol) { self.client = client }

    func fresh() -> TestBrowser { TestBrowser(client) }

    func setCookie(_ name: String, _ value: String) { cookies[name] = value }

    func setLanguage(_ value: String) { language = value }

    @discardableResult
    func get(_ path: String, headers: HTTPFields = [:]) async throws -> TestAnswer {
        try await send(path, .get, headers, body: nil)
    }

    /// - Parameter code: The form's code; by default that of this browser's token.
    @discardableResult
    func post(
        _ path: String, _ fields: [String: String], code: String? = nil,
        headers: HTTPFields = [.origin: "http://localhost"]
    ) async throws -> TestAnswer {
        var fields = fields
        fields["form_code"] = code ?? token?.formCode ?? ""
        let body = fields.map { "\($0.key)=\($0.value.formEncoded)" }.joined(separator: "&")
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await send(path, .post, headers, body: ByteBuffer(string: body))
    }

    /// Opens the page first, as a person does: it brings the token.
    @discardableResult
    func signIn(
        as name: String, password: String = TestConsole.password
    ) async throws -> TestAnswer {
        try await get("/console/sign-in")
        return try await post("/console/sign-in", ["name": name, "password": password])
    }

    var token: SessionToken? {
        (cookies["kvytok_session"] ?? cookies["__Host-kvytok_session"])
            .flatMap(SessionToken.init(cookie:))
    }

    private func send(
        _ path: String, _ method: HTTPRequest.Method, _ headers: HTTPFields, body: ByteBuffer?
    ) async throws -> TestAnswer {
        var headers = headers
        headers[.acceptLanguage] = language
        if !cookies.isEmpty {
            headers[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        }
        let response = try await client.execute(
            uri: path, method: method, headers: headers, body: body)
        for line in response.headers[values: .setCookie] {
            let pair = line.split(separator: ";")[0].split(separator: "=", maxSplits: 1)
            cookies[String(pair[0])] = pair.count == 2 ? String(pair[1]) : ""
        }
        return TestAnswer(
            status: response.status, headers: response.headers, text: String(buffer: response.body))
    }
}

struct TestAnswer: Sendable {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let text: String

    var location: String? { headers[.location] }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}

extension String {
    fileprivate var formEncoded: String {
        addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

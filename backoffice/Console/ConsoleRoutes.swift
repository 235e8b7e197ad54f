import Fleet
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PostgresClient
import Store
import TransitModel
import Wording

/// The staff pages. Mount them on a router; run the ``board`` and the ``fleet`` beside the server.
package struct ConsoleRoutes: Sendable {
    let desk: SignInDesk
    let days: any DayReadings
    let charges: any ChargeReadings
    let vehicles: any VehicleReadings
    package let board: TodayBoard
    package let fleet: FleetBoard
    let fleetWire: FleetWire
    let pages: PageRenderer
    let assets: AssetLibrary
    let settings: ConsoleSettings
    let names: any NameBook
    let clock: @Sendable () -> Timestamp
    let cookies: ConsoleCookies

    package init(
        desk: SignInDesk, days: any DayReadings, charges: any ChargeReadings,
        vehicles: any VehicleReadings, board: TodayBoard, fleet: FleetBoard, pages: PageRenderer,
        assets: AssetLibrary, settings: ConsoleSettings, names: any NameBook = NoNames(),
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.desk = desk
        self.days = days
        self.charges = charges
        self.vehicles = vehicles
        self.board = board
        self.fleet = fleet
        fleetWire = FleetWire()
        self.pages = pages
        self.assets = assets
        self.settings = settings
        self.names = names
        self.clock = clock
        cookies = ConsoleCookies(usesTLS: settings.usesTLS)
    }

    /// The pages over a database.
    ///
    /// - Parameter fleet: The process's own board; whoever makes it runs it.
    /// - Throws: When the share directory lacks a file, or a file of it is malformed.
    package init(
        database: PostgresClient, fleet: FleetBoard, settings: ConsoleSettings,
        names: any NameBook = NoNames(), logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) async throws {
        let staff = StaffStore(database)
        self.init(
            desk: SignInDesk(
                accounts: staff, sessions: staff, policy: settings.policy, logger: logger),
            days: TodayStore(database), charges: ChargeStore(database),
            vehicles: VehicleStore(database),
            board: TodayBoard(
                database: database, settings: settings, logger: logger, clock: clock),
            fleet: fleet, pages: try await PageRenderer(share: settings.share),
            assets: try AssetLibrary(settings.share),
            settings: settings, names: names, clock: clock)
    }

    /// Adds every route of ``ConsoleRoute`` and the page for addresses that do not exist.
    package func add(to router: Router<ConsoleContext>) {
        router.add(middleware: ConsoleAnswers(routes: self))
        for route in ConsoleRoute.allCases {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await answer(request, context, route)
            }
        }
    }
}

// MARK: - From request to answer

extension ConsoleRoutes {
    private func answer(
        _ request: Request, _ context: ConsoleContext, _ route: ConsoleRoute
    ) async throws -> Response {
        // An asset needs no session: pages would wait for the database once per file.
        if route == .asset { return asset(request, context) }
        let visit = try await receive(request, context, route)
        var response = try await admit(visit)
        if visit.tokenIsNew, response.headers[.setCookie] == nil {
            cookies.set(visit.token, on: &response)
        }
        return response
    }

    /// Finds out who asks, and checks that a form is one of ours.
    private func receive(
        _ request: Request, _ context: ConsoleContext, _ route: ConsoleRoute
    ) async throws -> Visit {
        let sender = try await identify(request)
        return Visit(
            request: request, context: context, route: route, language: sender.language,
            now: sender.now, token: sender.token, tokenIsNew: sender.tokenIsNew,
            user: sender.user, form: sender.form)
    }

    func identify(_ request: Request) async throws -> Sender {
        var random = SystemRandomNumberGenerator()
        let known = cookies.token(in: request)
        let token = known ?? SessionToken(using: &random)
        let now = clock()
        var form = FormFields()
        if request.method == .post {
            guard RequestOrigin.isOwn(request) else { throw ConsoleRefusal.foreignForm }
            let body = try await request.body.collect(upTo: FormFields.byteLimit)
            form = try FormFields(body: String(buffer: body))
            guard known != nil, token.accepts(formCode: form["form_code"]) else {
                throw ConsoleRefusal.foreignForm
            }
        }
        return Sender(
            language: cookies.language(in: request), now: now, token: token,
            tokenIsNew: known == nil,
            user: known == nil ? nil : try await desk.findUser(of: token, at: now), form: form)
    }

    private func admit(_ visit: Visit) async throws -> Response {
        if visit.route.access != .anyone, visit.user == nil {
            return try signInFirst(visit)
        }
        guard visit.allows(visit.route) else { throw ConsoleRefusal.forbidden }
        return try await handle(visit)
    }

    /// A page sends people to the sign-in and back; a script is told plainly.
    private func signInFirst(_ visit: Visit) throws -> Response {
        switch visit.route {
        case .todayFigures, .todayEvents, .fleetEvents, .fleetStreets, .fleetLandscape,
            .fleetVehicle:
            return Response(status: .unauthorized)
        default:
            let isPage = visit.route.method == .get
            let target = ReturnAddress(isPage ? visit.request.uri.string : nil)
            return .redirect(to: target.signInAddress, type: .normal)
        }
    }

    private func handle(_ visit: Visit) async throws -> Response {
        switch visit.route {
        case .home: .redirect(to: "/console/today", type: .normal)
        case .signInForm: signInForm(visit)
        case .signIn: try await signIn(visit)
        case .signOut: try await signOut(visit)
        case .language: switchLanguage(visit)
        case .asset: asset(visit.request, visit.context)
        case .today: try await today(visit)
        case .todayFigures: try await todayFigures(visit)
        case .todayEvents: await todayEvents(visit)
        case .fleet: try await fleet(visit)
        case .fleetEvents: await fleetEvents(visit)
        case .fleetStreets: try await fleetStreets(visit)
        case .fleetLandscape: fleetLandscape(visit)
        case .fleetVehicle: try await fleetVehicle(visit)
        case .charges: try await listCharges(visit)
        case .charge: try await showCharge(visit)
        case .unpricedTaps: try await listUnpricedTaps(visit)
        case .refusals: try await listRefusals(visit)
        }
    }

    private func asset(_ request: Request, _ context: ConsoleContext) -> Response {
        guard let name = context.parameters.get("name"), let asset = assets[name] else {
            return Response(status: .notFound)
        }
        let isExactVersion = request.queryValue("v") == asset.version
        let lifetime = isExactVersion ? "public, max-age=31536000, immutable" : "no-cache"
        return tagged(
            ByteBuffer(bytes: asset.bytes), asset.version, mediaType: asset.mediaType,
            cacheControl: lifetime, request)
    }

    /// An answer that a browser need not fetch again while it has the same version (RFC 9110,
    /// 13.1.2).
    func tagged(
        _ body: @autoclosure () -> ByteBuffer, _ version: String, mediaType: String,
        cacheControl: String, _ request: Request
    ) -> Response {
        let tag = "\"\(version)\""
        let headers: HTTPFields = [
            .contentType: mediaType, .cacheControl: cacheControl, .eTag: tag,
        ]
        let known = request.headers[.ifNoneMatch]?.split(separator: ",").map {
            $0.trimmingPrefix(while: \.isWhitespace).trimmingPrefix("W/")
        }
        if known?.contains(where: { $0 == tag || $0 == "*" }) ?? false {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body()))
    }
}

/// Who sent a request, and the form that came with it.
struct Sender: Sendable {
    let language: Language
    let now: Timestamp
    let token: SessionToken
    let tokenIsNew: Bool
    let user: StaffUser?
    let form: FormFields
}

/// Why a request gets an explaining page in place of what it asked for.
enum ConsoleRefusal: Error, Hashable {
    /// The form is too old, or not ours.
    case foreignForm
    /// Signed in, but not for this.
    case forbidden
    case notFound
}

import Console
import Store
import Synchronization
import TransitModel

/// Staff and sessions in memory, kept as the database keeps them.
actor FakeStaff: StaffAccounts, StaffSessions {
    private(set) var events: [SignInEvent] = []
    private(set) var sessions: [[UInt8]: StaffSession] = [:]
    private var users: [String: StaffUser] = [:]

    init(_ users: [StaffUser]) {
        for user in users { self.users[user.name] = user }
    }

    func findUser(named name: String) -> StaffUser? { users[name] }

    func dismiss(_ name: String) { users[name] = nil }

    func record(_ event: SignInEvent) { events.append(event) }

    func countFailures(
        userName: String, address: String, since: Timestamp
    ) -> (account: Int64, address: Int64) {
        let failures = events.filter { $0.outcome == .refused && $0.occurredAt > since }
        return (
            Int64(failures.count { $0.userName == userName }),
            Int64(failures.count { $0.address == address })
        )
    }

    func open(_ session: StaffSession, obsoleteBefore: Timestamp) {
        sessions[session.tokenHash] = session
    }

    func findSession(tokenHash: [UInt8]) -> (session: StaffSession, user: StaffUser)? {
        guard let session = sessions[tokenHash], let user = users[session.userName] else {
            return nil
        }
        return (session, user)
    }

    func touchSession(tokenHash: [UInt8], at now: Timestamp) {
        guard let session = sessions[tokenHash] else { return }
        sessions[tokenHash] = StaffSession(
            tokenHash: tokenHash, userName: session.userName, createdAt: session.createdAt,
            lastSeenAt: now)
    }

    func closeSession(tokenHash: [UInt8]) { sessions[tokenHash] = nil }
}

/// A day, charges and books that a test makes up.
struct FakeReadings: DayReadings, ChargeReadings, BookReadings, VehicleReadings {
    var day = TodayReading(
        date: ServiceDate(daysSince1970: 20_779), acceptedTaps: 0, refusals: [], charges: 0,
        revenue: .zero(.uah), unpricedTaps: 0, latestCharges: [])
    var summaries: [ChargeSummary] = []
    var charge: ChargeReading?
    var unpriced: [UnpricedTap] = []
    var refused: [RefusalReading] = []
    var vehicles: [ReceivedLocation] = []
    var health: [ReceivedHealth] = []
    var vehicleTaps: [VehicleReading.LatestTap] = []
    var standing = Books(
        lines: [], unbalancedEntryCount: 0, mispostedBatchCount: 0, disagreeingRiderCount: 0)

    func readDay(_: DaySpan, currency: Currency, latestLimit: Int) -> TodayReading { day }

    func listUnpricedTaps(_: Page) -> Paged<UnpricedTap> {
        Paged(elements: unpriced, total: Int64(unpriced.count))
    }

    func listRefusedTaps(of: DaySpan, _: Page) -> Paged<RefusalReading> {
        Paged(elements: refused, total: Int64(refused.count))
    }

    func list(of date: ServiceDate, _: Page) -> Paged<ChargeSummary> {
        Paged(elements: summaries, total: Int64(summaries.count))
    }

    func find(rider: RiderAccountID, charge id: ChargeID) -> ChargeReading? {
        charge.flatMap { $0.rider == rider && $0.charge == id ? $0 : nil }
    }

    func books() -> Books { standing }

    func readVehicle(_ vehicle: VehicleID, latestLimit: Int) -> VehicleReading {
        VehicleReading(
            latestTaps: vehicleTaps, devices: health.filter { $0.vehicle == vehicle })
    }
}

extension ZoneOffsets {
    /// Kyiv's clock from spring 2026 to spring 2027.
    static let kyiv = ZoneOffsets(
        name: "Europe/Kyiv", initialOffsetSeconds: 7_200,
        transitions: [
            .init(at: Timestamp(secondsSince1970: 1_774_746_000), offsetSeconds: 10_800),
            .init(at: Timestamp(secondsSince1970: 1_792_890_000), offsetSeconds: 7_200),
            .init(at: Timestamp(secondsSince1970: 1_806_195_600), offsetSeconds: 10_800),
        ])
}

/// A clock that stands until it is moved.
final class TestClock: Sendable {
    private let instant: Mutex<Timestamp>

    /// - Parameter start: Noon of a Sunday in Kyiv unless said otherwise.
    init(_ start: Timestamp = Timestamp(secondsSince1970: 1_795_341_600)) {
        instant = Mutex(start)
    }

    var now: Timestamp { instant.withLock { $0 } }

    func advance(by span: Duration) {
        instant.withLock { $0 = $0.advanced(by: span) }
    }
}

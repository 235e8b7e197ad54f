import Store
import TransitModel

// What the pages need from the stores, and no more. Tests stand in for the database with them.

/// Finds staff and remembers who tried to sign in.
package protocol StaffAccounts: Sendable {
    func findUser(named name: String) async throws -> StaffUser?
    func record(_ event: SignInEvent) async throws
    func countFailures(
        userName: String, address: String, since: Timestamp
    ) async throws -> (account: Int64, address: Int64)
}

/// Keeps signed-in browsers.
package protocol StaffSessions: Sendable {
    func open(_ session: StaffSession, obsoleteBefore: Timestamp) async throws
    func findSession(
        tokenHash: [UInt8]
    ) async throws -> (session: StaffSession, user: StaffUser)?
    func touchSession(tokenHash: [UInt8], at now: Timestamp) async throws
    func closeSession(tokenHash: [UInt8]) async throws
}

/// Tells what happened on a day.
package protocol DayReadings: Sendable {
    func readDay(
        _ day: DaySpan, currency: Currency, latestLimit: Int
    ) async throws -> TodayReading
    func listUnpricedTaps(_ page: Page) async throws -> Paged<UnpricedTap>
    func listRefusedTaps(of day: DaySpan, _ page: Page) async throws -> Paged<RefusalReading>
}

/// Tells what riders were charged and why.
package protocol ChargeReadings: Sendable {
    func list(of date: ServiceDate, _ page: Page) async throws -> Paged<ChargeSummary>
    func find(rider: RiderAccountID, charge: ChargeID) async throws -> ChargeReading?
}

/// Tells what happened lately on a vehicle.
package protocol VehicleReadings: Sendable {
    func readVehicle(_ vehicle: VehicleID, latestLimit: Int) async throws -> VehicleReading
}

/// Tells whether the books agree.
package protocol BookReadings: Sendable {
    func books() async throws -> Books
}

extension StaffStore: StaffAccounts, StaffSessions {}
extension TodayStore: DayReadings {}
extension ChargeStore: ChargeReadings {}
extension VehicleStore: VehicleReadings {}
extension LedgerStore: BookReadings {}

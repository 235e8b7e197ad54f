import CityLife
import Foundation
import LocalStack
import TransitModel

/// The city's vehicles whose validators live in this process, from enrolment on.
struct LightVehicles: Sendable {
    let enrolment: FleetEnrolment
    let stage: CityStage
    let riders: DemoRiders?
    let narrator: Narrator

    /// Enrols those that are new, and lets each live as soon as it can; until cancelled.
    func run(_ vehicles: [VehicleID]) async {
        guard !vehicles.isEmpty else { return }
        allowManyFiles()
        let (ready, inbox) = AsyncStream.makeStream(of: VehicleID.self)
        let line = LineTally()
        let fleet = LightFleet(
            stage: stage, boardings: riders?.boardings, counter: riders?.counter,
            clock: { .now })
        await withDiscardingTaskGroup { group in
            group.addTask {
                do {
                    try await enrol(vehicles) { inbox.yield($0) }
                } catch {
                    if !Task.isCancelled { narrator.say("! enrolment of the fleet: \(error)") }
                }
                inbox.finish()
            }
            group.addTask { await announce(vehicles.count, line) }
            await fleet.run(
                ready, open: { try await enrolment.open($0, line: line) },
                onTrouble: { vehicle, error in narrator.say("! \(vehicle): \(error)") })
            group.cancelAll()
        }
    }

    private func enrol(
        _ vehicles: [VehicleID], ready: @escaping @Sendable (VehicleID) -> Void
    ) async throws {
        let new = vehicles.filter { !enrolment.isEnrolled($0) }
        for vehicle in vehicles where enrolment.isEnrolled(vehicle) { ready(vehicle) }
        guard !new.isEmpty else { return }
        try await narrator.step("enrolment of \(new.count) vehicles") {
            try await enrolment.enrol(new, ready: ready)
        }
    }

    /// Says once when the whole fleet talks with the back office.
    private func announce(_ count: Int, _ line: LineTally) async {
        let start = ContinuousClock.now
        while line.connected < count {
            guard (try? await Task.sleep(for: .milliseconds(200))) != nil else { return }
        }
        let tenths = Int(start.duration(to: .now) / .milliseconds(100))
        narrator.say(
            "  ✓ \(count) vehicles talk with the back office, after \(tenths / 10).\(tenths % 10) s"
        )
    }

    /// Each validator keeps a connection and its journal's files open.
    private func allowManyFiles() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

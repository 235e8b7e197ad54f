import DemoPage
import LocalStack
import Logging
import PostgresClient
import Store
import Testing
import TransitModel

/// What the page says of its promises, when they are kept and when they are not.
@Suite("The director", .timeLimit(.minutes(5)))
struct DirectorTests {
    @Test("A tap in time keeps the promise; a late or refused one breaks it, and the page says so")
    func taps() async throws {
        let vehicle = FakeVehicle(verdicts: ["accepted", "accepted", "expired"])
        try await Stage.with(vehicle) { stage in
            try await stage.expect(.tap, toBe: .kept)
            await vehicle.answer(after: .milliseconds(900))
            try await stage.expect(.tap, toBe: .broken)
            await vehicle.answer(after: .milliseconds(4))
            try await stage.expect(.tap, toBe: .broken)
        }
    }

    @Test("Only what makes sense can be ordered, and one thing at a time")
    func orders() async throws {
        let vehicle = FakeVehicle()
        try await Stage.with(vehicle) { stage in
            for kind in [
                Deed.Kind.block, .tapBlocked, .unblock, .tapDark, .restoreNetwork,
                .restorePower,
            ] {
                #expect(await !stage.director.order(kind), "\(kind)")
            }
            _ = try await stage.perform(.tap)
            let cut = try await stage.perform(.cutNetwork)
            #expect(cut.sight == .networkCut(connections: 2))
            #expect(await !stage.director.order(.cutNetwork))
            try await stage.expect(.cutPower, toBe: .kept)
            #expect(await !stage.director.order(.tap))
            await vehicle.goAway()
            try await eventually("the vehicle to count as gone") {
                await stage.director.look().vehicle == nil
            }
            #expect(await !stage.director.order(.restorePower))
        }
    }

    @Test("Blocking goes through the deny list and is measured to the first refusal")
    func blocking() async throws {
        let vehicle = FakeVehicle(verdicts: [
            "accepted", "passback", "denied", "denied", "denied", "passback",
        ])
        try await Stage.with(vehicle) { stage in
            _ = try await stage.perform(.tap)
            try await stage.arrive(throughSequence: 1)
            let block = try await stage.perform(.block)
            guard case .changed(_, let attempts, let verdict) = block.sight else {
                Issue.record("\(block)")
                return
            }
            #expect(attempts == 2 && verdict == "denied" && block.standing == .kept)
            let scene = await stage.director.look()
            #expect(scene.blocked == [block.card])
            #expect(try await stage.deniedCount() == 1)

            try await stage.expect(.tapBlocked, toBe: .kept)
            let unblock = try await stage.perform(.unblock)
            guard case .changed(_, 2, "passback") = unblock.sight else {
                Issue.record("\(unblock)")
                return
            }
            #expect(try await stage.deniedCount() == 0)
        }
    }

    @Test("Without a network a block is published and its promise stays open")
    func blockingInTheDark() async throws {
        try await Stage.with(FakeVehicle()) { stage in
            _ = try await stage.perform(.tap)
            try await stage.arrive(throughSequence: 1)
            _ = try await stage.perform(.cutNetwork)
            let deed = try await stage.perform(.block)
            #expect(deed.sight == .unreachable && deed.standing == .open)
            #expect(try await stage.deniedCount() == 1)
        }
    }

    @Test("Taps in the dark are counted on disk and in the database, then as they arrive")
    func darkness() async throws {
        try await Stage.with(FakeVehicle()) { stage in
            _ = try await stage.perform(.cutNetwork)
            let dark = try await stage.perform(.tapDark)
            #expect(dark.standing == .kept)
            #expect(await stage.director.order(.restoreNetwork))
            try await eventually("the page to wait for them") {
                if case .arriving? = await stage.director.look().deeds.first?.sight { return true }
                return false
            }
            try await stage.arrive(throughSequence: UInt64(DemoDirector.darkTapCount))
            guard case .arrived(let arrival) = try await stage.outcome(.restoreNetwork).sight else {
                Issue.record("nothing arrived")
                return
            }
            #expect(arrival.waited == DemoDirector.darkTapCount)
            #expect(arrival.outcome.missing == 0 && arrival.outcome.doubled == 0)
            #expect(arrival.booksAgree && arrival.isAsPromised)
        }
    }

    @Test("A tap that stands in the log twice is never called kept")
    func doubled() async throws {
        try await Stage.with(FakeVehicle()) { stage in
            _ = try await stage.perform(.cutNetwork)
            _ = try await stage.perform(.tapDark)
            try await stage.arrive(throughSequence: 3)
            try await stage.arrive(throughSequence: UInt64(DemoDirector.darkTapCount))
            let deed = try await stage.perform(.restoreNetwork)
            #expect(deed.standing == .broken)
            guard case .arrived(let arrival) = deed.sight else { return }
            #expect(arrival.outcome.doubled == 3)
        }
    }

    @Test("A damaged journal is told of")
    func damage() async throws {
        let vehicle = FakeVehicle()
        await vehicle.find(JournalStanding(isSound: false, records: 3, unsent: 3))
        try await Stage.with(vehicle) { stage in
            _ = try await stage.perform(.cutNetwork)
            try await stage.expect(.tapDark, toBe: .broken)
            try await stage.expect(.cutPower, toBe: .broken)
        }
    }
}

/// A director over a real database and a vehicle in memory.
private struct Stage: Sendable {
    let director: DemoDirector
    let database: PostgresClient

    static func with(
        _ vehicle: FakeVehicle, _ test: @Sendable (Stage) async throws -> Void
    ) async throws {
        let database = try await TestOffice.database()
        let director = DemoDirector(
            control: vehicle, ledger: DemoLedger(database),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: { Timestamp(secondsSince1970: 1_795_341_600) })
        let life = Task { try await director.run() }
        _ = await director.look()
        let stage = Stage(director: director, database: database)
        do {
            try await test(stage)
        } catch {
            life.cancel()
            _ = await life.result
            throw error
        }
        life.cancel()
        _ = await life.result
        await database.close()
    }

    /// Orders a deed and waits until it is over.
    func perform(_ kind: Deed.Kind) async throws -> Deed {
        try await eventually("\(kind) to be taken") { await director.order(kind) }
        return try await outcome(kind)
    }

    func outcome(_ kind: Deed.Kind) async throws -> Deed {
        try await eventualValue("\(kind) to be over") {
            let deed = await director.look().deeds.first
            return deed?.standing == .underWay ? nil : deed
        }
    }

    func expect(
        _ kind: Deed.Kind, toBe standing: Deed.Standing,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let deed = try await perform(kind)
        #expect(deed.standing == standing, "\(deed)", sourceLocation: location)
    }

    /// What gateway and rating do with the vehicle's taps, all of one rider each.
    func arrive(throughSequence last: UInt64) async throws {
        for sequence in 1...last {
            try await TestOffice.arrive(sequence, in: database)
        }
    }

    func deniedCount() async throws -> Int {
        try await database.query("select count(*) as count from deny_entry").first?
            .decode("count") ?? -1
    }
}

import PostgresClient
import Store
import Testing
import TransitModel

@testable import Rating

@Suite("Routing")
struct RoutingTests {
    @Test("Accepted taps reach their riders, refusals are kept, the rest is set aside by name")
    func sorting() async throws {
        let town = try await Town.make()
        let log = DeviceLog("v1", seed: 1)
        try await log.append(
            [tap(1, at: 0), tap(2, at: 1), tap(1, at: 2, verdict: .refused(.passback))],
            to: town.database)
        try await log.append([[0xFF, 0xFF], nil], to: town.database)
        try await log.append([tap(1, at: 90)], to: town.database)
        // Another epoch's record in this one's place.
        let stranger = DeviceLog("v1", seed: 2)
        try await stranger.append([tap(3, at: 0)], to: town.database)
        try await town.database.execute(
            "update tap_log set epoch_id = \(log.epoch), sequence = 7 where epoch_id = \(stranger.epoch)"
        )
        try await town.database.execute("delete from epoch_head where epoch_id = \(stranger.epoch)")
        try await town.database.execute("update epoch_head set head_sequence = 7")

        while try await town.router.routePage() != nil {}
        #expect(try await town.database.count("rider_tap") == 3)
        #expect(try await town.database.count("media_rider") == 2)
        #expect(try await town.database.count("refused_tap", where: "refusal = 2") == 1)
        #expect(try await town.database.count("rider_work") == 2)
        let setAside = try await town.database.query(
            "select sequence, reason from set_aside_tap order by sequence")
        #expect(try setAside.map { try $0.decode("sequence", as: Int.self) } == [4, 5, 7])
        #expect(
            try setAside.map { try $0.decode("reason", as: String.self) }
                == ["not_protobuf", "missing_from_log", "misplaced"])
        #expect(try await town.database.count("epoch_head", where: "routed_sequence = 7") == 1)
        await town.close()
    }

    @Test("Routing again changes nothing")
    func repetition() async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append(
            (0..<9).map { tap(UInt8($0 % 3), at: Double($0)) }, to: town.database)
        try await town.settle()
        let before = try await town.database.entries()
        // As after a database that was restored to an older point.
        try await town.database.execute("update epoch_head set routed_sequence = 0")
        try await town.settle()
        #expect(try await town.database.count("rider_tap") == 9)
        #expect(try await town.database.count("media_rider") == 3)
        #expect(try await town.database.entries() == before)
        await town.close()
    }

    @Test("Several routers at once route everything once")
    func concurrency() async throws {
        let town = try await Town.make()
        for device in 0..<6 {
            try await DeviceLog(DeviceID("v\(device)"), seed: UInt64(device)).append(
                (0..<10).map { tap(UInt8($0), at: Double($0)) }, to: town.database)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { while try await town.router.routePage() != nil {} }
            }
            try await group.waitForAll()
        }
        while try await town.router.routePage() != nil {}
        #expect(try await town.database.count("rider_tap") == 60)
        #expect(try await town.database.count("media_rider") == 10)
        await town.close()
    }

    @Test("A record that the database refuses is set aside alone")
    func refusedByDatabase() async throws {
        let town = try await Town.make()
        let log = DeviceLog("v1", seed: 1)
        try await log.append(
            [tap(1, at: 0), tap(2, at: 1, vehicle: "bus\0"), tap(3, at: 2)], to: town.database)
        while try await town.router.routePage() != nil {}
        #expect(try await town.database.count("rider_tap") == 2)
        #expect(try await town.database.count("set_aside_tap", where: "sequence = 2") == 1)
        await town.close()
    }

    @Test("An epoch in quarantine waits")
    func quarantine() async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append([tap(1, at: 0)], to: town.database)
        try await town.database.execute("update epoch_head set state = 'quarantined'")
        #expect(try await town.router.routePage() == nil)
        try await town.database.execute("update epoch_head set state = 'closed'")
        #expect(try await town.router.routePage()?.accepted == 1)
        await town.close()
    }

    @Test("A page that fails half-way leaves no trace and is routed in full later")
    func rollback() async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append(
            [tap(1, at: 0), tap(2, at: 1)], to: town.database)
        // The last statement of the page fails, as if the server had gone there.
        try await town.database.execute(
            "alter table epoch_head add constraint stop check (routed_sequence = 0)")
        await #expect(throws: PostgresFailure.self) { try await town.router.routePage() }
        for table in ["rider_tap", "media_rider", "rider_work"] {
            #expect(try await town.database.count(table) == 0)
        }
        try await town.database.execute("alter table epoch_head drop constraint stop")
        try await town.settle()
        #expect(try await town.database.count("rider_tap") == 2)
        await town.close()
    }
}

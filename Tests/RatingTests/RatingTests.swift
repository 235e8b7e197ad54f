import LocalStack
import PostgresClient
import Store
import Testing
import TransitModel

@testable import Rating

@Suite("Rating")
struct RatingTests {
    @Test("A ride costs the flat fare, a transfer within the hour nothing, the next ride again")
    func flatFareWithTransfer() async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append(
            [tap(1, at: 0), tap(1, at: 60), tap(1, at: 61)], to: town.database)
        try await town.settle()
        #expect(try await town.database.entries() == ["charge 3000"])
        #expect(
            try await town.database.count("charge", where: "amount_minor = 3000") == 1,
            "One journey: the third ride is paid for again")
        await town.close()
    }

    @Test("A day's cap holds over its journeys, also for a tap that comes late")
    func dayCap() async throws {
        let capped = try Town.flatFare(caps: "day,day,20.00,UAH")
        let town = try await Town.make(tariffs: ShelfOfTariffs(capped))
        let (near, far) = (DeviceLog("v1", seed: 1), DeviceLog("v2", seed: 2))
        try await near.append([tap(1, at: 120), tap(1, at: 240)], to: town.database)
        try await town.settle()
        #expect(try await town.database.count("charge", where: "amount_minor = 500") == 1)
        try await far.append([tap(1, at: 0), tap(1, at: 24 * 60)], to: town.database)
        try await town.settle()
        let charged = try await town.database.query(
            """
            select sum(amount_minor)::bigint as total from charge
            where superseded_at is null
            """)
        #expect(try charged.first?.decode("total", as: Int64.self) == 3_500)
        #expect(
            try await town.database.count(
                "charge", where: "superseded_at is null and amount_minor = 0") == 1)
        await town.close()
    }

    @Test("A late tap inside a journey costs nothing more, and a new revision says why")
    func lateTransfer() async throws {
        let town = try await Town.make()
        let (near, far) = (DeviceLog("v1", seed: 1), DeviceLog("v2", seed: 2))
        try await near.append([tap(1, at: 10)], to: town.database)
        try await town.settle()
        // The ride that came first is uploaded last.
        try await far.append([tap(1, at: 0)], to: town.database)
        try await town.settle()
        #expect(try await town.database.entries() == ["charge 1500"])
        #expect(try await town.database.count("charge") == 2)
        let inForce = try await town.database.query(
            "select revision, charge_id from charge where superseded_at is null")
        #expect(inForce.count == 1)
        #expect(try inForce.first?.decode("revision", as: Int.self) == 2)
        #expect(try await town.database.count("charge_tap", where: "revision = 2") == 2)
        await town.close()
    }

    @Test("A late tap that joins two journeys gives back the difference and nothing else")
    func lateBridge() async throws {
        let town = try await Town.make()
        let (near, far) = (DeviceLog("v1", seed: 1), DeviceLog("v2", seed: 2))
        try await near.append([tap(1, at: 0), tap(1, at: 70), tap(1, at: 300)], to: town.database)
        try await town.settle()
        #expect(try await town.database.entries() == ["charge 1500", "charge 1500", "charge 1500"])
        try await far.append([tap(1, at: -15)], to: town.database)
        try await town.settle()
        // -15 pays, 0 is free; 70 is 85 minutes after the first and pays; the evening is untouched.
        #expect(try await total(town) == 4500)
        #expect(try await town.database.count("charge", where: "revision = 1") == 3)
        try await expectBooksAgree(town)
        await town.close()
    }

    @Test("The order in which taps arrive changes no rider's total", arguments: UInt64(1)...8)
    func orderOfArrival(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let minutes = (0..<12).map { _ in Double(Int.random(in: 0...600, using: &random)) }
        let (sorted, mixed) = (try await Town.make(), try await Town.make())
        let log = DeviceLog("v1", seed: seed)
        try await log.append(minutes.sorted().map { tap(1, at: $0) }, to: sorted.database)
        try await sorted.settle()
        for minute in minutes {
            try await log.append([tap(1, at: minute)], to: mixed.database)
            try await mixed.settle()
        }
        #expect(try await total(sorted) == total(mixed))
        try await expectBooksAgree(mixed)
        await sorted.close()
        await mixed.close()
    }

    @Test("Taps without a price are listed with their cause, and priced once a tariff can")
    func unpriceable() async throws {
        let town = try await Town.make(tariffs: ShelfOfTariffs(nil))
        try await DeviceLog("v1", seed: 1).append(
            [tap(1, at: 0), tap(2, at: 0, route: "99"), tap(3, at: 0, riders: 2)],
            to: town.database)
        try await town.settle()
        #expect(try await causes(town) == ["group_riders", "no_tariff", "no_tariff"])

        await town.tariffs.put(try Town.flatFare())
        try await town.database.withTransaction { connection in
            try RiderWorkStore.enqueueUnpriced(on: connection)
        }
        try await town.settle()
        #expect(try await causes(town) == ["group_riders", "unknown_route"])
        #expect(try await town.database.entries() == ["charge 1500"])
        await town.close()
    }

    @Test("Under a feed without fares taps wait by name, and are priced under one with fares")
    func feedWithoutFares() async throws {
        let town = try await Town.make(tariffs: ShelfOfTariffs(nil))
        await town.tariffs.putFeedWithoutFares()
        try await DeviceLog("v1", seed: 1).append(
            [tap(1, at: 0), tap(1, at: 20), tap(2, at: 0)], to: town.database)
        try await town.settle()
        #expect(try await causes(town) == ["no_fares", "no_fares", "no_fares"])
        #expect(try await town.database.entries() == [])

        await town.tariffs.put(try Town.flatFare())
        try await town.database.withTransaction { connection in
            try RiderWorkStore.enqueueUnpriced(on: connection)
        }
        try await town.settle()
        #expect(try await causes(town) == [])
        #expect(try await town.database.entries() == ["charge 1500", "charge 1500"])
        await town.close()
    }

    @Test("One leg without a price does not take its journey along")
    func partlyUnpriceable() async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append(
            [tap(1, at: 0), tap(1, at: 5, route: "7"), tap(1, at: 10)], to: town.database)
        try await town.settle()
        #expect(try await causes(town) == ["no_matching_fare"])
        #expect(try await town.database.entries() == ["charge 1500"])
        #expect(try await town.database.count("charge_tap") == 2)
        await town.close()
    }

    @Test("Several workers at once rate each rider once")
    func concurrency() async throws {
        let town = try await Town.make()
        let log = DeviceLog("v1", seed: 1)
        try await log.append(
            (0..<40).map { tap(UInt8($0), at: Double($0)) }, to: town.database)
        while try await town.router.routePage() != nil {}
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { while try await town.worker.rateBatch() != nil {} }
                group.addTask { _ = try await town.batcher.postBatch() }
            }
            try await group.waitForAll()
        }
        #expect(try await town.database.count("charge") == 40)
        #expect(try await town.database.count("rider_work") == 0)
        #expect(try await total(town) == 40 * 1500)
        try await expectBooksAgree(town)
        await town.close()
    }

    @Test("A rider whom another worker holds for a moment is waited for, not put off")
    func momentaryHold() async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append([tap(1, at: 0)], to: town.database)
        while try await town.router.routePage() != nil {}
        let claimed = try await town.database.withTransaction { connection in
            try RiderWorkStore.claim(limit: 9, lease: .seconds(5), on: connection)
        }
        // A search for due riders that began before the claim locks the row that it rejects.
        let ours = try await town.database.withTransaction { connection in
            try connection.execute("select 1 from rider_work for update")
            let ours = Task {
                try await town.database.withTransaction { connection in
                    try RiderWorkStore.lock(claimed, on: connection)
                }
            }
            try await eventually("the worker to wait for its rider") {
                try await town.database.count(
                    "pg_stat_activity",
                    where: """
                        datname = current_database() and wait_event_type = 'Lock'
                            and query like 'select rider_id%'
                        """) > 0
            }
            return ours
        }
        #expect(try await ours.value == claimed)
        await town.close()
    }

    @Test("A worker whose lease ran out leaves the rider to the next")
    func lostClaim() async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append([tap(1, at: 0)], to: town.database)
        while try await town.router.routePage() != nil {}
        let claims = try await town.database.withTransaction { connection in
            let slow = try RiderWorkStore.claim(limit: 9, lease: .zero, on: connection)
            return (slow, try RiderWorkStore.claim(limit: 9, lease: .seconds(5), on: connection))
        }
        let (slow, next) = claims
        #expect(next.map(\.attempts) == [2])
        let (lost, held) = try await town.database.withTransaction { connection in
            (
                try RiderWorkStore.lock(slow, on: connection),
                try RiderWorkStore.lock(next, on: connection)
            )
        }
        #expect(lost.isEmpty)
        #expect(held == next)
        await town.close()
    }

    @Test("A tap that arrives while its rider is being rated is not forgotten")
    func arrivalDuringRating() async throws {
        let town = try await Town.make()
        let log = DeviceLog("v1", seed: 1)
        try await log.append([tap(1, at: 0)], to: town.database)
        while try await town.router.routePage() != nil {}
        let claimed = try await town.database.withTransaction { connection in
            try RiderWorkStore.claim(limit: 9, lease: .seconds(5), on: connection)
        }
        let arrival = try await town.database.withTransaction { connection in
            let held = try RiderWorkStore.lock(claimed, on: connection)
            #expect(held == claimed)
            let arrival = Task {
                try await log.append([tap(1, at: 300)], to: town.database)
                return try await town.router.routePage()
            }
            try await eventually("the router to wait for the rider") {
                try await town.database.count(
                    "pg_stat_activity",
                    where: """
                        datname = current_database() and wait_event_type = 'Lock'
                            and query like 'insert into rider_work%'
                        """) > 0
            }
            // The worker has read the taps before; it takes the rider off the queue.
            try RiderWorkStore.finish(held.map(\.rider), on: connection)
            return arrival
        }
        #expect(try await arrival.value?.accepted == 1)
        #expect(try await town.database.count("rider_work") == 1)
        try await town.settle()
        // The ride of then; the worker that we played wrote no charge for the first.
        #expect(try await town.database.entries() == ["charge 1500"])
        #expect(try await town.database.count("charge_tap", where: "sequence = 2") == 1)
        await town.close()
    }

    @Test("Under a tariff with a shorter transfer a journey is taken apart, whole")
    func shorterWindow() async throws {
        let town = try await Town.make(
            tariffs: ShelfOfTariffs(Town.flatFare(transferSeconds: 7_200)))
        try await DeviceLog("v1", seed: 1).append(
            [tap(1, at: 0), tap(1, at: 90)], to: town.database)
        try await town.settle()
        #expect(try await town.database.entries() == ["charge 1500"])
        await town.tariffs.put(try Town.flatFare(version: "2"))
        // Only the later tap is said to be affected; its charge begins with the earlier.
        try await town.database.execute(
            """
            insert into rider_work (rider_id, enqueued_at, affected_from, due_at)
            select rider_id, now(), max(tapped_at), now() from rider_tap group by rider_id
            """)
        try await town.settle()
        #expect(try await total(town) == 3000)
        #expect(try await town.database.count("charge", where: "superseded_at is null") == 2)
        try await expectBooksAgree(town)
        await town.close()
    }

    @Test("A rider who cannot be rated holds up nobody, comes back later, and then rests")
    func poisonedRider() async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append(
            [tap(1, at: 0), tap(2, at: 1), tap(3, at: 2)], to: town.database)
        while try await town.router.routePage() != nil {}
        let row = try #require(
            try await town.database.query("select rider_id from rider_work limit 1").first)
        let poisoned: RiderAccountID = try row.decode("rider_id")
        try await town.database.execute(
            """
            create function refuse() returns trigger language plpgsql as
                $$ begin raise exception 'no' using errcode = 'P0001'; end $$
            """)
        try await town.database.execute(
            """
            create trigger refuse before insert on charge for each row
            when (new.rider_id = '\(unescaped: poisoned.description)') execute function refuse()
            """)
        let outcome = try #require(try await town.worker.rateBatch())
        #expect(outcome.riders == 2)
        #expect(outcome.failures == ["postgres.P0001"])
        #expect(try await town.worker.rateBatch() == nil, "It is not due yet")
        for _ in 2...RiderWorkStore.attemptLimit {
            try await town.database.execute("update rider_work set due_at = now()")
            #expect(try await town.worker.rateBatch()?.failures.count == 1)
        }
        try await town.database.execute("update rider_work set due_at = now()")
        #expect(try await town.worker.rateBatch() == nil, "It rests until staff release it")

        try await town.database.execute("drop trigger refuse on charge")
        try await town.database.withConnection { connection in
            let wasResting = try RiderWorkStore.release(poisoned, on: connection)
            #expect(wasResting)
        }
        try await town.settle()
        #expect(try await total(town) == 3 * 1500)
        await town.close()
    }

    @Test("A worker that died holding riders costs them a pause, not a charge")
    func abandonedClaim() async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append([tap(1, at: 0)], to: town.database)
        while try await town.router.routePage() != nil {}
        try await town.database.withTransaction { connection in
            let claimed = try RiderWorkStore.claim(limit: 9, lease: .seconds(5), on: connection)
            #expect(claimed.count == 1)
        }
        #expect(try await town.worker.rateBatch() == nil)
        try await town.database.execute("update rider_work set due_at = now()")
        #expect(try await town.worker.rateBatch()?.charges == 1)
        #expect(try await town.database.entries() == ["charge 1500"])
        await town.close()
    }

    @Test("Rating the same taps again under the same tariff writes nothing")
    func repetition() async throws {
        let town = try await Town.make()
        try await DeviceLog("v1", seed: 1).append(
            [tap(1, at: 0), tap(1, at: 30), tap(1, at: 200)], to: town.database)
        try await town.settle()
        try await rateEverybodyAgain(town)
        #expect(try await town.database.count("charge") == 2)
        #expect(try await town.database.entries() == ["charge 1500", "charge 1500"])
        await town.tariffs.put(try Town.flatFare(minor: 20_00, version: "2"))
        try await rateEverybodyAgain(town)
        #expect(
            try await town.database.entries()
                == ["charge 1500", "charge 1500", "adjustment 500", "adjustment 500"])
        try await expectBooksAgree(town)
        await town.close()
    }

    private func rateEverybodyAgain(_ town: Town) async throws {
        try await town.database.execute(
            """
            insert into rider_work (rider_id, enqueued_at, affected_from, due_at)
            select rider_id, now(), min(tapped_at), now() from rider_tap group by rider_id
            """)
        try await town.settle()
    }

    private func total(_ town: Town) async throws -> Int {
        try await town.database.query("select sum(amount_minor) as total from rider_entry").first?
            .decode("total") ?? 0
    }

    private func causes(_ town: Town) async throws -> [String] {
        try await town.database.query("select cause from unpriced_tap order by cause")
            .map { try $0.decode("cause") }
    }
}

/// Every sub-ledger equals the general ledger and what is not batched, now and once it is.
func expectBooksAgree(
    _ town: Town, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let ledger = LedgerStore(town.database)
    let before = try await ledger.books()
    #expect(before.agree, "\(before)", sourceLocation: sourceLocation)
    while try await town.batcher.postBatch() != nil {}
    let after = try await ledger.books()
    #expect(after.agree, "\(after)", sourceLocation: sourceLocation)
    #expect(after.lines.allSatisfy { $0.unbatched == 0 }, sourceLocation: sourceLocation)
}

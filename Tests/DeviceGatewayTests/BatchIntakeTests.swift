import DeviceGateway
import DeviceProtocol
import PostgresClient
import Store
import Testing
import TransitModel

@Suite("Batch intake")
struct BatchIntakeTests {
    @Test("Records land in the log as they came, in the archive first, and are acknowledged")
    func appends() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        var epoch = TestEpoch(of: device)
        try epoch.append(5)
        let batch = try epoch.batch(1...5, by: device)
        let answer = try await office.send(batch, from: device)
        #expect(answer.disposition == .appended)
        #expect(answer.headSequence == 5)
        #expect(answer.headHash == epoch.hash(at: 5))
        #expect(answer.prunableThrough == 5)
        #expect(try await office.records(of: epoch) == epoch.records)
        #expect(try office.archived().map(\.batch) == [batch.serialized()])
    }

    @Test("A lost acknowledgement costs nothing: the same batch is acknowledged again")
    func lostAcknowledgement() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        var epoch = TestEpoch(of: device)
        try epoch.append(6)
        _ = try await office.send(try epoch.batch(1...4, by: device), from: device)
        let again = try await office.send(try epoch.batch(1...4, by: device), from: device)
        #expect(again.disposition == .repeated)
        let overlapping = try await office.send(try epoch.batch(3...6, by: device), from: device)
        #expect(overlapping.disposition == .appended)
        let old = try await office.send(try epoch.batch(2...3, by: device), from: device)
        #expect(old.disposition == .repeated)
        #expect(old.headSequence == 6)
        #expect(try await office.records(of: epoch) == epoch.records)
    }

    @Test("The same batch at the same moment on several connections gives its rows once")
    func sameMoment() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        for _ in 0..<15 {
            var epoch = TestEpoch(of: device)
            try epoch.append(40)
            for range in [1...20, 21...40] as [ClosedRange<UInt64>] {
                let batch = try epoch.batch(range, by: device)
                let answers = try await withThrowingTaskGroup(of: Acknowledgement.self) { group in
                    for _ in 0..<6 {
                        group.addTask { try await office.send(batch, from: device) }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.count { $0.disposition == .appended } == 1)
                #expect(answers.count { $0.disposition == .repeated } == 5)
                #expect(answers.allSatisfy { $0.headSequence == range.upperBound })
            }
            #expect(try await office.records(of: epoch) == epoch.records)
        }
    }

    @Test("Overlapping batches from everywhere at once leave each record once", arguments: 1...6)
    func storm(seed: UInt64) async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        var random = SeededGenerator(seed: seed)
        var epoch = TestEpoch(of: device)
        try epoch.append(60)
        var batches: [TapBatch] = []
        for _ in 0..<60 {
            let first = random.next(upperBound: UInt64(60)) + 1
            let last = min(60, first + random.next(upperBound: UInt64(12)))
            batches.append(try epoch.batch(first...last, by: device))
        }
        let final = try epoch.batch(1...60, by: device)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for batch in batches {
                group.addTask {
                    let answer = try await office.send(batch, from: device)
                    if case .quarantined(let reason) = answer.disposition {
                        Issue.record("quarantined: \(reason.code)")
                    }
                }
            }
            try await group.waitForAll()
        }
        _ = try await office.send(final, from: device)
        #expect(try await office.records(of: epoch) == epoch.records)
    }

    @Test("A gap is answered with the head to go on from")
    func gap() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        var epoch = TestEpoch(of: device)
        try epoch.append(6)
        let first = try await office.send(try epoch.batch(4...6, by: device), from: device)
        #expect(first.disposition == .gap)
        #expect(first.headSequence == 0)
        #expect(first.headHash == epoch.hash(at: 0))
        _ = try await office.send(try epoch.batch(1...2, by: device), from: device)
        let second = try await office.send(try epoch.batch(4...6, by: device), from: device)
        #expect(second.disposition == .gap)
        #expect(second.headSequence == 2)
        #expect(try await office.records(of: epoch).count == 2)
    }

    @Test("A fork goes into quarantine; what was there stays, and the epoch takes no more")
    func fork() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        var ours = TestEpoch(of: device)
        var theirs = TestEpoch(of: device, id: ours.opening.epoch)
        try ours.append(5)
        try theirs.append(3)
        try theirs.append(2, filler: 9)
        _ = try await office.send(try ours.batch(1...4, by: device), from: device)
        let forked = try theirs.batch(1...5, by: device)
        let answer = try await office.send(forked, from: device)
        #expect(answer.disposition == .quarantined(.fork))
        #expect(answer.receivedThrough == 5)
        #expect(answer.prunableThrough == 4)
        #expect(try await office.records(of: ours) == Array(ours.records.prefix(4)))
        #expect(try await office.state(of: ours) == "quarantined")
        let more = try await office.send(try ours.batch(5...5, by: device), from: device)
        #expect(more.disposition == .quarantined(.epochQuarantined))
        _ = try await office.send(forked, from: device)
        #expect(try await office.count("quarantined_batch") == 2)
        #expect(try await office.records(of: ours).count == 4)
    }

    @Test("A cloned disk shows itself: two children of one epoch grow, and both are flagged")
    func twoChildren() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        var parent = TestEpoch(of: device)
        try parent.append(3)
        var child = TestEpoch(of: device, parent: parent.asParent())
        var clone = TestEpoch(of: device, parent: parent.asParent())
        try child.append(2)
        try clone.append(2, filler: 9)
        _ = try await office.send(try parent.batch(1...3, by: device), from: device)
        let first = try await office.send(try child.batch(1...2, by: device), from: device)
        #expect(first.disposition == .appended)
        #expect(try await office.state(of: parent) == "closed")
        let second = try await office.send(try clone.batch(1...2, by: device), from: device)
        #expect(second.disposition == .quarantined(.twoChildren))
        #expect(try await office.state(of: child) == "quarantined")
        #expect(try await office.state(of: clone) == "quarantined")
        #expect(try await office.records(of: clone).isEmpty)
    }

    @Test("Children that arrive at the same moment cannot both pass")
    func twoChildrenAtOnce() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        for _ in 0..<8 {
            var parent = TestEpoch(of: device)
            try parent.append(1)
            _ = try await office.send(try parent.batch(1...1, by: device), from: device)
            let children = try (0..<4).map { number in
                var child = TestEpoch(of: device, parent: parent.asParent())
                try child.append(1, filler: UInt8(number))
                return try child.batch(1...1, by: device)
            }
            let answers = try await withThrowingTaskGroup(of: Acknowledgement.self) { group in
                for batch in children {
                    group.addTask { try await office.send(batch, from: device) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.disposition == .appended } == 1)
        }
    }

    @Test("A restored disk is caught when it goes on from its past")
    func restoredDisk() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        var parent = TestEpoch(of: device)
        try parent.append(5)
        _ = try await office.send(try parent.batch(1...5, by: device), from: device)
        var child = TestEpoch(of: device, parent: parent.asParent(at: 3))
        try child.append(1)
        let answer = try await office.send(try child.batch(1...1, by: device), from: device)
        #expect(answer.disposition == .quarantined(.closedEpochGrows))
        #expect(try await office.state(of: parent) == "quarantined")
    }

    @Test("An older epoch is delivered behind the live one")
    func liveFirst() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        var old = TestEpoch(of: device)
        try old.append(4)
        var live = TestEpoch(of: device, parent: old.asParent())
        try live.append(1)
        _ = try await office.send(try live.batch(1...1, by: device), from: device)
        let answer = try await office.send(try old.batch(1...4, by: device), from: device)
        #expect(answer.disposition == .appended)
        #expect(try await office.records(of: old) == old.records)
    }

    @Test("A record that cannot be read is stored and set aside, and blocks nothing")
    func poison() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        var epoch = TestEpoch(of: device)
        try epoch.append(2)
        epoch.append(rawBytes: [0xFF, 0x00, 0xFF])
        try epoch.append(2)
        let answer = try await office.send(try epoch.batch(1...5, by: device), from: device)
        #expect(answer.disposition == .appended)
        #expect(try await office.records(of: epoch) == epoch.records)
        let aside = try await office.database.query("select sequence, reason from set_aside_tap")
        #expect(try aside.map { try $0.decode("sequence", as: Int64.self) } == [3])
        #expect(try aside.map { try $0.decode("reason", as: String.self) } == ["not_protobuf"])
    }

    @Test("Bytes that are no batch are refused, and nothing changes")
    func malformed() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        var epoch = TestEpoch(of: device)
        try epoch.append(3)
        let bytes = try epoch.batch(1...3, by: device).serialized()
        for broken in [[], [1, 2, 3], Array(bytes.dropLast(70)), bytes + [0xFF]] as [[UInt8]] {
            await #expect(throws: WireFailure.self) {
                try await office.intake.take(broken, from: device.credential)
            }
        }
        #expect(try await office.count("tap_log") == 0)
        #expect(try await office.count("epoch_head") == 0)
        let answer = try await office.send(try epoch.batch(1...3, by: device), from: device)
        #expect(answer.disposition == .appended)
    }

    @Test("A batch signed by another key, or under another's name, is not charged")
    func impostor() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        let other = try await office.enrol("validator-8")
        var epoch = TestEpoch(of: device)
        try epoch.append(2)
        let stolen = try await office.send(try epoch.batch(1...2, by: device), from: other)
        #expect(stolen.disposition == .quarantined(.wrongDevice))
        let forged = try await office.send(try epoch.batch(1...2, by: other), from: device)
        #expect(forged.disposition == .quarantined(.badSignature))
        #expect(try await office.count("tap_log") == 0)
    }

    @Test("A revoked device's taps go into quarantine; an unknown certificate gets nothing")
    func revoked() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        var epoch = TestEpoch(of: device)
        try epoch.append(3)
        _ = try await office.send(try epoch.batch(1...2, by: device), from: device)
        try await office.database.withConnection { connection in
            _ = try DeviceStore.revoke(device.name.device, at: TestOffice.noon, on: connection)
        }
        let answer = try await office.send(try epoch.batch(3...3, by: device), from: device)
        #expect(answer.disposition == .quarantined(.deviceRevoked))
        #expect(try await office.records(of: epoch).count == 2)
        let stranger = try TestDevice(device.name, authority: office.authority)
        await #expect(throws: GatewayRefusal.unknownDevice) {
            try await office.send(try epoch.batch(3...3, by: stranger), from: stranger)
        }
    }

    @Test("New taps are announced once they are committed")
    func notifies() async throws {
        let office = try await TestOffice()
        let device = try await office.enrol()
        var signals = office.database.listen(to: [Channel.taps]).makeAsyncIterator()
        #expect(await signals.next() == .listening)
        var epoch = TestEpoch(of: device)
        try epoch.append(1)
        _ = try await office.send(try epoch.batch(1...1, by: device), from: device)
        #expect(await signals.next() == .notified(channel: Channel.taps, payload: ""))
    }

    @Test("Months of receipt get partitions of their own; preparing twice changes nothing")
    func partitions() async throws {
        let office = try await TestOffice()
        let december = Timestamp(secondsSince1970: 1_797_000_000)
        try await MonthlyPartitions.tapLog.prepare(office.database, at: december)
        try await MonthlyPartitions.tapLog.prepare(office.database, at: december)
        let names = try await office.database.query(
            """
            select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'tap_log'::regclass order by c.relname
            """
        ).map { try $0.decode("name", as: String.self) }
        #expect(
            names == [
                "tap_log_2026_12", "tap_log_2027_01", "tap_log_2027_02", "tap_log_default",
            ])
    }
}

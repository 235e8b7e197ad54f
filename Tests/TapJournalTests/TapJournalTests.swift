import DeviceProtocol
import Foundation
import LocalStack
import TapJournal
import Testing
import TransitModel

@Suite("Tap journal")
struct TapJournalTests {
    private let folder: URL

    init() throws {
        folder = try ScratchFolder("journal").url
    }

    private func fill(_ count: Int, limits: TapJournal.Limits = .init()) async throws {
        let journal = try await Sample.open(folder, limits: limits)
        for number in 0..<count { _ = try await journal.append(try Sample.tap(number)) }
    }

    private func records() throws -> [TapRecord] {
        try JournalInspection(folder: folder).listRecords().map { try TapRecord(serialized: $0) }
    }

    @Test("Taps are numbered from 1 and chained")
    func chain() async throws {
        let journal = try await Sample.open(folder)
        let first = try await journal.append(try Sample.tap(1))
        let second = try await journal.append(try Sample.tap(2))
        #expect(first.record.sequence == 1)
        #expect(second.record.sequence == 2)
        #expect(second.record.previousHash == first.hash)
        #expect(second.record.epoch == first.record.epoch)
        let report = try JournalInspection(folder: folder).verify()
        #expect(report.isSound)
        #expect(report.recordCount == 2)
        #expect(report.unsentCount == 2)
    }

    @Test("Every start opens an epoch that names the one before and its head")
    func epochs() async throws {
        try await fill(2)
        try await fill(0)
        try await fill(1)
        let journal = try await Sample.open(folder)
        let progress = try await journal.listProgress()
        // The start that saw no tap left nothing behind.
        #expect(progress.map(\.lastSequence) == [2, 1, 0])
        #expect(progress.map(\.isLive) == [false, false, true])
        let records = try records()
        let order = UplinkMachine.Order(
            epoch: records[2].epoch, firstSequence: 1, count: 1)
        let run = try #require(try await journal.read(order))
        let opening = try EpochOpening(serialized: run.openingBytes)
        #expect(opening.parent?.epoch == records[0].epoch)
        #expect(opening.parent?.lastSequence == 2)
        #expect(opening.parent?.lastHash == ChainHash.of(records[1].serialized()))
        #expect(records[2].previousHash == ChainHash.of(run.openingBytes))
    }

    @Test("A second writer is kept out")
    func oneWriter() async throws {
        let journal = try await Sample.open(folder)
        await #expect(throws: JournalFailure.inUse) { try await Sample.open(folder) }
        _ = try await journal.append(try Sample.tap())
    }

    @Test("The journal of another device is not written to")
    func otherDevice() async throws {
        try await fill(1)
        await #expect(throws: JournalFailure.otherDevice(Sample.device)) {
            try await TapJournal.open(folder: folder, device: "other")
        }
    }

    @Test("Nobody else may read it")
    func isPrivate() async throws {
        try await fill(1)
        let attributes = try FileManager.default.attributesOfItem(
            atPath: folder.appending(path: "journal.sqlite").path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("An order is answered with stored bytes and what they continue from")
    func reading() async throws {
        let journal = try await Sample.open(folder)
        var taps: [JournalledTap] = []
        for number in 0..<5 { taps.append(try await journal.append(try Sample.tap(number))) }
        let order = UplinkMachine.Order(epoch: taps[0].record.epoch, firstSequence: 3, count: 2)
        let run = try #require(try await journal.read(order))
        #expect(run.records == [taps[2].bytes, taps[3].bytes])
        #expect(run.previousHash == taps[1].hash)
    }

    @Test("A large backlog gives live taps an epoch of their own")
    func backlog() async throws {
        try await fill(7, limits: .init(backlog: 3))
        let journal = try await Sample.open(folder)
        #expect(try await journal.listProgress().map(\.lastSequence) == [3, 3, 1, 0])
        #expect(try JournalInspection(folder: folder).verify().isSound)
    }

    @Test("Accepted taps of the last minutes are known after a restart")
    func recentAccepted() async throws {
        let journal = try await Sample.open(folder)
        for number in 0..<6 {
            let verdict: TapVerdict = number == 4 ? .refused(.denied) : .accepted
            _ = try await journal.append(try Sample.tap(number, verdict: verdict))
        }
        let recent = try await journal.recentAccepted(
            since: Sample.noon.advanced(by: .seconds(3)))
        #expect(recent.map(\.sequence) == [4, 6])
    }

    @Test("An append wakes whoever listens; the first signal comes at once")
    func wakes() async throws {
        let journal = try await Sample.open(folder)
        var wakes = await journal.wakes().makeAsyncIterator()
        await wakes.next()
        _ = try await journal.append(try Sample.tap())
        await wakes.next()
        #expect(await journal.liveProgress.lastSequence == 1)
    }
}

@Suite("Acknowledging and forgetting")
struct JournalPruningTests {
    private let folder: URL

    init() throws {
        folder = try ScratchFolder("journal").url
    }

    private func acknowledgement(
        of tap: JournalledTap, prunable: UInt64? = nil,
        _ disposition: Acknowledgement.Disposition = .appended
    ) -> Acknowledgement {
        Acknowledgement(
            epoch: tap.record.epoch, headSequence: tap.record.sequence, headHash: tap.hash,
            prunableThrough: prunable ?? tap.record.sequence, disposition: disposition,
            receivedThrough: tap.record.sequence)
    }

    private func filled(_ count: Int) async throws -> (TapJournal, [JournalledTap]) {
        let journal = try await Sample.open(folder)
        var taps: [JournalledTap] = []
        for number in 0..<count { taps.append(try await journal.append(try Sample.tap(number))) }
        return (journal, taps)
    }

    @Test("What the server has survives a restart as acknowledged, also when it went backwards")
    func acknowledged() async throws {
        var (journal, taps): (TapJournal?, [JournalledTap]) = try await filled(4)
        try await journal?.record(acknowledgement(of: taps[2]))
        #expect(await journal?.liveProgress.acknowledgedThrough == 3)
        try await journal?.record(acknowledgement(of: taps[0], .gap))
        journal = nil
        let reopened = try await Sample.open(folder)
        #expect(try await reopened.listProgress().map(\.acknowledgedThrough) == [1, 0])
    }

    @Test("A head with another hash is refused, and nothing is forgotten on its word")
    func disagreement() async throws {
        let (journal, taps) = try await filled(3)
        let lie = Acknowledgement(
            epoch: taps[0].record.epoch, headSequence: 2, headHash: ChainHash.of([1]),
            prunableThrough: 2, disposition: .appended, receivedThrough: 2)
        await #expect(throws: JournalFailure.disagreement(taps[1].id)) {
            try await journal.record(lie)
        }
        try await journal.prune(olderThan: Sample.noon.advanced(by: .seconds(3_600)))
        #expect(try JournalInspection(folder: folder).verify().recordCount == 3)
    }

    @Test("Only what is prunable and old is forgotten, and the chain still verifies")
    func prune() async throws {
        let (journal, taps) = try await filled(6)
        try await journal.record(acknowledgement(of: taps[5], prunable: 4))
        try await journal.prune(olderThan: Sample.noon.advanced(by: .seconds(2)))
        #expect(try JournalInspection(folder: folder).verify().recordCount == 4)
        try await journal.prune(olderThan: Sample.noon.advanced(by: .seconds(3_600)))
        let report = try JournalInspection(folder: folder).verify()
        #expect(report.recordCount == 2)
        #expect(report.isSound)
        let gone = UplinkMachine.Order(
            epoch: taps[0].record.epoch, firstSequence: 2, count: 2)
        #expect(try await journal.read(gone) == nil)
        let next = UplinkMachine.Order(
            epoch: taps[0].record.epoch, firstSequence: 5, count: 9)
        #expect(try await journal.read(next)?.previousHash == taps[3].hash)
        let more = try await journal.append(try Sample.tap(9))
        #expect(more.record.previousHash == taps[5].hash)
    }

    @Test("An epoch that is forgotten in full leaves its successors' parents intact")
    func pruneWholeEpochs() async throws {
        for _ in 0..<3 {
            let (journal, taps) = try await filled(2)
            try await journal.record(acknowledgement(of: taps[1]))
        }
        let journal = try await Sample.open(folder)
        try await journal.prune(olderThan: Sample.noon.advanced(by: .seconds(3_600)))
        #expect(try await journal.listProgress().map(\.lastSequence) == [2, 0])
        #expect(try JournalInspection(folder: folder).verify().isSound)
    }

    @Test("An epoch in quarantine is kept whole and not sent again")
    func quarantined() async throws {
        let (journal, taps) = try await filled(2)
        try await journal.record(
            acknowledgement(of: taps[1], .quarantined(.twoChildren)))
        try await journal.prune(olderThan: Sample.noon.advanced(by: .seconds(3_600)))
        #expect(try JournalInspection(folder: folder).verify().recordCount == 2)
        #expect(try await journal.listProgress().map(\.acknowledgedThrough) == [2])
    }
}

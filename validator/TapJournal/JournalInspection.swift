import DeviceProtocol
import Foundation
import GRDB
import TransitModel

/// Reads a journal without writing to it, also beside a running validator.
package struct JournalInspection: Sendable {
    /// What is wrong at one place of a journal.
    package struct Finding: Hashable, Sendable, CustomStringConvertible {
        package let epoch: EpochID?
        package let sequence: UInt64?
        /// A stable code: `structure`, `opening`, `gap`, `hash`, `chain`, `record.…`, `parent`.
        package let code: String

        package var description: String {
            let place = [epoch.map(\.description), sequence.map(String.init)].compactMap(\.self)
            return place.isEmpty ? code : "\(place.joined(separator: "/")): \(code)"
        }
    }

    package struct Report: Hashable, Sendable {
        package var epochCount = 0
        package var recordCount = 0
        package var acceptedCount = 0
        package var unsentCount = 0
        package var findings: [Finding] = []

        package var isSound: Bool { findings.isEmpty }
    }

    private static let pageSize = 1_000
    private let file: JournalFile

    /// - Parameter folder: The one that ``TapJournal`` was opened in.
    package init(folder: URL) throws {
        let database = JournalFolder(url: folder).database
        guard FileManager.default.fileExists(atPath: database.path) else {
            throw JournalFailure.fileSystem(code: ENOENT)
        }
        do {
            file = try JournalFile(at: database, isReadOnly: true)
        } catch let error as DatabaseError {
            throw JournalFailure.storage(code: error.extendedResultCode.rawValue)
        }
    }

    /// Every record still held, oldest epoch first, as stored.
    package func listRecords() throws -> [[UInt8]] {
        try file.listEpochs().flatMap { epoch in
            try file.list(in: epoch, from: 0, limit: -1).map(\.bytes)
        }
    }

    /// Follows every chain from its opening, or from the last record that was pruned.
    package func verify() -> Report {
        var report = Report()
        do {
            guard try file.isSound() else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            let epochs = try file.listEpochs()
            var heads: [EpochID: JournalFile.Head] = [:]
            for epoch in epochs { heads[epoch.id] = try follow(epoch, &report) }
            report.epochCount = epochs.count
            for epoch in epochs { checkParent(of: epoch, heads, &report) }
        } catch {
            report.findings.append(Finding(epoch: nil, sequence: nil, code: "structure"))
        }
        return report
    }

    private func follow(
        _ epoch: JournalFile.Epoch, _ report: inout Report
    ) throws -> JournalFile.Head {
        var head = JournalFile.Head(sequence: epoch.prunedSequence, hash: epoch.prunedHash)
        if epoch.prunedSequence == 0, head.hash != ChainHash.of(epoch.openingBytes) {
            report.findings.append(Finding(epoch: epoch.id, sequence: nil, code: "opening"))
        }
        while true {
            let page = try file.list(in: epoch, from: head.sequence + 1, limit: Self.pageSize)
            if page.isEmpty { break }
            for stored in page {
                if let code = flaw(of: stored, after: head, in: epoch, &report) {
                    report.findings.append(
                        Finding(epoch: epoch.id, sequence: stored.sequence, code: code))
                }
                report.recordCount += 1
                if stored.sequence > epoch.acknowledgedSequence { report.unsentCount += 1 }
                head = JournalFile.Head(sequence: stored.sequence, hash: stored.hash)
            }
        }
        return head
    }

    private func flaw(
        of stored: JournalFile.Stored, after head: JournalFile.Head, in epoch: JournalFile.Epoch,
        _ report: inout Report
    ) -> String? {
        guard stored.sequence == head.sequence + 1 else { return "gap" }
        guard ChainHash.of(stored.bytes) == stored.hash else { return "hash" }
        do throws(WireFailure) {
            let record = try TapRecord(serialized: stored.bytes)
            guard record.previousHash == head.hash, record.sequence == stored.sequence,
                record.epoch == epoch.id
            else { return "chain" }
            if record.tap.verdict.isAccepted { report.acceptedCount += 1 }
            return nil
        } catch {
            return "record.\(error.code)"
        }
    }

    private func checkParent(
        of epoch: JournalFile.Epoch, _ heads: [EpochID: JournalFile.Head],
        _ report: inout Report
    ) {
        guard let opening = try? EpochOpening(serialized: epoch.openingBytes) else {
            report.findings.append(Finding(epoch: epoch.id, sequence: nil, code: "opening"))
            return
        }
        guard let parent = opening.parent, let head = heads[parent.epoch] else { return }
        if head.sequence != parent.lastSequence || head.hash != parent.lastHash {
            report.findings.append(Finding(epoch: epoch.id, sequence: nil, code: "parent"))
        }
    }
}

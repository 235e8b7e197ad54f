import DeviceProtocol
import Foundation
import GRDB
import TransitModel

/// Opens the journal's file, and replaces one that is damaged.
enum JournalRecovery {
    struct Opened {
        let file: JournalFile
        let incidents: [JournalIncident]
    }

    /// Opens the file as it is, or sets it aside when it is not sound.
    static func open(
        _ folder: JournalFolder, device: DeviceID, at now: Timestamp
    ) throws -> Opened {
        try folder.makeDatabaseFile()
        do {
            let file = try JournalFile(at: folder.database)
            if try file.isSound() {
                try checkOwner(of: file, is: device)
                return Opened(file: file, incidents: [])
            }
            try? file.close()
        } catch let error as DatabaseError where error.isDamage {
            // Falls through to the replacement.
        } catch is WireFailure {
            // An opening that does not decode is damage that SQLite cannot see.
        }
        return try replace(folder, device: device, at: now)
    }

    /// Sets the file aside and begins a new one with whatever the old one still proves.
    static func replace(
        _ folder: JournalFolder, device: DeviceID, at now: Timestamp
    ) throws -> Opened {
        let path = try folder.setAside(at: now)
        try folder.makeDatabaseFile()
        let file = try JournalFile(at: folder.database)
        // Salvage works on what the disk still gives; a file beyond reading gives nothing.
        let salvaged = (try? salvage(from: path, into: file, device: device)) ?? 0
        return Opened(
            file: file,
            incidents: [.setAside(path: path.path, salvagedRecords: salvaged)])
    }

    private static func checkOwner(of file: JournalFile, is device: DeviceID) throws {
        for epoch in try file.listEpochs() {
            let owner = try EpochOpening(serialized: epoch.openingBytes).device
            guard owner == device else { throw JournalFailure.otherDevice(owner) }
        }
    }

    /// Copies each epoch's records as far as its chain holds.
    private static func salvage(
        from url: URL, into target: JournalFile, device: DeviceID
    ) throws -> Int {
        let source = try JournalFile(at: url)
        defer { try? source.close() }
        var count = 0
        for epoch in try source.listEpochs() {
            guard let opening = try? EpochOpening(serialized: epoch.openingBytes),
                opening.device == device, opening.epoch == epoch.id
            else { continue }
            let copy = try target.insertSalvaged(epoch)
            var head = JournalFile.Head(sequence: epoch.prunedSequence, hash: epoch.prunedHash)
            while let next = try? source.list(in: epoch, from: head.sequence + 1, limit: 1).first,
                let record = try? TapRecord(serialized: next.bytes),
                record.sequence == head.sequence + 1, next.sequence == record.sequence,
                record.previousHash == head.hash, ChainHash.of(next.bytes) == next.hash
            {
                try target.insert(next, tappedAt: record.tap.tappedAt, in: copy)
                head = JournalFile.Head(sequence: next.sequence, hash: next.hash)
                count += 1
            }
        }
        return count
    }
}

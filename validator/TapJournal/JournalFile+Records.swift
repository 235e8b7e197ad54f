import DeviceProtocol
import Foundation
import GRDB
import TransitModel

extension JournalFile {
    /// One stored record.
    struct Stored: Hashable, Sendable {
        let sequence: UInt64
        let bytes: [UInt8]
        let hash: ChainHash
    }

    /// Commits a record; it is on stable storage when this returns.
    func insert(_ record: Stored, tappedAt: Timestamp, in epoch: Epoch) throws {
        try queue.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    insert into tap (epoch_number, sequence, tapped_at_ms, record, record_hash)
                    values (?, ?, ?, ?, ?)
                    """)
            try statement.execute(arguments: [
                epoch.number, Int64(record.sequence), tappedAt.millisecondsSince1970,
                Data(record.bytes), Data(record.hash.bytes),
            ])
        }
    }

    /// At most `limit` records of an epoch from a sequence on.
    func list(in epoch: Epoch, from sequence: UInt64, limit: Int) throws -> [Stored] {
        try queue.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    select sequence, record, record_hash from tap
                    where epoch_number = ? and sequence >= ? order by sequence limit ?
                    """, arguments: [epoch.number, Int64(sequence), limit]
            ).map(Stored.init(row:))
        }
    }

    func hash(in epoch: Epoch, at sequence: UInt64) throws -> ChainHash? {
        if sequence == epoch.prunedSequence { return epoch.prunedHash }
        return try list(in: epoch, from: sequence, limit: 1).first
            .flatMap { $0.sequence == sequence ? $0.hash : nil }
    }

    /// Stored bytes of the newest records over all epochs, newest first.
    func listNewest(limit: Int) throws -> [[UInt8]] {
        try queue.read { database in
            try Data.fetchAll(
                database,
                sql: """
                    select record from tap order by epoch_number desc, sequence desc limit ?
                    """, arguments: [limit]
            ).map { [UInt8]($0) }
        }
    }

    /// Forgets the records of an epoch up to a sequence.
    func prune(_ epoch: Epoch, through sequence: UInt64, hash: ChainHash) throws {
        try queue.write { database in
            try database.execute(
                sql: "delete from tap where epoch_number = ? and sequence <= ?",
                arguments: [epoch.number, Int64(sequence)])
            try database.execute(
                sql: """
                    update epoch set pruned_sequence = ?, pruned_hash = ? where epoch_number = ?
                    """, arguments: [Int64(sequence), Data(hash.bytes), epoch.number])
        }
    }

    /// The first record of an epoch that was tapped at or after an instant.
    func firstSequence(in epoch: Epoch, tappedSince instant: Timestamp) throws -> UInt64? {
        try queue.read { database in
            try Int64.fetchOne(
                database,
                sql: """
                    select min(sequence) from tap where epoch_number = ? and tapped_at_ms >= ?
                    """, arguments: [epoch.number, instant.millisecondsSince1970])
        }.map(UInt64.init)
    }

    /// When the first record of an epoch after a sequence was tapped.
    func tappedAt(in epoch: Epoch, after sequence: UInt64) throws -> Timestamp? {
        try queue.read { database in
            try Int64.fetchOne(
                database,
                sql: """
                    select tapped_at_ms from tap where epoch_number = ? and sequence > ?
                    order by sequence limit 1
                    """, arguments: [epoch.number, Int64(sequence)])
        }.map(Timestamp.init(millisecondsSince1970:))
    }

    func delete(_ epoch: Epoch) throws {
        try queue.write { database in
            try database.execute(
                sql: "delete from tap where epoch_number = ?", arguments: [epoch.number])
            try database.execute(
                sql: "delete from epoch where epoch_number = ?", arguments: [epoch.number])
        }
    }
}

extension JournalFile.Stored {
    fileprivate init(row: Row) throws {
        self.init(
            sequence: UInt64(row["sequence"] as Int64), bytes: [UInt8](row["record"] as Data),
            hash: try ChainHash(column: "record_hash", of: row))
    }
}

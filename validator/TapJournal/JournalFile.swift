import DeviceProtocol
import Foundation
import GRDB
import TransitModel

/// The journal's SQLite file: its settings, its tables and every statement on them.
struct JournalFile: Sendable {
    static let format = 1

    /// One row of `epoch`.
    struct Epoch: Hashable, Sendable {
        let number: Int64
        let id: EpochID
        let openingBytes: [UInt8]
        let acknowledgedSequence: UInt64
        let prunableSequence: UInt64
        /// Records up to here are forgotten; the hash of the last of them is kept.
        let prunedSequence: UInt64
        let prunedHash: ChainHash
        let isQuarantined: Bool
    }

    /// The last link of an epoch.
    struct Head: Hashable, Sendable {
        let sequence: UInt64
        let hash: ChainHash
    }

    let queue: DatabaseQueue

    /// - Parameter isReadOnly: For inspection beside a running validator.
    init(at url: URL, isReadOnly: Bool = false) throws {
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(5)
        configuration.label = "kvytok.journal"
        // GRDB's own `journalMode = .wal` would lower `synchronous` to NORMAL afterwards.
        configuration.prepareDatabase { database in
            guard !isReadOnly else { return }
            try database.execute(sql: "pragma journal_mode = wal; pragma synchronous = full")
        }
        queue = try DatabaseQueue(path: url.path, configuration: configuration)
        if !isReadOnly {
            try assertDurable()
            try createTables()
        }
    }

    func close() throws {
        try queue.close()
    }

    /// A setting that silently did not hold would break the first promise of the system.
    private func assertDurable() throws {
        let (mode, synchronous) = try queue.read { database in
            (
                try String.fetchOne(database, sql: "pragma journal_mode"),
                try Int.fetchOne(database, sql: "pragma synchronous")
            )
        }
        guard mode == "wal" else { throw JournalFailure.notDurable(setting: "journal_mode") }
        guard synchronous == 2 else { throw JournalFailure.notDurable(setting: "synchronous") }
    }

    private func createTables() throws {
        try queue.write { database in
            let found = try Int.fetchOne(database, sql: "pragma user_version") ?? 0
            guard found <= Self.format else { throw JournalFailure.newerFormat(found) }
            guard found == 0 else { return }
            try database.execute(
                sql: """
                    create table epoch (
                        epoch_number integer primary key,
                        epoch_id blob not null unique,
                        opening blob not null,
                        acknowledged_sequence integer not null default 0,
                        prunable_sequence integer not null default 0,
                        pruned_sequence integer not null default 0,
                        pruned_hash blob not null,
                        is_quarantined integer not null default 0
                    ) strict;
                    create table tap (
                        epoch_number integer not null,
                        sequence integer not null,
                        tapped_at_ms integer not null,
                        record blob not null,
                        record_hash blob not null,
                        primary key (epoch_number, sequence)
                    ) strict, without rowid;
                    pragma user_version = \(Self.format);
                    """)
        }
    }

    /// SQLite's own check of the file's structure.
    func isSound() throws -> Bool {
        try queue.read { try String.fetchOne($0, sql: "pragma quick_check(1)") } == "ok"
    }
}

// MARK: - Epochs

extension JournalFile {
    /// In the order in which they were opened.
    func listEpochs() throws -> [Epoch] {
        try queue.read { database in
            try Row.fetchAll(database, sql: "select * from epoch order by epoch_number")
                .map(Epoch.init(row:))
        }
    }

    func head(of epoch: Epoch) throws -> Head {
        try queue.read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    select sequence, record_hash from tap where epoch_number = ?
                    order by sequence desc limit 1
                    """, arguments: [epoch.number])
            guard let row else {
                return Head(sequence: epoch.prunedSequence, hash: epoch.prunedHash)
            }
            return Head(
                sequence: UInt64(row["sequence"] as Int64),
                hash: try ChainHash(column: "record_hash", of: row))
        }
    }

    /// Opens an epoch; those that never held a tap are forgotten, so that the chain of parents
    /// only has links that the server hears of.
    func insertEpoch(_ opening: EpochOpening, forgetting empty: [Epoch]) throws -> Epoch {
        let bytes = opening.serialized()
        let hash = ChainHash.of(bytes)
        return try queue.write { database in
            for epoch in empty {
                try database.execute(
                    sql: "delete from epoch where epoch_number = ?", arguments: [epoch.number])
            }
            try database.execute(
                sql: "insert into epoch (epoch_id, opening, pruned_hash) values (?, ?, ?)",
                arguments: [Data(opening.epoch.bytes), Data(bytes), Data(hash.bytes)])
            return Epoch(
                number: database.lastInsertedRowID, id: opening.epoch, openingBytes: bytes,
                acknowledgedSequence: 0, prunableSequence: 0, prunedSequence: 0,
                prunedHash: hash, isQuarantined: false)
        }
    }

    /// Takes an epoch over from a file that was set aside.
    func insertSalvaged(_ epoch: Epoch) throws -> Epoch {
        try queue.write { database in
            try database.execute(
                sql: """
                    insert into epoch (epoch_id, opening, acknowledged_sequence,
                        prunable_sequence, pruned_sequence, pruned_hash, is_quarantined)
                    values (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    Data(epoch.id.bytes), Data(epoch.openingBytes),
                    Int64(epoch.acknowledgedSequence), Int64(epoch.prunableSequence),
                    Int64(epoch.prunedSequence), Data(epoch.prunedHash.bytes),
                    epoch.isQuarantined,
                ])
            return Epoch(
                number: database.lastInsertedRowID, id: epoch.id,
                openingBytes: epoch.openingBytes,
                acknowledgedSequence: epoch.acknowledgedSequence,
                prunableSequence: epoch.prunableSequence,
                prunedSequence: epoch.prunedSequence, prunedHash: epoch.prunedHash,
                isQuarantined: epoch.isQuarantined)
        }
    }

    func recordAcknowledgement(
        epoch: Epoch, acknowledged: UInt64, prunable: UInt64, isQuarantined: Bool
    ) throws {
        try queue.write { database in
            try database.execute(
                sql: """
                    update epoch set acknowledged_sequence = ?, is_quarantined = ?,
                        prunable_sequence = max(prunable_sequence, ?)
                    where epoch_number = ?
                    """,
                arguments: [Int64(acknowledged), isQuarantined, Int64(prunable), epoch.number])
        }
    }
}

// MARK: - Rows

extension JournalFile.Epoch {
    fileprivate init(row: Row) throws {
        guard let id = EpochID(bytes: row["epoch_id"] as Data) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "epoch_id")
        }
        self.init(
            number: row["epoch_number"], id: id, openingBytes: [UInt8](row["opening"] as Data),
            acknowledgedSequence: UInt64(row["acknowledged_sequence"] as Int64),
            prunableSequence: UInt64(row["prunable_sequence"] as Int64),
            prunedSequence: UInt64(row["pruned_sequence"] as Int64),
            prunedHash: try ChainHash(column: "pruned_hash", of: row),
            isQuarantined: row["is_quarantined"])
    }
}

extension ChainHash {
    init(column: String, of row: Row) throws {
        guard let hash = ChainHash(bytes: [UInt8](row[column] as Data)) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: column)
        }
        self = hash
    }
}

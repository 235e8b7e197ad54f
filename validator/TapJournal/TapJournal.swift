import DeviceProtocol
import Foundation
import GRDB
import TransitModel

/// A tap that is on stable storage, in its place in the chain.
package struct JournalledTap: Hashable, Sendable {
    package let record: TapRecord
    /// The stored bytes, which the chain covers.
    package let bytes: [UInt8]
    package let hash: ChainHash

    init(record: TapRecord, bytes: [UInt8]) {
        self.record = record
        self.bytes = bytes
        hash = ChainHash.of(bytes)
    }

    package var id: TapID { record.id }

    fileprivate var stored: JournalFile.Stored {
        JournalFile.Stored(sequence: record.sequence, bytes: bytes, hash: hash)
    }
}

/// The validator's own memory of every tap, kept until the back office has it twice.
///
/// What ``append(_:)`` returns survives a power cut at any later instant. Each opening of the
/// journal begins a new epoch that names the one before and its last head, so that a restored
/// or copied disk shows itself. Damage is set aside, never overwritten: what the damaged file's
/// chain still proves is taken over and taps go on.
package actor TapJournal {
    package struct Limits: Sendable {
        /// Unacknowledged taps in one epoch before live taps get a fresh one.
        package var backlog: UInt64
        /// Ballast that lets the current tap finish on a full disk.
        package var reserveBytes: Int
        /// How many of the newest records ``recentAccepted(since:)`` looks through.
        package var recentRecords: Int

        package init(
            backlog: UInt64 = 20_000, reserveBytes: Int = 1 << 20, recentRecords: Int = 4_096
        ) {
            self.backlog = backlog
            self.reserveBytes = reserveBytes
            self.recentRecords = recentRecords
        }
    }

    struct Live {
        var epoch: JournalFile.Epoch
        var head: JournalFile.Head
        var acknowledged: UInt64
    }

    package nonisolated let device: DeviceID
    private nonisolated let executor: JournalExecutor
    private let folder: JournalFolder
    private let lock: FolderLock
    private let limits: Limits
    private let clock: @Sendable () -> Timestamp
    private var reserve: DiskReserve
    var file: JournalFile
    var live: Live
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    var nextListener = 0

    /// What befell the journal since it was opened.
    package private(set) var incidents: [JournalIncident]

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Opens or makes the journal in a folder and begins a new epoch.
    ///
    /// - Parameter clock: Wall time, for the openings of epochs.
    /// - Throws: ``JournalFailure``.
    package static func open(
        folder url: URL, device: DeviceID, limits: Limits = Limits(),
        clock: @escaping @Sendable () -> Timestamp = Timestamp.systemNow
    ) async throws -> TapJournal {
        let executor = JournalExecutor()
        return try await OpeningTurn(executor: executor).run {
            try TapJournal(
                folder: JournalFolder(url: url), device: device, limits: limits, clock: clock,
                executor: executor)
        }
    }

    private init(
        folder: JournalFolder, device: DeviceID, limits: Limits,
        clock: @escaping @Sendable () -> Timestamp, executor: JournalExecutor
    ) throws {
        self.device = device
        self.executor = executor
        self.folder = folder
        self.limits = limits
        self.clock = clock
        lock = try folder.lock()
        reserve = DiskReserve(at: folder.reserve, byteCount: limits.reserveBytes)
        let opened = try JournalRecovery.open(folder, device: device, at: clock())
        try folder.synchronize()
        file = opened.file
        incidents = opened.incidents
        live = try Self.begin(
            in: opened.file, device: device, at: clock(),
            cause: opened.incidents.isEmpty ? .start : .corruption)
    }

    package var liveEpoch: EpochID { live.epoch.id }

    /// Commits a tap.
    ///
    /// - Returns: The record as stored; it is on stable storage.
    /// - Throws: ``JournalFailure``. Then the tap is not recorded and must not be accepted.
    package func append(_ tap: Tap) throws -> JournalledTap {
        guard reserve.refill() else { throw JournalFailure.storageFull }
        let journalled = try mapped { try commitDespiteTrouble(tap) }
        for listener in listeners.values { listener.yield() }
        return journalled
    }

    private func commitDespiteTrouble(_ tap: Tap) throws -> JournalledTap {
        if live.head.sequence - min(live.acknowledged, live.head.sequence) >= limits.backlog {
            live = try Self.begin(in: file, device: device, at: clock(), cause: .backlog)
        }
        let next = link(tap)
        do {
            return try commit(next)
        } catch let error as DatabaseError where error.isStorageFull {
            reserve.release()
            return try commit(next)
        } catch let error as DatabaseError {
            try reopen(after: error)
            // A commit that failed halfway may have happened: what the file holds counts, or
            // one tap would stand in two epochs.
            if try holds(next) { return next }
            return try commit(link(tap))
        }
    }

    /// A tap's place after the live head.
    private func link(_ tap: Tap) -> JournalledTap {
        let record = TapRecord(
            device: device, epoch: live.epoch.id, sequence: live.head.sequence + 1,
            previousHash: live.head.hash, tap: tap)
        return JournalledTap(record: record, bytes: record.serialized())
    }

    private func commit(_ next: JournalledTap) throws -> JournalledTap {
        try file.insert(next.stored, tappedAt: next.record.tap.tappedAt, in: live.epoch)
        live.head = JournalFile.Head(sequence: next.record.sequence, hash: next.hash)
        return next
    }

    private func holds(_ tap: JournalledTap) throws -> Bool {
        guard let epoch = try find(tap.record.epoch) else { return false }
        return try file.hash(in: epoch, at: tap.record.sequence) == tap.hash
    }

    /// The device's accepted taps since an instant, oldest first, for the passback rule after a
    /// restart. Looks through the newest records only, see ``Limits/recentRecords``.
    package func recentAccepted(since instant: Timestamp) throws -> [TapRecord] {
        try mapped {
            try file.listNewest(limit: limits.recentRecords).reversed()
                .compactMap { try? TapRecord(serialized: $0) }
                .filter { $0.tap.verdict.isAccepted && $0.tap.tappedAt >= instant }
        }
    }

    /// Turns SQLite's failures into ours at the edge of the room.
    func mapped<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            if error.isStorageFull { throw JournalFailure.storageFull }
            throw JournalFailure.storage(code: error.extendedResultCode.rawValue)
        }
    }
}

// MARK: - Epochs

extension TapJournal {
    /// Opens an epoch after the newest one that holds a tap.
    private static func begin(
        in file: JournalFile, device: DeviceID, at now: Timestamp, cause: EpochCause
    ) throws -> Live {
        var parent: EpochParent?
        var empty: [JournalFile.Epoch] = []
        for epoch in try file.listEpochs().reversed() {
            let head = try file.head(of: epoch)
            if head.sequence == 0 {
                empty.append(epoch)
            } else {
                parent = EpochParent(
                    epoch: epoch.id, lastSequence: head.sequence, lastHash: head.hash)
                break
            }
        }
        var random = SystemRandomNumberGenerator()
        let opening = EpochOpening(
            device: device, epoch: EpochID(using: &random), parent: parent, openedAt: now,
            cause: cause)
        let epoch = try file.insertEpoch(opening, forgetting: empty)
        return Live(
            epoch: epoch, head: JournalFile.Head(sequence: 0, hash: epoch.prunedHash),
            acknowledged: 0)
    }

    /// Opens the file again, or sets it aside when it is damaged, and begins a new epoch: after
    /// such a failure the one under way may end in a record that nobody knows of.
    private func reopen(after error: DatabaseError) throws {
        try? file.close()
        let opened =
            error.isDamage
            ? try JournalRecovery.replace(folder, device: device, at: clock())
            : try JournalRecovery.open(folder, device: device, at: clock())
        file = opened.file
        incidents += opened.incidents
        live = try Self.begin(
            in: file, device: device, at: clock(),
            cause: opened.incidents.isEmpty ? .start : .corruption)
    }
}

extension Timestamp {
    /// The operating system's wall clock.
    package static let systemNow: @Sendable () -> Timestamp = {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(
            millisecondsSince1970: Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000)
    }
}

/// Opens the journal on its own queue, where everything later happens as well.
private actor OpeningTurn {
    private nonisolated let executor: JournalExecutor

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(executor: JournalExecutor) {
        self.executor = executor
    }

    func run<Value: Sendable>(_ body: @Sendable () throws -> Value) rethrows -> Value {
        try body()
    }
}

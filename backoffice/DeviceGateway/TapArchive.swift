import Crypto
import Dispatch
import Foundation
import TransitModel

/// What the archive keeps of one batch: the signed bytes as they came.
package struct ArchivedBatch: Hashable, Sendable {
    package let device: DeviceID
    package let receivedAt: Timestamp
    package let batch: [UInt8]

    package init(device: DeviceID, receivedAt: Timestamp, batch: [UInt8]) {
        self.device = device
        self.receivedAt = receivedAt
        self.batch = batch
    }
}

/// An append-only store of every signed batch, on another disk or machine; a folder in
/// development. Only what it holds may be forgotten by devices.
///
/// Batches that arrive while one write is under way share the next one, so that the disk is
/// asked to flush once for many. Each run of the program writes files of its own and never
/// appends behind a torn end.
package actor TapArchive {
    private typealias Waiter = CheckedContinuation<Void, any Error>

    static let fileByteLimit = 64 << 20

    private nonisolated let executor = ArchiveExecutor()
    private let folder: URL
    private var pending: [(frame: [UInt8], waiter: Waiter)] = []
    private var file: ArchiveFile?
    private var fileCount = 0
    private let run: String

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    package init(folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.folder = folder
        var random = SystemRandomNumberGenerator()
        run = [UInt8](ArchiveFrame.bigEndian(random.next())).hex
    }

    /// Writes a batch; it is on stable storage when this returns.
    package func append(_ entry: ArchivedBatch) async throws {
        let frame = ArchiveFrame.bytes(of: entry)
        try await withCheckedThrowingContinuation { (waiter: Waiter) in
            pending.append((frame, waiter))
            if pending.count == 1 {
                // Runs behind the calls that already wait for this actor: they share the flush.
                Task { flush(at: entry.receivedAt) }
            }
        }
    }

    private func flush(at now: Timestamp) {
        let batch = pending
        pending = []
        let outcome = Result {
            let file = try writableFile(at: now)
            try file.append(batch.flatMap(\.frame))
        }
        if case .failure = outcome {
            // What a failed write left behind is a torn end; the next file starts clean.
            file = nil
        }
        for (_, waiter) in batch { waiter.resume(with: outcome) }
    }

    private func writableFile(at now: Timestamp) throws -> ArchiveFile {
        if let file, file.byteCount < Self.fileByteLimit { return file }
        fileCount += 1
        let (date, _) = ZoneOffsets.utc.local(now, as: FareDay.self)
        let name = "\(date)-\(now.millisecondsSince1970)-\(run)-\(fileCount).kva"
        let opened = try ArchiveFile(creating: name, in: folder)
        file = opened
        return opened
    }
}

/// Flushing blocks; it does so on a queue of its own.
private final class ArchiveExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "kvytok.archive")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// One file of the archive, open for appending.
private final class ArchiveFile {
    struct Failure: Error {
        let code: Int32
    }

    private let descriptor: Int32
    private(set) var byteCount = 0

    init(creating name: String, in folder: URL) throws {
        let path = folder.appending(path: name).path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        let folderDescriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folderDescriptor >= 0 else { throw Failure(code: errno) }
        defer { close(folderDescriptor) }
        guard fsync(folderDescriptor) == 0 else { throw Failure(code: errno) }
    }

    deinit {
        close(descriptor)
    }

    func append(_ bytes: [UInt8]) throws {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Failure(code: errno) }
            offset += written
        }
        guard fdatasync(descriptor) == 0 else { throw Failure(code: errno) }
        byteCount += bytes.count
    }
}

/// The archive's framing: magic `KVTA` · length of what follows u32 · received u64 ms · device
/// length u16 · device · batch · SHA-256 of all before it in the frame. Integers are big-endian.
enum ArchiveFrame {
    private static let magic = Array("KVTA".utf8)
    private static let overhead = 8 + 2 + 32

    static func bytes(of entry: ArchivedBatch) -> [UInt8] {
        let device = Array(entry.device.rawValue.utf8)
        let length = overhead + device.count + entry.batch.count
        var frame = magic + bigEndian(UInt32(length))
        frame.reserveCapacity(8 + length)
        frame += bigEndian(UInt64(bitPattern: entry.receivedAt.millisecondsSince1970))
        frame += bigEndian(UInt16(truncatingIfNeeded: device.count))
        frame += device
        frame += entry.batch
        frame += SHA256.hash(data: frame)
        return frame
    }

    /// Reads a file's frames up to its end, or to the first one that is torn or damaged.
    ///
    /// - Returns: The batches, and whether the file ends cleanly.
    static func read(_ bytes: [UInt8]) -> (batches: [ArchivedBatch], isWhole: Bool) {
        var batches: [ArchivedBatch] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 8, Array(rest.prefix(4)) == magic else { return (batches, false) }
            let length = Int(number(rest.dropFirst(4).prefix(4)))
            guard length >= overhead, rest.count >= 8 + length else { return (batches, false) }
            let frame = rest.prefix(8 + length)
            guard Array(SHA256.hash(data: frame.dropLast(32))) == Array(frame.suffix(32)) else {
                return (batches, false)
            }
            let body = frame.dropFirst(8).dropLast(32)
            let deviceLength = Int(number(body.dropFirst(8).prefix(2)))
            guard body.count >= 10 + deviceLength else { return (batches, false) }
            batches.append(
                ArchivedBatch(
                    device: DeviceID(
                        String(decoding: body.dropFirst(10).prefix(deviceLength), as: UTF8.self)),
                    receivedAt: Timestamp(
                        millisecondsSince1970: Int64(bitPattern: number(body.prefix(8)))),
                    batch: Array(body.dropFirst(10 + deviceLength))))
            rest = rest.dropFirst(8 + length)
        }
        return (batches, true)
    }

    static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension TapArchive {
    /// Everything a folder holds, in the order of its files.
    ///
    /// - Returns: The batches, and the names of files with a torn or damaged end.
    package static func read(folder: URL) throws -> (batches: [ArchivedBatch], torn: [String]) {
        var batches: [ArchivedBatch] = []
        var torn: [String] = []
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for name in names.sorted() where name.hasSuffix(".kva") {
            let content = [UInt8](try Data(contentsOf: folder.appending(path: name)))
            let (found, isWhole) = ArchiveFrame.read(content)
            batches += found
            if !isWhole { torn.append(name) }
        }
        return (batches, torn)
    }
}

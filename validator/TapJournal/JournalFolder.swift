import Foundation
import TransitModel

/// The journal's place on disk: names of files, the lock that keeps a second writer out, and
/// where damaged files go.
struct JournalFolder: Sendable {
    let url: URL

    var database: URL { url.appending(path: "journal.sqlite") }
    var reserve: URL { url.appending(path: "journal.reserve") }
    private var lockFile: URL { url.appending(path: "journal.lock") }
    private var setAsideFolder: URL {
        url.appending(path: "set-aside", directoryHint: .isDirectory)
    }

    /// Takes the lock until the descriptor is closed, by us or by the end of the process.
    func lock() throws(JournalFailure) -> FolderLock {
        guard mkdir(url.path, 0o700) == 0 || errno == EEXIST else {
            throw .fileSystem(code: errno)
        }
        let descriptor = open(lockFile.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .fileSystem(code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse
        }
        return FolderLock(descriptor: descriptor)
    }

    /// Makes the database's file before SQLite does, so that nobody else can read it: it holds
    /// media keys, and whoever knows the validators' key can turn those into card numbers.
    func makeDatabaseFile() throws(JournalFailure) {
        let descriptor = open(database.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .fileSystem(code: errno) }
        close(descriptor)
    }

    /// Makes names in the folder survive a power cut.
    func synchronize() throws(JournalFailure) {
        let descriptor = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .fileSystem(code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .fileSystem(code: errno) }
    }

    /// Moves the database with its log out of the way.
    ///
    /// - Returns: Where it now lies.
    func setAside(at now: Timestamp) throws(JournalFailure) -> URL {
        guard mkdir(setAsideFolder.path, 0o700) == 0 || errno == EEXIST else {
            throw .fileSystem(code: errno)
        }
        let name = "journal-\(now.millisecondsSince1970)"
        var target = setAsideFolder.appending(path: "\(name).sqlite")
        var attempt = 1
        while access(target.path, F_OK) == 0 {
            attempt += 1
            target = setAsideFolder.appending(path: "\(name)-\(attempt).sqlite")
        }
        for suffix in ["-wal", "-shm", ""] {
            let moved = rename(database.path + suffix, target.path + suffix)
            guard moved == 0 || errno == ENOENT else { throw .fileSystem(code: errno) }
        }
        try synchronize()
        return target
    }
}

/// Holds the folder's lock while it lives.
final class FolderLock: Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        // By name: a child that is just being started holds the descriptor a moment longer.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}

/// A file of ballast, given back to the disk when it is full so that the tap under way can
/// finish; afterwards the journal takes none until the ballast is back.
struct DiskReserve {
    private let url: URL
    private let byteCount: Int
    private(set) var isHeld: Bool

    init(at url: URL, byteCount: Int) {
        self.url = url
        self.byteCount = byteCount
        isHeld = false
        refill()
    }

    /// - Returns: Whether the ballast lies on the disk again.
    @discardableResult
    mutating func refill() -> Bool {
        guard !isHeld else { return true }
        let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        isHeld = posix_fallocate(descriptor, 0, off_t(byteCount)) == 0
        if !isHeld { unlink(url.path) }
        return isHeld
    }

    mutating func release() {
        unlink(url.path)
        isHeld = false
    }
}

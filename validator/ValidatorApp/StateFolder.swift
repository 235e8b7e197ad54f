import Foundation
import Glibc

/// Where a validator keeps what must outlive it.
package struct StateFolder: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package var url: URL { URL(fileURLWithPath: path, isDirectory: true) }
    package var documents: String { path + "/documents" }
    package var status: String { path + "/status.json" }
    private var lockFile: String { path + "/validator.lock" }

    /// Held by the running program, so that others can tell whether it runs.
    package final class Lock: Sendable {
        private let descriptor: Int32

        fileprivate init(descriptor: Int32) {
            self.descriptor = descriptor
        }

        deinit {
            // By name: a child that is just being started holds the descriptor a moment longer.
            flock(descriptor, LOCK_UN)
            close(descriptor)
        }
    }

    /// A validator runs on this folder already, or the folder cannot be used.
    package struct Unavailable: Error, CustomStringConvertible {
        package let description: String
    }

    /// Takes the folder for this process until the lock is let go, or the process ends.
    package func lock() throws(Unavailable) -> Lock {
        let descriptor = open(lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Unavailable(
                description: "The state folder \(path) cannot be used: "
                    + String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Unavailable(description: "A validator is running on \(path) already")
        }
        return Lock(descriptor: descriptor)
    }

    /// Whether a validator runs on this folder.
    package var isInUse: Bool {
        let descriptor = open(lockFile, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }
}

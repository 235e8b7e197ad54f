import Foundation

/// A lock on a file, held until the process has ended however it ends. The kernel decides who has
/// it (flock(2)); what a file says about a process is never believed.
package final class ExclusiveLock: Sendable {
    package enum Holder: Sendable {
        /// This process alone.
        case process
        /// This process and every child it starts from now on: the lock is free again when the
        /// last of them is gone.
        case processAndChildren
    }

    private let descriptor: Int32
    private let holder: Holder

    private init(descriptor: Int32, holder: Holder) {
        self.descriptor = descriptor
        self.holder = holder
    }

    deinit {
        switch holder {
        // By name: a child that is just being started holds the descriptor a moment longer.
        case .process: flock(descriptor, LOCK_UN)
        case .processAndChildren: Spawn.disown(descriptor)
        }
        close(descriptor)
    }

    /// Takes the lock, or returns `nil` at once when somebody has it.
    package static func take(_ path: String, for holder: Holder) throws -> ExclusiveLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFailure("open \(path)") }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            close(descriptor)
            guard code == EWOULDBLOCK else { throw SystemFailure("lock \(path)", code: code) }
            return nil
        }
        if holder == .processAndChildren { Spawn.bequeath(descriptor) }
        return ExclusiveLock(descriptor: descriptor, holder: holder)
    }
}

import Foundation
import Glibc

/// Replaces files so that after a power cut the old or the new contents are there, whole.
package enum AtomicFile {
    /// A step of writing that failed, with the system's reason.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let step: String
        package let path: String
        package let code: Int32

        package var description: String { "\(step) \(path): \(String(cString: strerror(code)))" }
    }

    /// Writes beside the file, flushes, renames over it, and flushes the folder.
    ///
    /// - Parameter isDurable: Without it nothing is flushed: for files that are only read by
    ///   people and may be lost.
    package static func write(
        _ bytes: [UInt8], to path: String, mode: mode_t = 0o644, isDurable: Bool = true
    ) throws(Failure) {
        let temporary = path + ".new"
        try writeWhole(bytes, to: temporary, mode: mode, isDurable: isDurable)
        guard rename(temporary, path) == 0 else {
            throw Failure(step: "rename to", path: path, code: errno)
        }
        if isDurable { try flushFolder(of: path) }
    }

    private static func writeWhole(
        _ bytes: [UInt8], to path: String, mode: mode_t, isDurable: Bool
    ) throws(Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw Failure(step: "create", path: path, code: errno) }
        defer { close(file) }
        var offset = 0
        while offset < bytes.count {
            let written = bytes[offset...].withUnsafeBytes {
                Glibc.write(file, $0.baseAddress, $0.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Failure(step: "write", path: path, code: errno) }
            offset += written
        }
        guard !isDurable || fsync(file) == 0 else {
            throw Failure(step: "flush", path: path, code: errno)
        }
    }

    private static func flushFolder(of path: String) throws(Failure) {
        let folder = (path as NSString).deletingLastPathComponent
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(step: "open", path: folder, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw Failure(step: "flush", path: folder, code: errno)
        }
    }
}

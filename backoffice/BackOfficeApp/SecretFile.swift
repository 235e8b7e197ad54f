import Crypto
import Foundation
import TransitModel

/// A secret of 32 bytes in a file of 64 hexadecimal digits that only its owner can read.
struct SecretFile: Sendable {
    let path: String

    /// Reads the secret.
    ///
    /// - Parameter makesMissing: Whether a new one is made when there is none. When two
    ///   processes do that at once, both get the same.
    func read(makesMissing: Bool) throws(BackOfficeFailure) -> [UInt8] {
        if makesMissing, access(path, F_OK) != 0 { try make() }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? .secretMissing(path: path) : failure()
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & 0o077 == 0 else { throw .secretExposed(path: path) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw failure() }
        let text = String(decoding: buffer.prefix(count), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard let secret = [UInt8](hex: text), secret.count == 32 else {
            throw .secretMalformed(path: path)
        }
        return secret
    }

    /// Appears whole or not at all, and never replaces one that is there.
    private func make() throws(BackOfficeFailure) {
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        // A number of its own: two tasks of one process may start together as well.
        let draft = "\(path).\(UInt64.random(in: .min ... .max)).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        defer { unlink(draft) }
        let text = Array((secret.hex + "\n").utf8)
        let isWritten = write(descriptor, text, text.count) == text.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten else { throw failure() }
        guard link(draft, path) == 0 || errno == EEXIST else { throw failure() }
    }

    private func failure() -> BackOfficeFailure {
        .fileSystem(path: path, reason: String(cString: strerror(errno)))
    }
}

/// The folder of one installation's keys and archive.
struct StateFolder: Sendable {
    let path: String

    /// Creates the folder, closed to others, unless it is there.
    init(_ path: String) throws(BackOfficeFailure) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .fileSystem(path: path, reason: "the folder cannot be made")
        }
    }

    var url: URL { URL(filePath: path, directoryHint: .isDirectory) }

    /// Under which media keys become tokens.
    var vaultSecret: SecretFile { SecretFile(path: "\(path)/vault.secret") }
}

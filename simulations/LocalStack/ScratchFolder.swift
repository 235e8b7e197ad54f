import Foundation

/// A new, empty folder that is gone when the process is, even after `kill -9`.
///
/// All of a process's folders share one short root, so that Unix sockets fit into them
/// (`sun_path` holds 107 bytes), owned by us and only traversable by others.
package struct ScratchFolder: Sendable {
    package let path: String

    private static let root = Result { try Root() }

    /// - Parameter name: A few letters that tell what it is for; a number is added.
    package init(_ name: String = "t") throws {
        path = try Self.root.get().makeFolder(name)
    }

    package var url: URL { URL(filePath: path, directoryHint: .isDirectory) }

    /// The path of a file or folder in it; nothing is created.
    package func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Removes it now. Otherwise it goes with the process.
    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The folder of this process, with the watcher that removes it.
    private struct Root: Sendable {
        private let path: String
        private let watcher: Watcher

        init() throws {
            var template = Array("/tmp/kvytok-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { throw SystemFailure("make a folder in /tmp") }
            path = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
            chmod(path, 0o711)
            watcher = try Watcher(askingSignal: SIGTERM, grace: .zero, removing: [path])
            watcher.guardFilesOnly()
        }

        func makeFolder(_ name: String) throws -> String {
            var template = Array("\(path)/\(name)-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { throw SystemFailure("make a folder in \(path)") }
            return String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
        }
    }
}

import Foundation
import SignedDocuments

/// Where accepted documents outlive restarts.
package protocol DocumentKeeper: Sendable {
    /// The bytes as last kept; `nil` when there are none.
    func findDocument(_ role: DocumentRole) throws -> [UInt8]?
    /// Keeps a document and its version durably; returns once both are on stable storage.
    func keep(_ bytes: [UInt8], version: UInt64, as role: DocumentRole) throws
    /// The highest version ever kept of each role.
    func highestVersions() throws -> [DocumentRole: UInt64]
}

/// One file per document, `ROLE.kvd`, and `highest.json` with the versions, so that a damaged
/// document does not open the door to an older one.
package struct DocumentFolder: DocumentKeeper {
    private let path: String

    package init(path: String) {
        self.path = path
    }

    package func findDocument(_ role: DocumentRole) throws -> [UInt8]? {
        try Self.contents(of: file(role.name + ".kvd"))
    }

    /// The document goes first: a cut in between leaves a document above the noted version,
    /// which is harmless, and never a version without its document.
    package func keep(_ bytes: [UInt8], version: UInt64, as role: DocumentRole) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        try AtomicFile.write(bytes, to: file(role.name + ".kvd"))
        var versions = (try? highestVersions()) ?? [:]
        versions[role] = max(version, versions[role] ?? 0)
        let names = Dictionary(uniqueKeysWithValues: versions.map { ($0.name, $1) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try AtomicFile.write(Array(encoder.encode(names)), to: file("highest.json"))
    }

    package func highestVersions() throws -> [DocumentRole: UInt64] {
        guard let json = try Self.contents(of: file("highest.json")) else { return [:] }
        let names = try JSONDecoder().decode([String: UInt64].self, from: Data(json))
        var versions: [DocumentRole: UInt64] = [:]
        for (name, version) in names {
            if let role = DocumentRole(name: name) { versions[role] = version }
        }
        return versions
    }

    private func file(_ name: String) -> String { path + "/" + name }

    private static func contents(of path: String) throws -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

import Foundation

/// The folder that holds `initdb`, `postgres` and `psql` of one PostgreSQL version.
struct PostgresPrograms: Sendable {
    static let oldestVersion = 15

    let folder: String

    /// - Parameter version: The major version that an existing cluster needs; otherwise the newest.
    init(version: Int? = nil) throws(PostgresUnavailable) {
        // Debian keeps versions side by side and out of PATH.
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [])
            .compactMap(Int.init)
            .filter { FileManager.default.isExecutableFile(atPath: "\(root)/\($0)/bin/initdb") }
            .filter { version == nil ? $0 >= Self.oldestVersion : $0 == version }
        if let newest = versions.max() {
            folder = "\(root)/\(newest)/bin"
            return
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let found = path.split(separator: ":").map(String.init).first {
            FileManager.default.isExecutableFile(atPath: "\($0)/initdb")
        }
        guard let found else {
            let wanted = version.map { "\($0)" } ?? "\(Self.oldestVersion) or newer"
            throw PostgresUnavailable("PostgreSQL \(wanted) is not installed: run scripts/install")
        }
        folder = found
    }

    func path(_ program: String) -> String { "\(folder)/\(program)" }
}

/// Why no private database can be had here; the sentence is for a person.
package struct PostgresUnavailable: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

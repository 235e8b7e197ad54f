import Foundation

/// The checkout that these tests were compiled from, read as text.
struct SourceTree {
    /// One Swift file: its path from the root, and its lines without comments.
    struct File {
        let path: String
        let lines: [Substring]

        /// Modules that the file imports, submodules and kinds stripped.
        var imports: Set<String> {
            var found: Set<String> = []
            for line in lines {
                var words = line.split(whereSeparator: \.isWhitespace).map(String.init)
                let modifiers = [
                    "package", "public", "internal", "private", "fileprivate", "@testable",
                    "@preconcurrency", "@_exported",
                ]
                while let first = words.first, modifiers.contains(first) { words.removeFirst() }
                guard words.count >= 2, words.removeFirst() == "import" else { continue }
                let kinds = ["struct", "class", "enum", "func", "protocol", "var", "let"]
                if let first = words.first, kinds.contains(first) { words.removeFirst() }
                if let module = words.first?.split(separator: ".").first {
                    found.insert(String(module))
                }
            }
            return found
        }
    }

    let root: URL

    init(testFile: String = #filePath) {
        root = URL(fileURLWithPath: testFile)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    /// Swift files below a folder, in order of path. Generated and hidden ones are left out.
    func swiftFiles(below folder: String) throws -> [File] {
        let base = root.appendingPathComponent(folder)
        guard let walk = FileManager.default.enumerator(atPath: base.path) else { return [] }
        var paths: [String] = []
        for case let path as String in walk
        where path.hasSuffix(".swift") && !path.hasSuffix(".pb.swift") && !path.hasPrefix(".") {
            paths.append(path)
        }
        return try paths.sorted().map { path in
            let text = try String(
                contentsOf: base.appendingPathComponent(path), encoding: .utf8)
            return File(path: "\(folder)/\(path)", lines: Self.withoutComments(text))
        }
    }

    /// Names of the folders directly below one.
    func rooms(in folder: String) throws -> [String] {
        let base = root.appendingPathComponent(folder)
        return try FileManager.default.contentsOfDirectory(atPath: base.path).sorted().filter {
            var isFolder: ObjCBool = false
            let path = base.appendingPathComponent($0).path
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && isFolder.boolValue
        }
    }

    private static func withoutComments(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let code = line.drop(while: \.isWhitespace)
            return code.hasPrefix("//") ? "" : line
        }
    }
}

import Foundation
import LocalStack
import Testing

@testable import BackOfficeApp

@Suite("Secret files")
struct SecretFileTests {
    private func makeFile(holding text: String? = nil, mode: Int = 0o600) throws -> SecretFile {
        let file = SecretFile(path: try ScratchFolder("secret").path("vault.secret"))
        guard let text else { return file }
        _ = FileManager.default.createFile(
            atPath: file.path, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
        return file
    }

    @Test("A missing secret is made once, for its owner only, and only when that is asked for")
    func made() throws {
        let file = try makeFile()
        #expect(throws: BackOfficeFailure.secretMissing(path: file.path)) {
            try file.read(makesMissing: false)
        }
        let secret = try file.read(makesMissing: true)
        #expect(secret.count == 32)
        #expect(try file.read(makesMissing: true) == secret)
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let folder = URL(filePath: file.path).deletingLastPathComponent().path
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["vault.secret"])
    }

    @Test("Processes that start together get the same secret")
    func together() async throws {
        let file = try makeFile()
        let secrets = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 { group.addTask { try file.read(makesMissing: true) } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(secrets.count == 1)
    }

    @Test("A secret that others can read is refused", arguments: [0o640, 0o604, 0o644])
    func exposed(mode: Int) throws {
        let file = try makeFile(holding: String(repeating: "ab", count: 32), mode: mode)
        #expect(throws: BackOfficeFailure.secretExposed(path: file.path)) {
            try file.read(makesMissing: true)
        }
    }

    @Test("Anything but 64 hexadecimal digits is refused", arguments: ["", "abc", "zz", "00ff\n"])
    func malformed(text: String) throws {
        let file = try makeFile(holding: text)
        #expect(throws: BackOfficeFailure.secretMalformed(path: file.path)) {
            try file.read(makesMissing: true)
        }
    }
}

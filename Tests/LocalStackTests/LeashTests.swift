import Foundation
import LocalStack
import Testing

@Suite("A leash", .timeLimit(.minutes(5)))
struct LeashTests {
    @Test("reports how a program ended")
    func reportsStatus() async throws {
        #expect(await (try Leash(ChildCommand("true"))).ended() == .exited(0))
        #expect(await (try Leash(ChildCommand("sh", ["-c", "exit 7"]))).ended() == .exited(7))
        let killed = try Leash(ChildCommand("sh", ["-c", "kill -USR1 $$"]))
        #expect(await killed.ended() == .signalled(SIGUSR1))
        #expect(await (try Leash(ChildCommand("/no/such/program"))).ended() == .exited(127))
    }

    @Test("keeps lines of output and of diagnostics apart, the unfinished last one too")
    func keepsLines() async throws {
        let lines = try await ChildCommand("sh", ["-c", "echo one; echo two >&2; printf three"])
            .run()
        #expect(lines == ["one", "three"])
    }

    @Test("passes lines in")
    func passesLines() async throws {
        let leash = try Leash(ChildCommand("cat", readsLines: true))
        #expect(leash.write(line: "до зустрічі"))
        leash.finishInput()
        #expect(await leash.ended() == .exited(0))
        _ = try await leash.output.line("the echo") { $0 == "до зустрічі" }
    }

    @Test("a child holds none of our sockets: a server's port is free once the server is gone")
    func inheritsNothing() async throws {
        // As many libraries open theirs: without close-on-exec.
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #expect(descriptor >= 0)
        defer { close(descriptor) }
        let held = try await ChildCommand("sh", ["-c", "ls /proc/$$/fd"]).run()
        #expect(Set(held).isSubset(of: ["0", "1", "2"]), "the child holds \(held)")
    }

    @Test("says which program failed and how")
    func namesFailure() async throws {
        let failure = await #expect(throws: CommandFailure.self) {
            try await ChildCommand("sh", ["-c", "echo because >&2; exit 3"]).run()
        }
        #expect(failure?.status == .exited(3))
        #expect(failure?.lastLines == ["because"])
    }

    @Test("asks first, so that a program can end in its own way")
    func asksFirst() async throws {
        let leash = try Leash(
            ChildCommand(
                "sh", ["-c", "trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.05; done"])
        )
        _ = try await leash.output.line("the start") { $0 == "up" }
        #expect(await leash.stop() == .exited(5))
        #expect(leash.output.lines.contains("bye"))
    }

    @Test("kills what does not listen")
    func killsTheDeaf() async throws {
        let leash = try Leash(
            ChildCommand("sh", ["-c", "trap '' TERM; echo up; while :; do sleep 0.05; done"]),
            grace: .milliseconds(200))
        _ = try await leash.output.line("the start") { $0 == "up" }
        #expect(await leash.stop() == .signalled(SIGKILL))
    }

    @Test("kills descendants that moved to a session of their own")
    func killsTheTree() async throws {
        let leash = try Leash(
            ChildCommand("sh", ["-c", "setsid sh -c 'echo $$; exec sleep 600' & wait"]))
        let line = try await leash.output.line("the grandchild") { Int32($0) != nil }
        let grandchild = try #require(pid_t(line))
        await leash.kill9()
        try await eventually("the grandchild to be gone") { !isAlive(grandchild) }
    }

    @Test("removes what it was told to remove")
    func removes() async throws {
        let folder = try ScratchFolder("gone")
        let leash = try Leash(ChildCommand("true"), removing: [folder.path])
        await leash.ended()
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test("starts the same command again")
    func startsAgain() async throws {
        let program = ProcessUnderTest(
            ChildCommand("sh", ["-c", #"echo '{"ready":true,"at":"here"}'; exec sleep 600"#]))
        #expect(try await program.startUntilReady()["at"] == "here")
        #expect(await program.kill9() == .signalled(SIGKILL))
        #expect(try await program.startUntilReady()["at"] == "here")
        #expect(await program.stop() == .signalled(SIGTERM))
    }
}

/// False for a zombie as well: it runs no more.
func isAlive(_ process: pid_t) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
        return false
    }
    return !stat.contains(") Z ")
}

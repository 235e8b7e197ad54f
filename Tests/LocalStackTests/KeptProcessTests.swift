import Foundation
import LocalStack
import Synchronization
import Testing

@Suite("A kept process", .timeLimit(.minutes(5)))
struct KeptProcessTests {
    @Test("pauses grow, have an end, and begin anew after a good run")
    func backOff() {
        var backOff = RestartBackOff()
        let pauses = (0..<9).map { _ in backOff.pause(afterLiving: .seconds(1)) }
        #expect(pauses.first == RestartBackOff.shortest)
        #expect(pauses[1] == RestartBackOff.shortest * 2)
        #expect(pauses.last == RestartBackOff.longest)
        #expect(backOff.pause(afterLiving: RestartBackOff.goodRun) == RestartBackOff.shortest)
    }

    @Test("comes back after it died, and not after it was stopped")
    func comesBack() async throws {
        let events = Mutex<[String]>([])
        let folder = try ScratchFolder("kept")
        // The program tells its process number, so that the test can kill it from outside.
        let script = #"echo $$ > "$0"; echo '{"ready":true,"at":"here"}'; exec sleep 600"#
        let kept = KeptProcess("it", ChildCommand("sh", ["-c", script, folder.path("pid")])) {
            event in
            events.withLock { $0.append("\(event)") }
        }
        #expect(try await kept.start() == ["at": "here"])
        let first = try processNumber(in: folder)
        async let keeping: Void = kept.keep()
        kill(first, SIGKILL)
        try await eventually("the second run") { events.withLock { $0.count } == 2 }
        let second = try processNumber(in: folder)
        #expect(second != first && isAlive(second))
        await kept.stop()
        await keeping
        #expect(!isAlive(second))
        #expect(events.withLock { $0.count } == 2)
        #expect(events.withLock { $0.first }?.contains("signal 9") == true)
    }

    @Test("without power it stays dead, and comes back when the power does, kept as before")
    func power() async throws {
        let events = Mutex<[String]>([])
        let folder = try ScratchFolder("kept")
        let script = #"echo $$ > "$0"; echo '{"ready":true}'; exec sleep 600"#
        let kept = KeptProcess("it", ChildCommand("sh", ["-c", script, folder.path("pid")])) {
            event in
            events.withLock { $0.append("\(event)") }
        }
        _ = try await kept.start()
        let first = try processNumber(in: folder)
        async let keeping: Void = kept.keep()

        await kept.cutPower()
        #expect(!isAlive(first))
        #expect(await !kept.hasPower)
        #expect(await kept.processIdentifier == nil)
        try await kept.restorePower()
        let second = try processNumber(in: folder)
        #expect(second != first && isAlive(second))
        #expect(await kept.processIdentifier == second)
        // Both were asked for, so nobody is told of a death.
        #expect(events.withLock { $0 } == [])

        kill(second, SIGKILL)
        try await eventually("the third run") { events.withLock { $0.count } == 2 }
        #expect(isAlive(try processNumber(in: folder)))
        await kept.cutPower()
        await kept.stop()
        await keeping
    }

    @Test("a lock has one holder, is not passed on to children, and is free again")
    func lock() async throws {
        let path = try ScratchFolder("lock").path("lock")
        var lock = try ExclusiveLock.take(path, for: .process)
        #expect(lock != nil)
        #expect(try ExclusiveLock.take(path, for: .process) == nil)
        let child = try Leash(ChildCommand("sleep", ["600"]))
        lock = nil
        #expect(try ExclusiveLock.take(path, for: .process) != nil)
        #expect(child.isRunning)
        await child.kill9()
    }

    private func processNumber(in folder: ScratchFolder) throws -> pid_t {
        let text = try String(contentsOfFile: folder.path("pid"), encoding: .utf8)
        return try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}

import Foundation
import LocalStack
import Testing

/// Here the process with the leash is one of its own, so that it can be killed.
@Suite("Nothing outlives the holder of a leash", .timeLimit(.minutes(5)))
struct OutlivingTests {
    @Test(
        "whichever way the holder goes",
        arguments: [SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGSEGV])
    func holderGoes(signal: Int32) async throws {
        // Sessions of their own, one of them deaf to everything that can be ignored.
        let script = """
            setsid sh -c 'trap "" TERM HUP INT; echo $$; while :; do sleep 0.1; done' &
            echo $$
            wait
            """
        let holder = try Leash(
            ChildCommand(
                Checkout.program("kvytok-sim"), ["leash", "--", "sh", "-c", script],
                // A crash shall be over at once, not after a look at every symbol.
                environment: ["SWIFT_BACKTRACE": "enable=no"]))
        try await eventually("two process numbers") { holder.output.lines.count == 2 }
        let processes = holder.output.lines.compactMap { pid_t($0) }
        #expect(processes.count == 2)
        #expect(processes.allSatisfy(isAlive))

        holder.signal(signal)
        // The leash asks first and kills after five seconds.
        try await eventually("both to be gone", within: .seconds(30)) {
            !processes.contains(where: isAlive)
        }
        _ = await holder.ended()
    }

    @Test("the exit status of the program is the holder's")
    func passesStatus() async throws {
        let program = Checkout.program("kvytok-sim")
        let ended = try Leash(ChildCommand(program, ["leash", "--", "sh", "-c", "exit 5"]))
        #expect(await ended.ended() == .exited(5))
    }
}

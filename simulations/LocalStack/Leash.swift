import Foundation
import Synchronization

/// A process, with everything it starts, that cannot outlive us.
///
/// Beside each child runs a watcher: a shell that holds one end of a socket. When we end in any
/// way, `kill -9` included, the kernel closes our end and the watcher ends the child: first with
/// the signal it asks for, then by killing its process group and every descendant, those that
/// moved to other sessions as well. Letting go of the value ends nothing: the child lives until it
/// is stopped or until we end. The child starts only after the watcher knows it, so there is
/// no instant at which it could slip away.
package final class Leash: Sendable {
    private struct State {
        var status: ExitStatus?
        var waiters: [CheckedContinuation<ExitStatus, Never>] = []
    }

    package let processIdentifier: pid_t
    /// Lines of standard output, when the command keeps them.
    package let output: LineLog
    /// Lines of standard error, when the command keeps them.
    package let diagnostics: LineLog
    private let askingSignal: Int32
    private let grace: Duration
    private let input: Int32?
    private let state = Mutex(State())

    /// Starts the command.
    ///
    /// - Parameters:
    ///   - askingSignal: What asks the program to end in its own way.
    ///   - grace: How long it may take before it is killed.
    ///   - removing: Files and folders to delete once the process has ended, even when we are no
    ///     longer there to do it.
    package init(
        _ command: ChildCommand, askingSignal: Int32 = SIGTERM, grace: Duration = .seconds(5),
        removing: [String] = []
    ) throws(SystemFailure) {
        self.askingSignal = askingSignal
        self.grace = grace
        let streams = try ChildStreams(for: command)
        let watcher: Watcher
        let gate: (ours: Int32, theirs: Int32)
        do throws(SystemFailure) {
            watcher = try Watcher(askingSignal: askingSignal, grace: grace, removing: removing)
            gate = try Spawn.channel()
        } catch {
            streams.closeAll()
            throw error
        }
        defer {
            close(gate.ours)
            close(gate.theirs)
            streams.closeTheirs()
        }
        do throws(SystemFailure) {
            processIdentifier = try Spawn.start(
                ["/bin/sh", "-c", LeashScripts.launcher, "leash"]
                    + [command.workingFolder ?? ".", command.program] + command.arguments,
                environment: command.fullEnvironment,
                descriptors: streams.descriptors + [(child: 3, ours: gate.theirs)])
        } catch {
            watcher.release()
            streams.closeOurs()
            throw error
        }
        output = streams.output.map(LineLog.init(reading:)) ?? LineLog()
        diagnostics = streams.diagnostics.map(LineLog.init(reading:)) ?? LineLog()
        input = streams.input
        watcher.guardProcess(processIdentifier)
        Spawn.send("go", to: gate.ours)
        Thread.detachNewThread { [self] in awaitEnd(watcher) }
    }

    package var isRunning: Bool { state.withLock { $0.status == nil } }

    /// How it ended; `nil` while it runs.
    package var status: ExitStatus? { state.withLock { $0.status } }

    /// Waits for the end.
    @discardableResult
    package func ended() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state -> ExitStatus? in
                if state.status == nil { state.waiters.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Waits for the end; when the waiting task is cancelled, by a time limit for instance, the
    /// program is killed first.
    @discardableResult
    package func endedOrKilled() async -> ExitStatus {
        await withTaskCancellationHandler {
            await ended()
        } onCancel: {
            signal(SIGKILL)
        }
    }

    /// Sends a signal to the program alone.
    package func signal(_ number: Int32) {
        // Under the lock the process is not yet reaped, so its number is still its own.
        state.withLock { if $0.status == nil { _ = kill(processIdentifier, number) } }
    }

    /// Ends the program, and all it started, with SIGKILL, as a power cut would.
    @discardableResult
    package func kill9() async -> ExitStatus {
        state.withLock {
            guard $0.status == nil else { return }
            let members = ProcessTree.descendants(of: processIdentifier)
            kill(processIdentifier, SIGKILL)
            kill(-processIdentifier, SIGKILL)
            ProcessTree.signal(members, SIGKILL)
        }
        return await ended()
    }

    /// Asks the program to end, and kills it when the grace is over; then kills what it started
    /// and left behind.
    @discardableResult
    package func stop() async -> ExitStatus {
        // Taken before the question: when their parent is gone, nothing tells whose they were.
        let members = ProcessTree.descendants(of: processIdentifier)
        signal(askingSignal)
        let deadline = ContinuousClock.now + grace
        while isRunning, ContinuousClock.now < deadline {
            // A cancelled caller still waits: leaving a process behind helps nobody.
            await Task { try? await Task.sleep(for: .milliseconds(5)) }.value
        }
        let status = await kill9()
        ProcessTree.signal(members, SIGKILL)
        return status
    }

    /// Gives the program a line to read; false when it reads no more.
    @discardableResult
    package func write(line: String) -> Bool {
        guard let input else { return false }
        return Spawn.send(line, to: input)
    }

    /// Tells the program that no more lines come.
    package func finishInput() {
        if let input { shutdown(input, Int32(SHUT_WR)) }
    }

    private func awaitEnd(_ watcher: Watcher) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(processIdentifier), &information, WEXITED | WNOWAIT) != 0,
            errno == EINTR
        {}
        // Still a zombie, so nobody else can have got its number or its group's.
        kill(-processIdentifier, SIGKILL)
        watcher.release()
        state.withLock { state in
            var raw: Int32 = 0
            while waitpid(processIdentifier, &raw, 0) < 0, errno == EINTR {}
            let signal = raw & 0x7F
            let status: ExitStatus = signal == 0 ? .exited((raw >> 8) & 0xFF) : .signalled(signal)
            state.status = status
            for waiter in state.waiters { waiter.resume(returning: status) }
            state.waiters = []
        }
        if let input { close(input) }
    }
}

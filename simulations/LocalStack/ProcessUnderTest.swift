import Foundation

/// One program of ours under test: started, listened to, killed and started again with the same
/// command.
package actor ProcessUnderTest {
    package let command: ChildCommand
    private var leash: Leash?

    package init(_ command: ChildCommand) {
        self.command = command
    }

    /// Starts it, unless it runs.
    @discardableResult
    package func start() throws -> Leash {
        if let leash, leash.isRunning { return leash }
        let started = try Leash(command)
        leash = started
        return started
    }

    /// Starts it and waits for the line `{"ready":true,…}` that our servers print.
    ///
    /// - Returns: The other texts of that line, addresses mostly, by name.
    /// - Throws: ``DeadlinePassed`` with what it printed instead.
    @discardableResult
    package func startUntilReady(within limit: Duration = .seconds(60)) async throws
        -> [String: String]
    {
        let leash = try start()
        do {
            return try await leash.readyLine(of: command.program, within: limit)
        } catch let failure as DeadlinePassed {
            throw DeadlinePassed(
                awaited: failure.awaited,
                evidence: failure.evidence + leash.diagnostics.lines.suffix(20))
        }
    }

    /// The current run, when it was started at all.
    package var run: Leash? { leash }

    @discardableResult
    package func kill9() async -> ExitStatus? { await leash?.kill9() }

    @discardableResult
    package func stop() async -> ExitStatus? { await leash?.stop() }
}

extension Leash {
    /// Waits for the line `{"ready":true,…}`.
    package func readyLine(of program: String, within limit: Duration) async throws
        -> [String: String]
    {
        let line = try await output.line("\(program) to be ready", within: limit) {
            $0.hasPrefix("{") && $0.contains("\"ready\"")
        }
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        let fields = (object as? [String: Any]) ?? [:]
        return fields.compactMapValues { $0 as? String }
    }
}

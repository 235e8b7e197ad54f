/// A program that shall run as long as we do: when it dies it is started again, with the same
/// command, after a pause that grows.
package actor KeptProcess {
    package enum Event: Sendable {
        case died(ExitStatus, restartIn: Duration)
        case back
        /// It started but did not get ready, or could not start at all.
        case stillDown(reason: String)
    }

    package nonisolated let name: String
    private let command: ChildCommand
    private let readyLimit: Duration
    private let grace: Duration
    private let onEvent: @Sendable (Event) -> Void
    private var leash: Leash?
    private var isStopping = false
    private var isWithoutPower = false
    private var awaitingPower: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - command: Prints the line `{"ready":true,…}` on standard output when it serves.
    ///   - onEvent: Told of every death and return; not of an end that was asked for.
    package init(
        _ name: String, _ command: ChildCommand, readyWithin readyLimit: Duration = .seconds(60),
        grace: Duration = .seconds(8), onEvent: @escaping @Sendable (Event) -> Void
    ) {
        self.name = name
        self.command = command
        self.readyLimit = readyLimit
        self.grace = grace
        self.onEvent = onEvent
    }

    /// Starts it for the first time and waits until it is ready; after that, ``keep()`` it.
    ///
    /// - Returns: The texts of its ready line, addresses mostly.
    package func start() async throws -> [String: String] {
        let leash = try Leash(command, grace: grace)
        self.leash = leash
        return try await leash.readyLine(of: name, within: readyLimit)
    }

    /// Starts it again whenever it ends; returns after ``stop()``.
    package func keep() async {
        var backOff = RestartBackOff()
        while let current = leash {
            let clock = ContinuousClock()
            let since = clock.now
            let status = await current.ended()
            if isWithoutPower { await powerIsBack() }
            // Somebody else has started it meanwhile.
            if isStopping { return }
            if leash !== current { continue }
            var pause = backOff.pause(afterLiving: since.duration(to: clock.now))
            onEvent(.died(status, restartIn: pause))
            while true {
                try? await Task.sleep(for: pause)
                if isStopping || Task.isCancelled { return }
                if isWithoutPower { break }
                do {
                    _ = try await start()
                    onEvent(.back)
                    break
                } catch {
                    await leash?.kill9()
                    if isStopping { return }
                    if isWithoutPower { break }
                    onEvent(.stillDown(reason: "\(error)"))
                    pause = backOff.pause(afterLiving: .zero)
                }
            }
        }
    }

    /// Ends it for good: first by asking, after the grace by killing.
    package func stop() async {
        isStopping = true
        wakeKeeper()
        await leash?.stop()
    }

    // MARK: - Power

    /// Its process now; `nil` while it has none.
    package var processIdentifier: Int32? {
        leash.flatMap { $0.isRunning ? $0.processIdentifier : nil }
    }

    /// The lines of the current run, or of the last one.
    package var output: LineLog? { leash?.output }

    package var hasPower: Bool { !isWithoutPower }

    /// Kills it at this instant with all that it started, as a power cut would. It stays dead
    /// until ``restorePower()``.
    package func cutPower() async {
        isWithoutPower = true
        await leash?.kill9()
    }

    /// Starts it again after ``cutPower()`` and waits until it is ready.
    ///
    /// - Throws: When it does not get ready; it is kept, and tried again, all the same.
    package func restorePower() async throws {
        guard isWithoutPower, !isStopping else { return }
        isWithoutPower = false
        defer { wakeKeeper() }
        _ = try await start()
    }

    private func powerIsBack() async {
        guard isWithoutPower, !isStopping else { return }
        await withCheckedContinuation { awaitingPower.append($0) }
    }

    private func wakeKeeper() {
        for keeper in awaitingPower { keeper.resume() }
        awaitingPower = []
    }
}

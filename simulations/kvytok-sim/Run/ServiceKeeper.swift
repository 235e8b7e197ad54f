import LocalStack

/// Starts the database or the card readers again when they die. They are not ``KeptProcess``es:
/// each knows itself what a new start needs.
struct ServiceKeeper: Sendable {
    private let name: String
    private let narrator: Narrator
    private let isRunning: @Sendable () async -> Bool
    private let start: @Sendable () async throws -> Void

    init(_ server: PrivatePostgres, _ narrator: Narrator) {
        name = "database"
        self.narrator = narrator
        isRunning = { await server.isRunning }
        start = { try await server.start() }
    }

    init(_ readers: CardReaderDaemon, of vehicle: String, _ narrator: Narrator) {
        name = "card reader daemon of \(vehicle)"
        self.narrator = narrator
        isRunning = { await readers.isRunning }
        start = { try await readers.start() }
    }

    /// Goes on until the task is cancelled; what is stopped after that is not started.
    func keep() async {
        var backOff = RestartBackOff()
        let clock = ContinuousClock()
        while !Task.isCancelled {
            let since = clock.now
            while await isRunning(), !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(500))
            }
            if Task.isCancelled { return }
            let pause = backOff.pause(afterLiving: since.duration(to: clock.now))
            narrator.say("! the \(name) ended; it starts again in \(pause.inWords)")
            try? await Task.sleep(for: pause)
            if Task.isCancelled { return }
            do {
                try await start()
                narrator.say("✓ the \(name) is back")
            } catch is CancellationError {
                return
            } catch {
                narrator.say("! the \(name) is still down: \(error)")
            }
        }
    }
}

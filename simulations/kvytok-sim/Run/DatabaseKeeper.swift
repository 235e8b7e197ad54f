import LocalStack

/// Starts the private database again when it dies.
struct DatabaseKeeper: Sendable {
    private let server: PrivatePostgres
    private let narrator: Narrator

    init(_ server: PrivatePostgres, _ narrator: Narrator) {
        self.server = server
        self.narrator = narrator
    }

    /// Goes on until the task is cancelled; a server that is stopped after that is not started.
    func keep() async {
        var backOff = RestartBackOff()
        let clock = ContinuousClock()
        while !Task.isCancelled {
            let since = clock.now
            while await server.processIdentifier != nil, !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(500))
            }
            if Task.isCancelled { return }
            let pause = backOff.pause(afterLiving: since.duration(to: clock.now))
            narrator.say("! the database ended; it starts again")
            try? await Task.sleep(for: pause)
            if Task.isCancelled { return }
            do {
                try await server.start()
                narrator.say("✓ the database is back")
            } catch is CancellationError {
                return
            } catch {
                narrator.say("! the database is still down: \(error)")
            }
        }
    }
}

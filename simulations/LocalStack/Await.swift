/// Something awaited did not come in time.
package struct DeadlinePassed: Error, CustomStringConvertible {
    package let awaited: String
    /// What was seen instead, for the person who reads the failure.
    package let evidence: [String]

    package init(awaited: String, evidence: [String] = []) {
        self.awaited = awaited
        self.evidence = evidence
    }

    package var description: String {
        (["awaited in vain: \(awaited)"] + evidence.map { "  | \($0)" }).joined(separator: "\n")
    }
}

/// Waits until a condition holds, asking again and again; never longer than `limit`.
///
/// The limit ends what would hang; it is no measure of speed, and long enough for a machine that
/// does ten other things.
///
/// - Throws: ``DeadlinePassed``, or what the condition throws.
package func eventually(
    _ what: String, within limit: Duration = .seconds(60),
    every pause: Duration = .milliseconds(10),
    isolation: isolated (any Actor)? = #isolation, _ holds: () async throws -> Bool
) async throws {
    _ = try await eventualValue(what, within: limit, every: pause) {
        try await holds() ? () : nil
    }
}

/// Waits until there is a value, asking again and again; never longer than `limit`.
///
/// - Throws: ``DeadlinePassed``, or what the question throws.
package func eventualValue<Value>(
    _ what: String, within limit: Duration = .seconds(60),
    every pause: Duration = .milliseconds(10),
    isolation: isolated (any Actor)? = #isolation, _ find: () async throws -> Value?
) async throws -> Value {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while true {
        if let value = try await find() { return value }
        guard clock.now < deadline else { throw DeadlinePassed(awaited: what) }
        try await Task.sleep(for: pause)
    }
}

/// A service ended although whoever relies on it had not finished.
package struct ServiceEnded: Error, CustomStringConvertible {
    package let description = "the service ended by itself before the work with it was done"
}

/// Does `body` while a service runs beside it, then cancels the service and waits for its end.
///
/// A service that fails, or ends by itself, ends the wait: `body` is cancelled and the failure is
/// thrown. Otherwise whoever waits for the port of a server that could not start would wait for
/// ever.
///
/// - Throws: What `body` throws, what the service throws, or ``ServiceEnded``.
package func whileRunning<Value: Sendable>(
    _ service: @escaping @Sendable () async throws -> Void,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask {
            do {
                try await service()
            } catch is CancellationError {}
            return nil
        }
        group.addTask { try await body() }
        guard let first = try await group.next(), let value = first else { throw ServiceEnded() }
        group.cancelAll()
        while try await group.next() != nil {}
        return value
    }
}

/// Does something again and again, a pause apart, until the task is cancelled: for what a test
/// plays beside its subject, such as traffic.
///
/// - Throws: What the work throws, or that the task was cancelled.
package func repeatedly(
    every pause: Duration, isolation: isolated (any Actor)? = #isolation,
    _ work: () async throws -> Void
) async throws {
    while true {
        try await Task.sleep(for: pause)
        try await work()
    }
}

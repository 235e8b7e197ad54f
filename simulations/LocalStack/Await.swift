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
/// - Throws: ``DeadlinePassed``, or what the condition throws.
package func eventually(
    _ what: String, within limit: Duration = .seconds(20),
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
    _ what: String, within limit: Duration = .seconds(20),
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

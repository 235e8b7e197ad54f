import Logging
import PostgresClient

/// Does a step again and again while there is work, then waits for a bell: a notification of the
/// database, or the poll that catches what notifications miss.
struct WorkLoop: Sendable {
    let name: String
    let channels: [String]
    let pollInterval: Duration
    let logger: Logger

    /// Pauses between attempts while the database is away.
    private static let shortestPause: Duration = .milliseconds(200)
    private static let longestPause: Duration = .seconds(5)

    /// - Parameters:
    ///   - step: Does a bounded piece of work; tells whether there may be more.
    ///   - onFailure: Hears of every step that failed.
    func run(
        on database: PostgresClient, onFailure: @Sendable (any Error) -> Void,
        step: @Sendable () async throws -> Bool
    ) async {
        var pause = Self.shortestPause
        var bell = Self.bell(database.listen(to: channels), every: pollInterval)
            .makeAsyncIterator()
        while !Task.isCancelled {
            do {
                while try await step(), !Task.isCancelled {}
                pause = Self.shortestPause
                if await bell.next() == nil { return }
            } catch is CancellationError {
                return
            } catch {
                onFailure(error)
                logger.warning("A step failed", metadata: ["step": "\(name)", "error": "\(error)"])
                // Spread out, so that many workers do not come back all at once.
                let spread = Double.random(in: 0.5...1)
                try? await Task.sleep(for: pause * spread)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    /// Rings when something was signalled and at every interval; rings that nobody heard are one.
    private static func bell(
        _ signals: AsyncStream<PostgresSignal>, every interval: Duration
    ) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let listening = Task { for await _ in signals { continuation.yield() } }
            let ticking = Task {
                while (try? await Task.sleep(for: interval)) != nil { continuation.yield() }
            }
            continuation.onTermination = { _ in
                listening.cancel()
                ticking.cancel()
            }
        }
    }
}

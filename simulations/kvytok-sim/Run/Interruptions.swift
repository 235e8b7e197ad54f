@preconcurrency import Dispatch
import Foundation
import LocalStack

/// Signals by which a person or the system asks us to end.
enum Interruptions {
    /// Every SIGINT, SIGTERM and SIGHUP from now on; they no longer end us by themselves.
    static func stream() -> AsyncStream<Int32> {
        AsyncStream { continuation in
            // A terminal that went away must not end us in the middle of a sentence.
            signal(SIGPIPE, SIG_IGN)
            // Only cancelled from there, which a dispatch source allows from any thread.
            nonisolated(unsafe) let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number)
                source.setEventHandler { continuation.yield(number) }
                source.resume()
                return source
            }
            continuation.onTermination = { _ in
                for source in sources { source.cancel() }
            }
        }
    }

    /// The same, and the stream is over when a program has ended.
    static func stream(endingWith leash: Leash) -> AsyncStream<Int32> {
        AsyncStream { continuation in
            let relay = Task {
                for await number in stream() { continuation.yield(number) }
            }
            Task {
                await leash.ended()
                relay.cancel()
                continuation.finish()
            }
        }
    }
}

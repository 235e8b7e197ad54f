import Foundation
import Synchronization

/// The lines a child has printed so far, in order.
///
/// A thread of its own reads them, so that a child never waits for us and a line is there as soon
/// as it was printed. The last 20,000 lines are kept; numbering goes on past those that were let
/// go.
package final class LineLog: Sendable {
    private static let lineLimit = 20_000

    private struct State {
        var lines: [String] = []
        var dropped = 0
        var isFinished = false
    }

    private let state = Mutex(State())

    /// - Parameter descriptor: The reading end; the log closes it.
    init(reading descriptor: Int32) {
        Thread.detachNewThread { [self] in
            read(from: descriptor)
            close(descriptor)
            state.withLock { $0.isFinished = true }
        }
    }

    /// A log of nothing, for a child whose output goes elsewhere.
    init() {
        state.withLock { $0.isFinished = true }
    }

    package var lines: [String] { state.withLock { $0.lines } }

    /// The number that the next line will have; remember it to look only at what comes later.
    package var end: Int { state.withLock { $0.dropped + $0.lines.count } }

    /// True when the writing end was closed and every line is here.
    package var isFinished: Bool { state.withLock { $0.isFinished } }

    /// The lines from a number taken from ``end``.
    package func lines(from start: Int) -> [String] {
        state.withLock { Array($0.lines.dropFirst(max(0, start - $0.dropped))) }
    }

    /// Waits for a line, from the first kept one or from a number taken from ``end``.
    ///
    /// - Throws: ``DeadlinePassed`` with the last lines, when none came in time or none can come.
    package func line(
        _ what: String, from start: Int = 0, within limit: Duration = .seconds(60),
        where matches: @Sendable (String) -> Bool
    ) async throws -> String {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while true {
            let wasFinished = isFinished
            if let line = lines(from: start).first(where: matches) { return line }
            if wasFinished || clock.now >= deadline {
                throw DeadlinePassed(awaited: what, evidence: lines.suffix(20))
            }
            // Lines come from another process's pipe on another thread; five milliseconds late is
            // soon enough for whoever waits, and the deadline bounds the loop.
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func read(from descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var partial: [UInt8] = []
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            for byte in buffer[..<count] {
                if byte == UInt8(ascii: "\n") {
                    append(String(decoding: partial, as: UTF8.self))
                    partial.removeAll(keepingCapacity: true)
                } else {
                    partial.append(byte)
                }
            }
        }
        if !partial.isEmpty { append(String(decoding: partial, as: UTF8.self)) }
    }

    private func append(_ line: String) {
        state.withLock {
            $0.lines.append(line)
            if $0.lines.count > Self.lineLimit {
                $0.dropped += Self.lineLimit / 2
                $0.lines.removeFirst(Self.lineLimit / 2)
            }
        }
    }
}

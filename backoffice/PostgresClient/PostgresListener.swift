import Foundation

/// What a listener hears.
package enum PostgresSignal: Hashable, Sendable {
    /// Listening has begun, or begun again after the connection was lost: anything may have been
    /// missed, so look.
    case listening
    case notified(channel: String, payload: String)
}

extension PostgresClient {
    /// Listens on a connection and a thread of its own until the stream is dropped.
    ///
    /// A lost connection is made again with growing pauses of up to five seconds. When nobody
    /// reads, the newest 64 signals are kept: a notification is a hint to look, not the news.
    ///
    /// - Parameter channels: Names from the program's own code.
    package func listen(to channels: [String]) -> AsyncStream<PostgresSignal> {
        AsyncStream(bufferingPolicy: .bufferingNewest(64)) { continuation in
            let stop = StopSignal()
            let listener = PostgresListener(
                conninfo: conninfo, applicationName: applicationName + " listener",
                channels: channels)
            let thread = Thread {
                listener.run(until: stop) { continuation.yield($0) }
                continuation.finish()
            }
            thread.name = "kvytok.listen"
            continuation.onTermination = { _ in stop.raise() }
            thread.start()
        }
    }
}

/// A pipe that turns readable once and for ever; threads wait for it beside their own socket.
private final class StopSignal: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) != 0 { preconditionFailure("No file descriptor left for a pipe") }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func raise() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    /// Blocks until raised, until `socket` can be read, or until the time is over.
    ///
    /// - Returns: Whether it was raised.
    func wait(orReadable socket: Int32? = nil, milliseconds: Int32) -> Bool {
        var watched = [pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)]
        if let socket { watched.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0)) }
        _ = poll(&watched, nfds_t(watched.count), milliseconds)
        return watched[0].revents != 0
    }
}

private struct PostgresListener: Sendable {
    /// How often a quiet connection is asked whether it still lives.
    private static let livenessCheckMilliseconds: Int32 = 15_000
    private static let pauseLimitMilliseconds: Int32 = 5_000

    let conninfo: String
    let applicationName: String
    let channels: [String]

    func run(until stop: StopSignal, _ report: (PostgresSignal) -> Void) {
        var pause: Int32 = 100
        while true {
            do {
                let handle = try ConnectionHandle(
                    conninfo: conninfo, applicationName: applicationName, role: nil)
                for channel in channels { try handle.run(script: "listen \"\(channel)\"") }
                pause = 100
                report(.listening)
                while true {
                    for (channel, payload) in try handle.takeNotifications() {
                        report(.notified(channel: channel, payload: payload))
                    }
                    let isRaised = stop.wait(
                        orReadable: handle.socket, milliseconds: Self.livenessCheckMilliseconds)
                    if isRaised { return }
                    // Also wakes on the server's farewell, which the next round then notices.
                    if !handle.checkIsReusable() { break }
                    try handle.run(script: "")
                }
            } catch {
                // Whatever the cause, the answer is to try again after a pause.
            }
            if stop.wait(milliseconds: pause) { return }
            pause = min(pause * 2, Self.pauseLimitMilliseconds)
        }
    }
}

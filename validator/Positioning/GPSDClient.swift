import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import TransitModel

/// Listens to a gpsd, for as long as it runs: it may be away at the start, die and come back.
///
/// ``state`` answers at once and is never older than the last word of the receiver; ``fixes`` has
/// each fix once.
package final class GPSDClient: Service {
    package struct Settings: Sendable {
        package var host: String
        package var port: Int
        package var limits: FixJudge.Limits
        package var firstPause: Duration
        package var longestPause: Duration
        /// After so long without a word gpsd is asked whether it is there, and after as long
        /// again without an answer it is not.
        package var silence: Duration

        package init(
            host: String, port: Int, limits: FixJudge.Limits = .init(),
            firstPause: Duration = .milliseconds(250), longestPause: Duration = .seconds(10),
            silence: Duration = .seconds(10)
        ) {
            self.host = host
            self.port = port
            self.limits = limits
            self.firstPause = firstPause
            self.longestPause = longestPause
            self.silence = silence
        }
    }

    /// Where gpsd listens, as people write it.
    package static let standardPort = 2947

    private struct Held {
        var judge: FixJudge
        var heardAt = ContinuousClock.now
        var reported: String?
    }

    /// Each fix once; unread ones beyond the newest are forgotten. For one consumer; it ends when
    /// ``run()`` does.
    package let fixes: AsyncStream<PositionFix>
    private let continuation: AsyncStream<PositionFix>.Continuation
    private let settings: Settings
    private let clock: @Sendable () -> PositionInstant
    private let logger: Logger
    private let held: Mutex<Held>

    package init(
        _ settings: Settings, clock: @escaping @Sendable () -> PositionInstant,
        logger: Logger = Logger(label: "gpsd")
    ) {
        self.settings = settings
        self.clock = clock
        self.logger = logger
        held = Mutex(Held(judge: FixJudge(limits: settings.limits)))
        (fixes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package var state: PositionState {
        let now = clock().monotonic
        return held.withLock { $0.judge.state(at: now) }
    }

    /// The newest place that was believed, also while nothing better is known; see
    /// ``FixJudge/lastFix(at:)``.
    package var lastFix: PositionFix? {
        let now = clock().monotonic
        return held.withLock { $0.judge.lastFix(at: now) }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.keepListening() }
        continuation.finish()
    }

    private func keepListening() async {
        var pause = settings.firstPause
        while !Task.isCancelled {
            let begunAt = ContinuousClock.now
            do {
                try await listen()
                note("gpsd closed the connection")
            } catch {
                note("gpsd: \(error)")
            }
            held.withLock { $0.judge.disconnected() }
            if begunAt.duration(to: .now) > settings.longestPause { pause = settings.firstPause }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, settings.longestPause)
        }
    }

    private func listen() async throws {
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(5))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .connect(host: settings.host, port: settings.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        try await connection.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: GPSDLineMachine.watch))
            held.withLock { held in
                held.judge.connected()
                held.heardAt = .now
                held.reported = nil
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var machine = GPSDLineMachine()
                    for try await buffer in inbound {
                        self.take(machine.receive(buffer.readableBytesView))
                    }
                }
                group.addTask { try await self.watchSilence(outbound) }
                try await group.next()
                group.cancelAll()
            }
        }
    }

    private struct Silent: Error, CustomStringConvertible {
        let description = "does not answer"
    }

    /// A connection through a network that died looks like one with nothing to say.
    private func watchSilence(_ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws {
        while true {
            try await Task.sleep(for: settings.silence)
            let silence = held.withLock { $0.heardAt.duration(to: .now) }
            if silence >= settings.silence * 2 { throw Silent() }
            guard silence >= settings.silence else { continue }
            try await outbound.write(ByteBuffer(string: GPSDLineMachine.areYouThere))
        }
    }

    private func take(_ outputs: [GPSDLineMachine.Output]) {
        let now = clock()
        for output in outputs {
            let fix = held.withLock { held -> PositionFix? in
                held.heardAt = .now
                guard case .report(.position(let report)) = output else { return nil }
                return held.judge.receive(report, at: now)
            }
            if let fix { continuation.yield(fix) }
            switch output {
            case .report(.error(let message)): note("gpsd refuses a command: \(message)")
            case .tooLong: note("a line of gpsd was too long")
            case .unreadable: note("a line of gpsd could not be read")
            case .report: break
            }
        }
    }

    /// The same trouble again is not worth another line.
    private func note(_ trouble: String) {
        guard !Task.isCancelled else { return }
        let isNews = held.withLock { held in
            defer { held.reported = trouble }
            return held.reported != trouble
        }
        if isNews { logger.warning("\(trouble)") }
    }
}

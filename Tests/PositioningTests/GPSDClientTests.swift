import Foundation
import LocalStack
import Logging
import Positioning
import Testing
import TransitModel

/// A real gpsd, fed with a receiver's log that the test wrote.
@Suite(
    "gpsd", .timeLimit(.minutes(5)),
    .enabled(
        if: PositionDaemon.unavailability == nil,
        Comment(rawValue: PositionDaemon.unavailability ?? "")))
struct GPSDClientTests {
    private static let start = GeoPoint(latitude: 50.4501, longitude: 30.5234)

    /// North at 10 m/s, an epoch each second of the receiver's time.
    private static func drive(seconds: Range<Int>) -> [ReceiverLog.Epoch] {
        seconds.map { second in
            let point = start.moved(eastMetres: 0, northMetres: Double(second) * 10)
            return ReceiverLog.Epoch(
                at: Date(timeIntervalSince1970: 1_795_000_000 + Double(second)),
                latitude: point.latitude, longitude: point.longitude, speedMetresPerSecond: 10)
        }
    }

    private static func write(_ epochs: [ReceiverLog.Epoch]) throws -> String {
        let path = try ScratchFolder("gps").path("receiver.nmea")
        try Data(ReceiverLog.text(of: epochs).utf8).write(to: URL(filePath: path))
        return path
    }

    private static func client(
        _ port: UInt16, limits: FixJudge.Limits = .init(speedMetresPerSecond: 1_000)
    ) -> GPSDClient {
        var logger = Logger(label: "test.gpsd")
        logger.logLevel = .critical
        return GPSDClient(
            .init(
                host: "127.0.0.1", port: Int(port), limits: limits,
                firstPause: .milliseconds(20), longestPause: .milliseconds(100),
                silence: .milliseconds(500)),
            clock: {
                PositionInstant(
                    wall: Timestamp(
                        millisecondsSince1970: Int64(Date.now.timeIntervalSince1970 * 1_000)),
                    monotonic: MonotonicTime(
                        milliseconds: Int64(ProcessInfo.processInfo.systemUptime * 1_000)))
            }, logger: logger)
    }

    @Test("Fixes come in order, with place, course and speed; a dead gpsd is found again")
    func fixes() async throws {
        let log = try Self.write(Self.drive(seconds: 0..<600))
        let daemon = try PositionDaemon.start(log: log, pause: .milliseconds(25))
        let client = Self.client(daemon.port)
        try await whileRunning({ try await client.run() }) {
            var fixes = client.fixes.makeAsyncIterator()
            var north = -Double.infinity
            for _ in 0..<5 {
                let fix = try #require(await fixes.next())
                let offset = LocalPlane(around: Self.start).position(of: fix.point)
                #expect(abs(offset.east) < 1 && offset.north > north)
                #expect(abs((fix.speedMetresPerSecond ?? 0) - 10) < 0.2)
                north = offset.north
            }
            #expect(client.state.name == "fix")

            await daemon.kill9()
            try await eventually("the client to notice") { client.state == .disconnected }
            #expect(client.lastFix != nil)

            let next = try PositionDaemon.start(
                log: log, port: daemon.port, pause: .milliseconds(25))
            try await eventually("a fix of the new gpsd") { client.state.name == "fix" }
            await next.stop()
            try await eventually("the end of the new gpsd") { !next.isRunning }
        }
    }

    @Test("A tunnel is no fix, an unplugged receiver leaves a stale one, a leap is not believed")
    func trouble() async throws {
        var epochs = Self.drive(seconds: 0..<40)
        for index in 20..<30 { epochs[index].hasFix = false }
        // The last seconds claim to be 20 km away, each time somewhere else.
        for index in 34..<40 { epochs[index].latitude += index.isMultiple(of: 2) ? 0.2 : -0.2 }
        let daemon = try PositionDaemon.start(
            log: try Self.write(epochs), pause: .milliseconds(50))
        let client = Self.client(
            daemon.port, limits: .init(speedMetresPerSecond: 300, silence: .milliseconds(600)))
        try await whileRunning({ try await client.run() }) {
            for state in ["fix", "no_fix", "fix", "implausible"] {
                try await eventually("the state \(state)") { client.state.name == state }
            }
        }
        await daemon.stop()

        let short = try PositionDaemon.start(
            log: try Self.write(Self.drive(seconds: 0..<20)), pause: .milliseconds(25),
            repeats: false)
        let other = Self.client(
            short.port, limits: .init(speedMetresPerSecond: 1_000, silence: .milliseconds(600)))
        try await whileRunning({ try await other.run() }) {
            for state in ["fix", "stale"] {
                try await eventually("the state \(state)") { other.state.name == state }
            }
        }
        await short.stop()
    }
}

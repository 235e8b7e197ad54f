import Foundation

/// A real gpsd on a port of its own, fed with a receiver's log by gpsfake.
package struct PositionDaemon: Sendable {
    package let port: UInt16
    private let leash: Leash

    private static let programs = ["/usr/sbin/gpsd", "/usr/bin/gpsfake"]

    /// Why it cannot be had here; `nil` when it can.
    package static var unavailability: String? {
        let missing = programs.filter { !FileManager.default.isExecutableFile(atPath: $0) }
        return missing.isEmpty
            ? nil
            : "\(missing.joined(separator: " and ")) is missing; install the packages gpsd and "
                + "gpsd-clients"
    }

    /// Starts the daemon; it ends with this process, or when it is stopped.
    ///
    /// - Parameters:
    ///   - log: A file of NMEA sentences.
    ///   - port: A free one of its own when absent.
    ///   - pause: Between two sentences.
    ///   - repeats: Whether the log begins again at its end; otherwise the receiver falls silent.
    package static func start(
        log: String, port: UInt16? = nil, pause: Duration, repeats: Bool = false,
        output: ChildCommand.Output = .kept
    ) throws -> PositionDaemon {
        let port = if let port { port } else { try PortAllotment.allot() }
        let seconds = pause / .seconds(1)
        // Where gpsfake leaves the socket by which it commands gpsd.
        let folder = try ScratchFolder("gpsd")
        // gpsd is of gpsfake's making and in its process group: the leash ends both.
        let leash = try Leash(
            ChildCommand(
                "/usr/bin/gpsfake",
                (repeats ? [] : ["-1"]) + [
                    "-n", "-q", "-P", "\(port)", "-c", "\(seconds)", log,
                ],
                environment: ["TMPDIR": folder.path], output: output),
            removing: [folder.path])
        return PositionDaemon(port: port, leash: leash)
    }

    package var isRunning: Bool { leash.isRunning }
    /// What it complained of.
    package var diagnostics: [String] { leash.diagnostics.lines }

    package func stop() async { await leash.stop() }
    package func kill9() async { await leash.kill9() }
    package func ended() async { _ = await leash.ended() }
}

import City
import CityLife
import Foundation
import LocalStack
import TransitModel

/// A satellite receiver for a vehicle: gpsfake plays to a real gpsd where the vehicle will be.
///
/// gpsfake reads its log before it begins, so that a log holds some minutes ahead; then the next
/// one is played, and the validator finds gpsd again as it would after any restart.
struct DemoReceiver: Sendable {
    let port: UInt16
    let vehicle: VehicleID
    let stage: CityStage
    let log: String
    let narrator: Narrator

    private static let logSeconds = 900
    /// From the start of gpsfake to the first sentence that gpsd passes on.
    private static let startSeconds = 2
    /// A little less than half a second each, so that two sentences and the work take a second.
    private static let pause: Duration = .milliseconds(499)
    private static let look: Duration = .milliseconds(500)

    /// Plays one log after the other until the task is cancelled.
    func play() async {
        var hasFailed = false
        while !Task.isCancelled {
            let daemon: PositionDaemon
            do {
                try write()
                daemon = try PositionDaemon.start(
                    log: log, port: port, pause: Self.pause, output: .discarded)
            } catch {
                if !hasFailed { narrator.say("! the receiver of \(vehicle): \(error)") }
                hasFailed = true
                try? await Task.sleep(for: .seconds(10))
                continue
            }
            let end = ContinuousClock.now + .seconds(Self.logSeconds)
            while daemon.isRunning, .now < end, !Task.isCancelled {
                try? await Task.sleep(for: Self.look)
            }
            await daemon.stop()
            if !Task.isCancelled { try? await Task.sleep(for: Self.look) }
        }
    }

    private func write() throws {
        let start = Timestamp.now.advanced(by: .seconds(Self.startSeconds))
        var last: GeoPoint?
        let epochs = (0..<Self.logSeconds).map { second in
            let instant = start.advanced(by: .seconds(second))
            let place = stage.place(of: vehicle, at: instant)
            last = place?.location.point ?? last
            return ReceiverLog.Epoch(
                at: Date(
                    timeIntervalSince1970: Double(instant.millisecondsSince1970) / 1_000),
                latitude: last?.latitude ?? 0, longitude: last?.longitude ?? 0,
                speedMetresPerSecond: (place?.moment.speedMetresPerSecond ?? 0)
                    * Double(stage.clock.rate),
                course: place?.moment.bearing ?? 0, hasFix: place != nil)
        }
        try Data(ReceiverLog.text(of: epochs).utf8)
            .write(to: URL(filePath: log), options: .atomic)
    }
}

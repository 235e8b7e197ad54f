import Foundation
import Glibc
import TransitModel

/// The device's two clocks, read together.
package struct DeviceClock: Sendable {
    package struct Reading: Hashable, Sendable {
        package let wall: Timestamp
        package let monotonic: MonotonicTime
        package let quality: ClockQuality

        package init(wall: Timestamp, monotonic: MonotonicTime, quality: ClockQuality) {
            self.wall = wall
            self.monotonic = monotonic
            self.quality = quality
        }

        /// The wall time as far as documents may be judged by it.
        package var believableWall: Timestamp? { quality == .unset ? nil : wall }
    }

    package let read: @Sendable () -> Reading

    package init(read: @escaping @Sendable () -> Reading) {
        self.read = read
    }

    /// 2026-01-01: this software is younger, so a clock that shows less was never set.
    package static let earliestPlausible = Timestamp(secondsSince1970: 1_767_225_600)

    /// The operating system's clocks. The monotonic one counts while the device sleeps.
    package static let system = DeviceClock {
        let wall = Timestamp(
            millisecondsSince1970: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
        var boot = timespec()
        clock_gettime(CLOCK_BOOTTIME, &boot)
        return Reading(
            wall: wall,
            monotonic: MonotonicTime(
                milliseconds: Int64(boot.tv_sec) * 1_000 + Int64(boot.tv_nsec) / 1_000_000),
            quality: wall < earliestPlausible ? .unset : .system)
    }
}

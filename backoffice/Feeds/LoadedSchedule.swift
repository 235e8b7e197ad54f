import Timetable
import TransitModel

/// One version of the feed, as everyone reads it who needs the timetable.
package struct LoadedSchedule: Sendable {
    package let feed: TariffID
    /// Of all the feed's files; changes whenever a byte of them does.
    package let sha256: [UInt8]
    /// From when it is in force.
    package let effectiveFrom: Timestamp
    package let importedAt: Timestamp
    package let schedule: Schedule
    /// The agencies' time zone.
    package let zone: ZoneOffsets

    /// The checksum as text: names the version in addresses and headers.
    package var version: String { sha256.hex }

    package init(
        feed: TariffID, sha256: [UInt8], effectiveFrom: Timestamp, importedAt: Timestamp,
        schedule: Schedule, zone: ZoneOffsets
    ) {
        self.feed = feed
        self.sha256 = sha256
        self.effectiveFrom = effectiveFrom
        self.importedAt = importedAt
        self.schedule = schedule
        self.zone = zone
    }
}

/// The timetable as it stands at one moment: the version in force, and the one before it while
/// vehicles may still be running by that.
///
/// A vehicle learns of a new feed minutes or hours later than the back office does. Until then it
/// names trips of the old one, and keeps its route and place by them.
package struct ScheduleSnapshot: Sendable {
    package let current: LoadedSchedule
    package let previous: LoadedSchedule?

    package init(current: LoadedSchedule, previous: LoadedSchedule? = nil) {
        self.current = current
        self.previous = previous
    }

    /// Changes with what vehicles and pages may be told.
    package var version: String {
        previous.map { "\(current.version)-\($0.version.prefix(16))" } ?? current.version
    }

    /// The version that knows a trip, the one in force first, and the trip's index in it.
    package func findTrip(_ id: TripID) -> (loaded: LoadedSchedule, trip: Int)? {
        find { $0.trip(id) }
    }

    package func findRoute(_ id: RouteID) -> (loaded: LoadedSchedule, route: Int)? {
        find { $0.route(id) }
    }

    package func findStop(_ id: StopID) -> (loaded: LoadedSchedule, stop: Int)? {
        find { $0.stop(id) }
    }

    private func find<Index>(
        _ index: (Schedule) -> Index?
    ) -> (loaded: LoadedSchedule, Index)? {
        for loaded in [current, previous] {
            if let loaded, let found = index(loaded.schedule) { return (loaded, found) }
        }
        return nil
    }
}

import TransitModel

/// A timetable that is read by a clock of its own, for demonstrations: locations keep their
/// wall-clock stamps, and what they are compared with is where the city should be by that clock.
package struct ClockedTimetable: FleetTimetable {
    private let timetable: any FleetTimetable
    private let clock: TimetableClock

    package init(_ timetable: any FleetTimetable, clock: TimetableClock) {
        self.timetable = timetable
        self.clock = clock
    }

    package var version: String { timetable.version }
    package var streets: Streets { timetable.streets }

    package func service(
        of location: VehicleLocation, previousMetres: Double?
    ) -> VehicleService {
        guard !clock.isReal else {
            return timetable.service(of: location, previousMetres: previousMetres)
        }
        var location = location
        location.recordedAt = clock.timetable(at: location.recordedAt)
        return timetable.service(of: location, previousMetres: previousMetres)
    }
}

import City
import Synchronization
import Timetable
import TransitModel

/// The city in motion: where each vehicle is at an instant of wall time, by the timetable's clock.
///
/// Days are worked out when they come near; a trip past midnight belongs to the day before.
package final class CityStage: Sendable {
    /// A vehicle on the street.
    package struct Place: Sendable {
        package let date: ServiceDate
        package let moment: FleetMotion.Moment
        /// What its validator reports.
        package let location: VehicleLocation
        package let direction: Direction?
        /// The block that it is on, counted in the day's motion.
        package let block: Int
    }

    /// A vehicle opens its doors at a stop.
    package struct Arrival: Sendable {
        package let date: ServiceDate
        package let visit: FleetMotion.Visit
        /// Wall time that passes until the doors close.
        package let stay: Duration
    }

    private struct Day {
        let motion: FleetMotion
        let roster: VehicleRoster
    }

    package let schedule: Schedule
    package let clock: TimetableClock
    private let zone: ZoneOffsets
    private let seed: UInt64
    private let fleet: [CityVehicle]
    private let days = Mutex<[ServiceDate: Day]>([:])

    package init(
        schedule: Schedule, zone: ZoneOffsets, clock: TimetableClock, seed: UInt64,
        fleet: [CityVehicle] = []
    ) {
        self.schedule = schedule
        self.zone = zone
        self.clock = clock
        self.seed = seed
        self.fleet = fleet
    }

    /// Works out the days around an instant, unless they are; takes a moment for each new one.
    ///
    /// - Returns: Those days.
    @discardableResult
    package func prepare(for instant: Timestamp) -> [ServiceDate] {
        let soon = clock.timetable(at: instant).advanced(by: .seconds(3_600))
        let dates =
            schedule.serviceDates(at: clock.timetable(at: instant), in: zone).map(\.date)
            + schedule.serviceDates(at: soon, in: zone).map(\.date)
        for date in Set(dates) where days.withLock({ $0[date] == nil }) {
            let motion = FleetMotion(schedule: schedule, date: date, seed: seed)
            let day = Day(motion: motion, roster: VehicleRoster(motion, fleet: fleet))
            days.withLock { $0[date] = day }
        }
        days.withLock { days in days = days.filter { dates.contains($0.key) } }
        return Set(dates).sorted()
    }

    /// All vehicles that drive around an instant; those on the street now first, then by id.
    package func vehicles(at instant: Timestamp) -> [VehicleID] {
        let ids = Set(days.withLock { $0.values.flatMap { $0.roster.vehicles.map(\.id) } })
        let onStreet = Set(ids.filter { place(of: $0, at: instant) != nil })
        return ids.sorted {
            (onStreet.contains($0) ? 0 : 1, $0) < (onStreet.contains($1) ? 0 : 1, $1)
        }
    }

    /// - Returns: `nil` while the vehicle is in its depot.
    package func place(of vehicle: VehicleID, at instant: Timestamp) -> Place? {
        for (date, day, second) in running(at: instant) {
            for block in day.roster.findVehicle(vehicle)?.blocks ?? [] {
                guard let moment = day.motion.moment(of: block, at: second) else { continue }
                return Place(
                    date: date, moment: moment, location: location(of: moment, at: instant),
                    direction: moment.trip.flatMap { schedule.trips[$0].direction }, block: block)
            }
        }
        return nil
    }

    /// Where a vehicle opens its doors in a span of wall time, its end left out.
    package func arrivals(
        of vehicle: VehicleID, from start: Timestamp, to end: Timestamp
    ) -> [Arrival] {
        let length =
            Double(end.millisecondsSince1970 - start.millisecondsSince1970) / 1_000
            * Double(clock.rate)
        return running(at: start).flatMap { date, day, second in
            (day.roster.findVehicle(vehicle)?.blocks ?? []).flatMap { block in
                day.motion.visits(of: block, arriving: second..<(second + length)).map { visit in
                    Arrival(
                        date: date, visit: visit,
                        stay: .seconds(
                            (visit.departure - visit.arrival) / Double(clock.rate)))
                }
            }
        }
    }

    /// What a place is in words of the feed.
    private func location(of moment: FleetMotion.Moment, at instant: Timestamp) -> VehicleLocation {
        let trip = moment.trip.map { schedule.trips[$0] }
        let stop = moment.trip.flatMap { trip in
            moment.call.map { call in
                let calls = schedule.calls(of: trip)
                return schedule.stops[calls[calls.startIndex + call].stop].id
            }
        }
        return VehicleLocation(
            recordedAt: instant, point: moment.point, bearing: moment.bearing,
            speedMetresPerSecond: moment.speedMetresPerSecond, trip: trip?.id,
            route: trip.map { schedule.routes[$0.route].id }, stop: stop,
            stopStatus: stop == nil ? nil : moment.stopStatus, source: .simulated)
    }

    /// The days of which something may be running, with the second of each.
    private func running(at instant: Timestamp) -> [(ServiceDate, Day, Double)] {
        let time = clock.timetable(at: instant)
        return days.withLock { days in
            days.compactMap { date, day in
                let start = zone.serviceDayStart(date)
                let second =
                    Double(time.millisecondsSince1970 - start.millisecondsSince1970) / 1_000
                return second < -3_600 ? nil : (date, day, second)
            }
        }.sorted { $0.0 > $1.0 }
    }
}

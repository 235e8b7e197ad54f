package import Timetable
package import TransitModel

/// A trip on one service day.
package struct TripDay: Hashable, Sendable {
    /// An index of the schedule's trips.
    package let trip: Int
    package let date: ServiceDate

    /// How long before its departure, or after its arrival, a vehicle may name the trip.
    private static let slackSeconds = 4 * 3_600

    package init(trip: Int, date: ServiceDate) {
        self.trip = trip
        self.date = date
    }

    /// The service day that a vehicle means which names a trip at an instant: a bus at 00:30 may
    /// be on yesterday's last trip or early for today's.
    ///
    /// - Returns: `nil` when the trip runs on no day around the instant.
    package init?(of trip: Int, in schedule: Schedule, at instant: Timestamp, zone: ZoneOffsets) {
        let record = schedule.trips[trip]
        let today = zone.local(instant, as: ServiceDate.self).date
        var best: (date: ServiceDate, distance: Int)?
        for offset in -(record.endsAt / 86_400 + 1)...1 {
            let date = today.advanced(byDays: offset)
            let second = zone.second(of: instant, on: date)
            let distance = max(record.startsAt - second, second - record.endsAt, 0)
            guard distance <= Self.slackSeconds, distance < best?.distance ?? .max,
                record.service.map({ schedule.services(on: date).contains($0) }) ?? true
            else { continue }
            best = (date, distance)
        }
        guard let best else { return nil }
        self.init(trip: trip, date: best.date)
    }
}

extension ScheduleDeviation {
    /// As ``init(of:in:_:second:)``, for an instant.
    package init?(
        of day: TripDay, in schedule: Schedule, _ observation: VehicleObservation,
        at instant: Timestamp, zone: ZoneOffsets
    ) {
        self.init(
            of: day.trip, in: schedule, observation, second: zone.second(of: instant, on: day.date))
    }
}

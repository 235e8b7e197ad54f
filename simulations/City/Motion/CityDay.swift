package import Timetable
package import TransitModel

/// Chooses when a city is looked at: now if it is awake, else at its busiest.
///
/// A newcomer who starts the demonstration at three in the morning, or with a feed whose calendar
/// ended long ago, must see a living map all the same.
package struct CityDay: Sendable {
    package enum Choice: Hashable, Sendable {
        case now
        /// Nobody drives now; the same day's busiest hour is shown.
        case busyHourOfToday
        /// Nobody drives on this day; another day of the feed is shown.
        case busyHourOfAnotherDay
    }

    package let choice: Choice
    package let date: ServiceDate
    /// Of the service day.
    package let second: Int

    /// A city with a smaller share of its vehicles on the street is asleep.
    private static let awakePercent = 25
    /// How far from today a living day is looked for.
    private static let searchDays = 3_660

    /// - Returns: `nil` for a feed in which nothing ever runs.
    package static func choose(
        _ schedule: Schedule, at now: Timestamp, in zone: ZoneOffsets
    ) -> CityDay? {
        let today = zone.local(now, as: ServiceDate.self).date
        let running = schedule.trips(on: today)
        if !running.isEmpty {
            let second = zone.second(of: now, on: today)
            let busiest = busiestSecond(of: running, in: schedule)
            let isAwake =
                count(running, at: second, in: schedule) * 100
                >= count(running, at: busiest, in: schedule) * awakePercent
            return isAwake
                ? CityDay(choice: .now, date: today, second: second)
                : CityDay(choice: .busyHourOfToday, date: today, second: busiest)
        }
        guard let date = livingDay(schedule, around: today) else { return nil }
        let busiest = busiestSecond(of: schedule.trips(on: date), in: schedule)
        return CityDay(choice: .busyHourOfAnotherDay, date: date, second: busiest)
    }

    /// The nearest day of the same weekday, unless it is a quiet one: then the busiest of a week.
    private static func livingDay(_ schedule: Schedule, around today: ServiceDate) -> ServiceDate? {
        guard let dates = schedule.calendar.dates else { return nil }
        let span = (dates.upperBound.daysSince1970 - dates.lowerBound.daysSince1970)
        let days = (0...min(max(0, span), searchDays)).map { step in
            today <= dates.lowerBound
                ? dates.lowerBound.advanced(byDays: step)
                : dates.upperBound.advanced(byDays: -step)
        }
        let week = Array(
            days.lazy.map { (date: $0, trips: schedule.trips(on: $0).count) }
                .filter { $0.trips > 0 }.prefix(7))
        let busiest = week.max { $0.trips < $1.trips }
        let alike = week.first { $0.date.isoWeekday == today.isoWeekday }
        if let alike, let busiest, alike.trips * 2 >= busiest.trips { return alike.date }
        return busiest?.date
    }

    private static func busiestSecond(of trips: [Int], in schedule: Schedule) -> Int {
        let quarters = stride(from: 0, to: 30 * 3_600, by: 900)
        let counts = quarters.map { ($0, count(trips, at: $0, in: schedule)) }
        return counts.max { ($0.1, -$0.0) < ($1.1, -$1.0) }?.0 ?? 0
    }

    private static func count(_ trips: [Int], at second: Int, in schedule: Schedule) -> Int {
        trips.count {
            schedule.trips[$0].startsAt <= second && second <= schedule.trips[$0].endsAt
        }
    }
}

import City
import CityLife
import Foundation
import LocalStack
import TransitModel

/// The city's clock for one demonstration, and why it shows what it shows.
struct DemoClock: Sendable {
    let clock: TimetableClock
    /// A sentence for the person, when the city's clock is not the one on the wall.
    let remark: String?

    /// - Parameter wanted: What the city's clock is to show first; without it the time on the
    ///   wall, or a busy hour when the city sleeps.
    init(for feed: CityFeed, speed: Int, wanted: CityMoment?, at now: Timestamp) throws {
        if let wanted {
            let instant = wanted.instant(at: now, in: feed.zone)
            let local = feed.zone.local(instant, as: ServiceDate.self)
            clock = TimetableClock(wall: now, timetable: instant, rate: speed)
            remark =
                "its clock shows \(TimetableSecond(local.secondsOfDay).text) of \(local.date)"
                + (speed == 1 ? "" : " and goes \(speed) times as fast")
            return
        }
        guard let day = CityDay.choose(feed.schedule, at: now, in: feed.zone) else {
            throw InstallationFailure("\(feed.title): nothing ever runs in this feed")
        }
        let time = TimetableSecond(day.second).text
        switch day.choice {
        case .now:
            clock = speed == 1 ? .real : TimetableClock(wall: now, timetable: now, rate: speed)
            remark = speed == 1 ? nil : "the city lives \(speed) times as fast"
        case .busyHourOfToday, .busyHourOfAnotherDay:
            clock = TimetableClock(
                wall: now, timetable: feed.zone.instant(ofSecond: day.second, on: day.date),
                rate: speed)
            let local = TimetableSecond(feed.zone.local(now, as: ServiceDate.self).secondsOfDay)
            let reason =
                day.choice == .busyHourOfToday
                ? "the city sleeps at \(local.text)" : "the feed has no trips today"
            remark =
                "\(reason), so its clock shows \(time) of \(day.date)"
                + (speed == 1 ? "" : " and goes \(speed) times as fast")
        }
    }
}

private struct TimetableSecond {
    let text: String

    init(_ second: Int) {
        let (hour, minute) = (second / 3_600 % 24, second / 60 % 60)
        text = "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}

extension Timestamp {
    /// The system's wall clock.
    static var now: Timestamp {
        Timestamp(millisecondsSince1970: Int64(Date.now.timeIntervalSince1970 * 1_000))
    }
}

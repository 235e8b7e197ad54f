import ArgumentParser
import City
import CityLife
import Foundation
import LocalStack
import SmallTown
import Timetable
import TransitModel

/// An invented city at eight in the morning of its busiest day, whatever time it is outside.
struct RushHour: Sendable {
    /// Of the service day.
    static let second = 8 * 3_600

    let city: DemoCity
    let schedule: Schedule
    let zone: ZoneOffsets
    let date: ServiceDate
    /// Stands at that second now, and goes on at the speed of time.
    let clock: TimetableClock

    init(of city: DemoCity) throws {
        self.city = city
        let schedule = try Schedule(files: city.feed)
        self.schedule = schedule
        guard let zone = ZoneOffsets.near(.now, zone: schedule.zoneName) else {
            throw ValidationError("this system knows no zone \(schedule.zoneName)")
        }
        self.zone = zone
        let today = ServiceDate(daysSince1970: Int(Date().timeIntervalSince1970 / 86_400))
        let dates = (0..<14).map { today.advanced(byDays: $0) }
        date = dates.max { schedule.trips(on: $0).count < schedule.trips(on: $1).count } ?? today
        clock = TimetableClock(
            wall: .now, timetable: zone.instant(ofSecond: Self.second, on: date))
    }

    func importFeed(into town: Town) async throws {
        let folder = town.folder.path + "/city"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        for (name, bytes) in city.feed {
            try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        try await town.installation.importFeed(folder)
    }
}

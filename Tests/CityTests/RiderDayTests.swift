import City
import Feeds
import Foundation
import LocalStack
import Testing
import Timetable
import TransitModel

private let realFeed = Checkout.path("../shared/data/gtfs/cairns_gtfs.zip")

@Suite("Riders", .timeLimit(.minutes(5)))
struct RiderDayTests {
    private func day(_ date: ServiceDate, seed: UInt64 = 1) async throws -> RiderDay {
        let made = try await TestCity.make(1)
        return RiderDay(
            schedule: made.schedule, riders: made.city.riders, date: date, seed: seed)
    }

    @Test("Everybody boards a vehicle that stops there then, on its own day")
    func boardings() async throws {
        let schedule = try await TestCity.make(1).schedule
        let day = try await day(TestCity.weekday)
        let blocks = schedule.blocks(on: TestCity.weekday)
        #expect(day.boardings.count > 20_000)
        let strays = day.boardings.filter { boarding in
            let calls = schedule.calls(of: boarding.trip)
            let call = calls[calls.startIndex + boarding.call]
            // Nobody boards where everybody alights.
            return call.stop != boarding.stop || call.departure != boarding.second
                || boarding.call == calls.count - 1
                || !blocks[boarding.block].trips.contains(boarding.trip)
        }
        #expect(strays.isEmpty)
        #expect(zip(day.boardings, day.boardings.dropFirst()).allSatisfy { $0.second <= $1.second })
        let first = try #require(day.boardings.first)
        #expect(day.boardings(trip: first.trip, call: first.call).contains(first))
    }

    @Test("The same day again is the same; another seed, another day")
    func deterministic() async throws {
        let saturday = try await day(TestCity.saturday)
        #expect(try await saturday.boardings == day(TestCity.saturday).boardings)
        #expect(try await saturday.boardings != day(TestCity.saturday, seed: 2).boardings)
    }

    @Test("Weekdays have two peaks, weekends a quiet middle, and nobody overruns a validator")
    func curve() async throws {
        let weekday = try await hours(day(TestCity.weekday))
        let saturday = try await hours(day(TestCity.saturday))
        #expect(weekday[7] + weekday[8] > 3 * (weekday[11] + weekday[12]))
        #expect(weekday[17] > 2 * weekday[12])
        #expect(saturday[13] > saturday[7])
        #expect(weekday.reduce(0, +) > saturday.reduce(0, +))
        // Twenty times as fast, the busiest hour still makes no more than 50 taps a second.
        #expect((weekday.max() ?? 0) * 20 <= 50 * 3_600)
    }

    private func hours(_ day: RiderDay) -> [Int] {
        day.boardings.reduce(into: Array(repeating: 0, count: 30)) { hours, boarding in
            hours[boarding.second / 3_600] += 1
        }
    }

    @Test("Some change within the hour, and some hold up tickets that are none")
    func variety() async throws {
        let riders = try await TestCity.make(1).city.riders
        let day = try await day(TestCity.weekday)
        var last: [Int: Int] = [:]
        var changes = 0
        var strangers = 0
        for boarding in day.boardings {
            if boarding.isTransfer {
                let waited = boarding.second - (last[boarding.rider] ?? .min / 2)
                if !(0...7_200).contains(waited) { strangers += 1 }
                if waited < 3_600 { changes += 1 }
            }
            last[boarding.rider] = boarding.second
        }
        #expect(strangers == 0)
        #expect(changes * 10 > day.boardings.count)
        for condition in Rider.Medium.Condition.allCases {
            let share = riders.count { $0.medium.condition == condition }
            #expect(condition == .sound ? share > riders.count * 9 / 10 : share > 20)
        }
        for category in ["full", "pupil", "pensioner", "companion"] {
            #expect(riders.contains { $0.category.rawValue == category })
        }
        // A reduced fare is only on the scheme's own card.
        #expect(
            riders.allSatisfy { $0.category == "full" || $0.medium.kind == .eTicketCard })
    }

    @Test(
        "Any feed can have riders",
        .enabled(
            if: FileManager.default.fileExists(atPath: realFeed),
            "../shared/data/gtfs is absent"))
    func anyFeed() throws {
        let schedule = try Schedule(files: FeedFiles(path: realFeed).contents)
        let riders = Population.make(for: schedule, count: 2_000, seed: 1)
        #expect(riders.count == 2_000)
        let dates = try #require(schedule.calendar.dates)
        let date = try #require(
            (0..<60).map { dates.lowerBound.advanced(byDays: $0) }.first {
                $0.isoWeekday == 3 && !schedule.trips(on: $0).isEmpty
            })
        let day = RiderDay(schedule: schedule, riders: riders, date: date, seed: 1)
        #expect(day.boardings.count > 500)
    }
}

import City
import Testing
import Timetable
import TransitModel

@Suite("A city from a seed", .timeLimit(.minutes(5)))
struct DemoCityTests {
    @Test("The same seed gives the same bytes; another gives another city")
    func deterministic() {
        let first = DemoCity.make(seed: 5).files
        let again = DemoCity.make(seed: 5).files
        let other = DemoCity.make(seed: 6).files
        #expect(first == again)
        #expect(first.keys == other.keys)
        for file in ["stops.txt", "shapes.txt", "stop_times.txt", "riders.jsonl"] {
            #expect(first[file] != other[file], "\(file) does not follow the seed")
        }
    }

    @Test("The dates belong to the week that the tests say they do")
    func dates() {
        #expect(TestCity.weekday.description == "2026-11-19")
        #expect(TestCity.weekday.isoWeekday == 4 && TestCity.saturday.isoWeekday == 6)
    }

    @Test("It has the size of a mid-size city, and no gaps", arguments: TestCity.seeds)
    func size(seed: UInt64) async throws {
        let made = try await TestCity.make(seed)
        let (city, schedule) = (made.city, made.schedule)
        #expect(schedule.gaps.isEmpty)
        #expect(schedule.zoneName == "Europe/Kyiv")
        let types = Dictionary(grouping: schedule.routes, by: \.type).mapValues(\.count)
        #expect(types == [0: 5, 11: 9, 3: 16])
        #expect((200...260).contains(city.vehicles.count))
        #expect((400...900).contains(schedule.stops.count))
        let rows = (city.feed["stop_times.txt"] ?? []).count { $0 == UInt8(ascii: "\n") }
        #expect((100_000...250_000).contains(rows))
        #expect(city.riders.count == Population.defaultCount)
    }

    @Test("Every stop and line has an English name", arguments: TestCity.seeds)
    func english(seed: UInt64) async throws {
        let schedule = try await TestCity.make(seed).schedule
        var offences: [String] = []
        func check(_ text: String, _ ukrainian: String) {
            let isCyrillic = text.unicodeScalars.contains { (0x400...0x52F).contains($0.value) }
            if text == ukrainian || isCyrillic { offences.append("\(ukrainian): \(text)") }
        }
        for (index, stop) in schedule.stops.enumerated() {
            check(schedule.name(ofStop: index, in: "en"), stop.name)
            if schedule.name(ofStop: index, in: "uk") != stop.name { offences.append(stop.name) }
        }
        for (index, route) in schedule.routes.enumerated() {
            check(schedule.longName(ofRoute: index, in: "en"), route.longName)
        }
        #expect(offences.isEmpty)
    }

    @Test("Holidays run the weekend's timetable")
    func holidays() async throws {
        let schedule = try await TestCity.make(1).schedule
        let independence = try #require(ServiceDate("2026-08-24"))
        #expect(independence.isoWeekday == 1)
        let dayAfter = independence.advanced(byDays: 1)
        #expect(schedule.services(on: independence) == schedule.services(on: TestCity.saturday))
        #expect(schedule.services(on: dayAfter) == schedule.services(on: TestCity.weekday))
        #expect(schedule.services(on: dayAfter) != schedule.services(on: independence))
    }

    @Test("Another year gives another validity")
    func year() throws {
        let schedule = try Schedule(files: DemoCity.make(seed: 1, year: 2031).feed)
        #expect(schedule.feedInfo?.startDate?.description == "2031-01-01")
        #expect(schedule.feedInfo?.endDate?.description == "2032-12-31")
    }
}

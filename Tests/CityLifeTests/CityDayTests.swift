import City
import CityLife
import Testing
import Timetable
import TransitModel

/// A line that runs from six to nine and from 22:00 past midnight, on working days of 2026.
@Suite("Which hour of the city is shown")
struct CityDayTests {
    private static func schedule(
        _ first: String = "20260101", _ last: String = "20261231", quietMondays: Bool = false
    ) throws -> Schedule {
        var trips = "route_id,service_id,trip_id\n"
        var times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        for (number, hour) in [6, 7, 7, 7, 8, 8, 22, 24].enumerated() {
            trips += "1,work,t\(number)\n"
            times += "t\(number),\(hour):00:00,\(hour):00:00,a,1\n"
            times += "t\(number),\(hour):40:00,\(hour):40:00,b,2\n"
        }
        trips += "1,few,t8\n"
        times += "t8,7:00:00,7:00:00,a,1\nt8,7:40:00,7:40:00,b,2\n"
        let files = [
            "agency.txt":
                "agency_name,agency_url,agency_timezone\nA,https://a.example,Europe/Kyiv\n",
            "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\na,A,50.40,30.50\nb,B,50.45,30.55\n",
            "routes.txt": "route_id,route_short_name,route_type\n1,1,3\n",
            "trips.txt": trips, "stop_times.txt": times,
            "calendar.txt":
                "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
                + "work,\(quietMondays ? 0 : 1),1,1,1,1,0,0,\(first),\(last)\n"
                + "few,\(quietMondays ? 1 : 0),0,0,0,0,0,0,\(first),\(last)\n",
        ]
        return try Schedule(files: files.mapValues { Array($0.utf8) })
    }

    /// Monday, 2 March 2026 in Kyiv.
    private static func monday(_ hour: Int, _ minute: Int = 0) throws -> (Timestamp, ZoneOffsets) {
        let date = try #require(ServiceDate("2026-03-02"))
        let zone = ZoneOffsets(name: "Europe/Kyiv", initialOffsetSeconds: 7_200)
        return (zone.instant(ofSecond: hour * 3_600 + minute * 60, on: date), zone)
    }

    @Test("A city that is awake is shown as it is")
    func awake() throws {
        let (now, zone) = try Self.monday(7, 20)
        let day = try #require(CityDay.choose(try Self.schedule(), at: now, in: zone))
        #expect(day.choice == .now)
        #expect((day.date.description, day.second) == ("2026-03-02", 26_400))
    }

    @Test("A city that sleeps is shown at its busiest, the same day")
    func asleep() throws {
        let (now, zone) = try Self.monday(3, 10)
        let day = try #require(CityDay.choose(try Self.schedule(), at: now, in: zone))
        #expect(day.choice == .busyHourOfToday)
        #expect((day.date.description, day.second) == ("2026-03-02", 7 * 3_600))
    }

    @Test("On a day without service the nearest day of a living timetable is shown")
    func otherDay() throws {
        let (now, zone) = try Self.monday(9)
        let past = try #require(
            CityDay.choose(try Self.schedule("20140101", "20141231"), at: now, in: zone))
        #expect(past.choice == .busyHourOfAnotherDay)
        #expect(past.date.description == "2014-12-29")
        let future = try #require(
            CityDay.choose(try Self.schedule("20270105", "20271231"), at: now, in: zone))
        #expect(future.date.description == "2027-01-11")
        #expect(future.second == 7 * 3_600)
    }

    @Test("A quiet day of the same weekday gives way to a busy one")
    func quietDay() throws {
        let (now, zone) = try Self.monday(9)
        let past = try Self.schedule("20140101", "20141231", quietMondays: true)
        let day = try #require(CityDay.choose(past, at: now, in: zone))
        // Wednesday, the last day of that timetable.
        #expect(day.date.description == "2014-12-31")
    }

    @Test("A feed in which nothing runs has no hour to show")
    func dead() throws {
        let (now, zone) = try Self.monday(9)
        let schedule = try Self.schedule("20260307", "20260308")
        #expect(CityDay.choose(schedule, at: now, in: zone) == nil)
    }

    @Test("Past midnight vehicles of the day before still drive; then their day is let go of")
    func midnight() throws {
        let (evening, zone) = try Self.monday(24, 20)
        let stage = CityStage(
            schedule: try Self.schedule(), zone: zone, clock: .real, seed: 1)
        let days = stage.prepare(for: evening)
        #expect(days.map(\.description).contains("2026-03-02"))
        let onStreet = stage.vehicles(at: evening).filter {
            stage.place(of: $0, at: evening) != nil
        }
        #expect(onStreet.count == 1)
        let place = try #require(onStreet.first.flatMap { stage.place(of: $0, at: evening) })
        #expect(place.date.description == "2026-03-02" && place.location.trip == "t7")
    }

    @Test("At ten times the speed a vehicle gets ten times as far, and stamps stay real")
    func speed() throws {
        let (start, zone) = try Self.monday(6, 5)
        let schedule = try Self.schedule()
        let slow = CityStage(schedule: schedule, zone: zone, clock: .real, seed: 1)
        let fast = CityStage(
            schedule: schedule, zone: zone,
            clock: TimetableClock(wall: start, timetable: start, rate: 10), seed: 1)
        for stage in [slow, fast] { stage.prepare(for: start) }
        let vehicle = try #require(slow.vehicles(at: start).first)
        let later = start.advanced(by: .seconds(60))
        let sooner = try #require(fast.place(of: vehicle, at: later))
        let same = try #require(slow.place(of: vehicle, at: start.advanced(by: .seconds(600))))
        #expect(sooner.location.point == same.location.point)
        #expect(sooner.location.recordedAt == later)
    }
}

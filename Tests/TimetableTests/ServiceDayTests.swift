import Testing
import Timetable
import TransitModel

@Suite("Service days")
struct ServiceDayTests {
    /// Kyiv's clocks go forward on 2026-03-29 and back on 2026-10-25, both at 01:00 UTC.
    static let kyiv = ZoneOffsets(
        name: "Europe/Kyiv", initialOffsetSeconds: 7_200,
        transitions: [
            .init(at: Timestamp(secondsSince1970: 1_774_746_000), offsetSeconds: 10_800),
            .init(at: Timestamp(secondsSince1970: 1_792_890_000), offsetSeconds: 7_200),
        ])

    private func date(_ text: String) throws -> ServiceDate { try #require(ServiceDate(text)) }

    @Test("Weekdays, holidays and extra days")
    func calendar() throws {
        let schedule = try TestSchedule.load([
            "calendar_dates.txt": """
            service_id,date,exception_type
            work,20260309,2
            work,20260314,1
            holiday,20260309,1
            """
        ])
        func services(_ text: String) throws -> [ServiceID] {
            schedule.services(on: try date(text)).map { schedule.calendar.ids[$0] }.sorted()
        }
        #expect(try services("2026-03-06") == ["work"])
        #expect(try services("2026-03-07") == [])
        #expect(try services("2026-03-09") == ["holiday"])
        #expect(try services("2026-03-14") == ["work"])
        #expect(try services("2027-01-04") == [])
        #expect(try schedule.trips(on: date("2026-03-06")) == [0])
        #expect(try schedule.trips(on: date("2026-03-09")) == [])
        let dates = try #require(schedule.calendar.dates)
        #expect(try dates == date("2026-01-01")...date("2026-12-31"))
    }

    @Test("Listed dates alone are a calendar too")
    func datesOnly() throws {
        let schedule = try TestSchedule.load([
            "calendar.txt": nil,
            "calendar_dates.txt": "service_id,date,exception_type\nwork,20260314,1\n",
        ])
        #expect(schedule.gaps.isEmpty)
        #expect(try schedule.trips(on: date("2026-03-14")) == [0])
        #expect(try schedule.trips(on: date("2026-03-13")) == [])
    }

    @Test(
        "Times count from noon minus twelve hours",
        arguments: [
            // An ordinary day: 08:00 is 06:00 UTC.
            ("2026-03-28", 28_800, 1_774_677_600 as Int64),
            // Clocks go forward at 03:00: the day begins at 23:00 of the day before, on the wall.
            ("2026-03-29", 28_800, 1_774_760_400), ("2026-03-29", 0, 1_774_731_600),
            // Clocks go back at 04:00: the day begins at 01:00.
            ("2026-10-25", 28_800, 1_792_908_000), ("2026-10-25", 0, 1_792_879_200),
            // 25:30 of the evening before the change, when noon was an hour further from UTC.
            ("2026-03-28", 91_800, 1_774_740_600),
        ])
    func instants(day: String, second: Int, expected: Int64) throws {
        let instant = Self.kyiv.instant(ofSecond: second, on: try date(day))
        #expect(instant == Timestamp(secondsSince1970: expected))
        #expect(Self.kyiv.second(of: instant, on: try date(day)) == second)
    }

    @Test("Times read on the wall are right on both days of the change")
    func wallClock() throws {
        for day in ["2026-03-29", "2026-10-25", "2026-06-01"] {
            for hour in 5...23 {
                let instant = Self.kyiv.instant(ofSecond: hour * 3_600, on: try date(day))
                let local = Self.kyiv.local(instant, as: ServiceDate.self)
                #expect(local.date.description == day && local.secondsOfDay == hour * 3_600)
            }
        }
    }

    @Test("After midnight yesterday's service is still running, if it has trips so late")
    func nights() throws {
        let noon = Timestamp(secondsSince1970: 1_774_692_000)
        let night = Timestamp(secondsSince1970: 1_774_650_600)  // 2026-03-28T00:30 in Kyiv
        let day = try TestSchedule.load()
        #expect(day.serviceDates(at: noon, in: Self.kyiv).map(\.date.description) == ["2026-03-28"])
        #expect(
            day.serviceDates(at: night, in: Self.kyiv).map(\.date.description) == ["2026-03-28"])
        let late = try TestSchedule.load(
            stopTimes: "t1,1,A,24:20:00,24:20:00\nt1,2,C,25:00:00,25:00:00\n")
        let dates = late.serviceDates(at: night, in: Self.kyiv)
        #expect(dates.map(\.date.description) == ["2026-03-28", "2026-03-27"])
        #expect(dates.map(\.second) == [1_800, 88_200])
    }
}

@Suite("Blocks")
struct BlockTests {
    /// Trips between A and C as `id,block,start minute`; each takes ten minutes, odd ones run
    /// back.
    private func schedule(_ trips: [(id: String, block: String, back: Bool, minute: Int)])
        throws -> Schedule
    {
        var tripText = "trip_id,route_id,service_id,block_id,shape_id\n"
        var times = ""
        for trip in trips {
            tripText += "\(trip.id),r,work,\(trip.block),line\n"
            func clock(_ minute: Int) -> String {
                "\(8 + minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00"
            }
            let (from, to) = trip.back ? ("C", "A") : ("A", "C")
            times += "\(trip.id),1,\(from),\(clock(trip.minute)),\(clock(trip.minute))\n"
            times += "\(trip.id),2,\(to),\(clock(trip.minute + 10)),\(clock(trip.minute + 10))\n"
        }
        var files = TestSchedule.sound
        files["trips.txt"] = tripText
        files["stop_times.txt"] =
            "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n" + times
        return try Schedule(files: files.mapValues { Array($0.utf8) })
    }

    private func blocks(_ schedule: Schedule) throws -> [String] {
        let monday = try #require(ServiceDate("2026-03-02"))
        return schedule.blocks(on: monday).map { block in
            "\(block.id): "
                + block.trips.map { schedule.trips[$0].id.rawValue }.joined(separator: " ")
        }
    }

    @Test("Stated blocks are followed, and one vehicle is never in two places")
    func stated() throws {
        let schedule = try schedule([
            ("a", "b1", false, 0), ("b", "b1", true, 15), ("c", "b2", false, 5),
            ("d", "b1", false, 20),
        ])
        #expect(try blocks(schedule) == ["b1: a b", "b2: c", "b1~2: d"])
    }

    @Test("Without blocks a vehicle goes on from where it stands, after a rest")
    func fitted() throws {
        let schedule = try schedule([
            ("a", "", false, 0), ("b", "", true, 11), ("c", "", true, 12), ("d", "", false, 25),
            ("e", "", false, 180),
        ])
        #expect(schedule.gaps.contains(.tripsWithoutBlock(trips: 5)))
        // b leaves too soon after a's arrival; who waits longest goes first; nobody waits for e.
        #expect(try blocks(schedule) == ["r/1: a c", "r/2: b d", "r/3: e"])
    }

    @Test("Chains are possible, and hold every trip once", arguments: UInt64(1)...20)
    func properties(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let trips = (0..<60).map { number in
            (
                id: "t\(number)", block: Bool.random(using: &random) ? "" : "b\(number % 3)",
                back: Bool.random(using: &random), minute: Int.random(in: 0..<600, using: &random)
            )
        }
        let schedule = try schedule(trips)
        let monday = try #require(ServiceDate("2026-03-02"))
        let blocks = schedule.blocks(on: monday)
        #expect(blocks.flatMap(\.trips).sorted() == Array(schedule.trips.indices))
        #expect(Set(blocks.map(\.id)).count == blocks.count)
        for block in blocks {
            for (trip, next) in zip(block.trips, block.trips.dropFirst()) {
                #expect(schedule.trips[trip].endsAt <= schedule.trips[next].startsAt)
                if !block.isStated {
                    #expect(
                        schedule.calls(of: trip).last?.stop == schedule.calls(of: next).first?.stop)
                }
            }
        }
        #expect(schedule.blocks(on: monday) == blocks)
    }
}

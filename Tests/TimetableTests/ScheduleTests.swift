import Testing
import Timetable
import TransitModel

@Suite("A feed's timetable")
struct ScheduleTests {
    @Test("A sound feed loads whole, and lacks nothing")
    func soundFeed() throws {
        let schedule = try TestSchedule.load()
        #expect(schedule.gaps.isEmpty)
        #expect(schedule.zoneName == "Europe/Kyiv")
        #expect(schedule.language == "uk")
        let route = try #require(schedule.route("r"))
        #expect(schedule.routes[route].colour == "00AAFF")
        #expect(schedule.routes[route].name == "7")
        let trip = try #require(schedule.trip("t1"))
        let record = schedule.trips[trip]
        #expect(record.direction == .outbound && record.block == "b1")
        #expect(record.startsAt == 28_800 && record.endsAt == 29_400)
        let calls = schedule.calls(of: trip)
        #expect(calls.map { schedule.stops[$0.stop].id } == ["A", "B", "C"])
        #expect(calls.map(\.arrival) == [28_800, 29_100, 29_400])
        #expect(calls.map(\.departure) == [28_800, 29_130, 29_400])
        #expect(calls.map(\.sequence) == [1, 2, 3])
        let shape = schedule.shapes[try #require(record.shape)]
        #expect(shape.id == "line")
        #expect((shape.lengthMetres - 2_224).magnitude < 3)
        #expect((calls[calls.startIndex + 1].distanceMetres - shape.lengthMetres / 2) < 1)
    }

    @Test("A platform takes name and place from its station")
    func station() throws {
        let schedule = try TestSchedule.load()
        let platform = try #require(schedule.stop("P"))
        #expect(schedule.stops[platform].name == "Станція")
        #expect(schedule.stops[platform].position?.longitude == 30.501)
        #expect(schedule.stops[platform].parent == schedule.stop("S"))
    }

    @Test("Records in any order are the same timetable")
    func order() throws {
        let calls = [
            "t1,3,C,08:10:00,08:10:00", "t1,1,A,08:00:00,08:00:00", "t1,2,B,08:05:00,08:05:30",
        ]
        let shuffled = try TestSchedule.load(stopTimes: calls.joined(separator: "\n"))
        let sound = try TestSchedule.load()
        #expect(Array(shuffled.calls(of: 0)) == Array(sound.calls(of: 0)))
        let shape = try TestSchedule.load([
            "shapes.txt": """
            shape_id,shape_pt_sequence,shape_pt_lat,shape_pt_lon
            line,2,50.4200,30.5000
            line,1,50.4000,30.5000
            """
        ])
        #expect(shape.shapes == sound.shapes)
    }

    @Test("Times that are left out are filled by distance")
    func interpolation() throws {
        let schedule = try TestSchedule.load([
            "stops.txt": """
            stop_id,stop_name,stop_lat,stop_lon
            A,A,50.4000,30.5000
            B,B,50.4050,30.5000
            D,D,50.4150,30.5000
            C,C,50.4200,30.5000
            """,
            "stop_times.txt": """
            trip_id,stop_sequence,stop_id,arrival_time,departure_time
            t1,1,A,,23:50:00
            t1,2,B,,
            t1,3,D,,
            t1,9,C,24:30:00,
            """,
        ])
        let calls = schedule.calls(of: 0)
        let expected = [85_800, 85_800 + 600, 85_800 + 1_800, 88_200]
        for (call, second) in zip(calls, expected) {
            #expect((call.arrival - second).magnitude <= 1 && call.departure == call.arrival)
        }
    }

    @Test("Repetitions are trips of their own; the template does not run")
    func frequencies() throws {
        let schedule = try TestSchedule.load([
            "frequencies.txt": """
            trip_id,start_time,end_time,headway_secs,exact_times
            t1,06:00:00,06:30:00,600,1
            t1,06:30:00,07:00:00,900,0
            """
        ])
        #expect(schedule.trip("t1") == nil)
        #expect(
            schedule.trips.map(\.id) == [
                "t1@06:00:00", "t1@06:10:00", "t1@06:20:00", "t1@06:30:00", "t1@06:45:00",
            ])
        let second = try #require(schedule.trip("t1@06:10:00"))
        #expect(schedule.calls(of: second).map(\.departure) == [22_200, 22_530, 22_800])
        #expect(schedule.trips[second].repetition?.template == "t1")
        #expect(schedule.trips.map { $0.repetition?.isExact } == [true, true, true, false, false])
    }

    @Test("Stated distances are taken in whatever unit they come")
    func statedDistances() throws {
        let schedule = try TestSchedule.load([
            "shapes.txt": """
            shape_id,shape_pt_sequence,shape_pt_lat,shape_pt_lon,shape_dist_traveled
            line,1,50.4000,30.5000,0
            line,2,50.4200,30.5000,10
            """,
            "stop_times.txt": """
            trip_id,stop_sequence,stop_id,arrival_time,departure_time,shape_dist_traveled
            t1,1,A,08:00:00,08:00:00,0
            t1,2,B,08:05:00,08:05:30,2.5
            t1,3,C,08:10:00,08:10:00,10
            """,
        ])
        let metres = schedule.calls(of: 0).map(\.distanceMetres)
        #expect((metres[1] - metres[2] / 4).magnitude < 1)
    }

    @Test("Names in the reader's language, and the feed's own where there is none")
    func translations() throws {
        let schedule = try TestSchedule.load([
            "translations.txt": """
            table_name,field_name,language,translation,record_id,field_value
            stops,stop_name,en,Station,A,
            stops,stop_name,en-GB,Railway station,A,
            routes,route_long_name,en,Station – Theatre,r,
            trips,trip_headsign,en,Theatre,,Театр
            fare_products,fare_product_name,en,Hour,,Година
            fare_products,fare_product_name,en,Day ticket,day,
            stops,stop_desc,en,ignored,A,
            """
        ])
        #expect(schedule.name(ofStop: 0, in: "en") == "Station")
        #expect(schedule.name(ofStop: 0, in: "en-GB") == "Railway station")
        #expect(schedule.name(ofStop: 0, in: "en-US") == "Station")
        #expect(schedule.name(ofStop: 0, in: "uk") == "Вокзал")
        #expect(schedule.name(ofStop: 1, in: "en") == "Площа")
        #expect(schedule.name(ofRoute: 0, in: "en") == "7")
        #expect(schedule.longName(ofRoute: 0, in: "en") == "Station – Theatre")
        #expect(schedule.headsign(ofTrip: 0, in: "en") == "Theatre")
        #expect(schedule.headsign(ofTrip: 0, in: "uk") == "Театр")
        #expect(schedule.name(ofFareProduct: "x", called: "Година", in: "en") == "Hour")
        #expect(schedule.name(ofFareProduct: "day", called: "Доба", in: "en") == "Day ticket")
        #expect(schedule.name(ofFareProduct: "day", called: "Доба", in: "uk") == "Доба")
    }

    @Test("What is missing is named, and the rest goes on")
    func gaps() throws {
        func gaps(_ changes: [String: String?]) throws -> [FeedGap] {
            try TestSchedule.load(changes).gaps
        }
        #expect(try gaps(["shapes.txt": nil]) == [.noShapes(trips: 1)])
        #expect(try gaps(["calendar.txt": nil]) == [.noCalendar])
        #expect(try gaps(["stop_times.txt": nil]) == [.noTimetable, .tripsWithoutCalls(trips: 1)])
        #expect(try gaps(["trips.txt": nil, "stop_times.txt": nil]) == [.noTimetable])
        #expect(
            try gaps(["trips.txt": "trip_id,route_id,service_id,shape_id\nt1,r,work,line\n"])
                == [.tripsWithoutBlock(trips: 1)])
        #expect(
            try gaps([
                "stops.txt": """
                stop_id,stop_name,stop_lat,stop_lon
                A,A,50.4000,30.5000
                B,,,
                C,C,50.4200,30.5050
                """
            ]) == [
                .stopsWithoutName(stops: 1), .stopsWithoutPosition(stops: 1),
                .callsFarFromShape(calls: 1),
            ])
        for gap in try gaps(["shapes.txt": nil, "calendar.txt": nil]) {
            #expect(!gap.message.isEmpty && !gap.code.isEmpty)
        }
    }

    @Test("Without shapes trips run straight from stop to stop, also past one without a place")
    func straight() throws {
        let schedule = try TestSchedule.load([
            "shapes.txt": nil,
            "stops.txt": """
            stop_id,stop_name,stop_lat,stop_lon
            A,A,50.4000,30.5000
            B,B,,
            C,C,50.4200,30.5000
            """,
        ])
        let shape = schedule.shapes[try #require(schedule.trips[0].shape)]
        #expect(shape.id == nil && shape.points.count == 2)
        let metres = schedule.calls(of: 0).map(\.distanceMetres)
        #expect((metres[1] - metres[2] / 2).magnitude < 1)
    }

    @Test("Areas instead of stops are left out and counted")
    func flexible() throws {
        let schedule = try TestSchedule.load([
            "stop_times.txt": """
            trip_id,stop_sequence,stop_id,location_id,arrival_time,departure_time
            t1,1,A,,08:00:00,08:00:00
            t1,2,,zone,,
            t1,3,C,,08:10:00,08:10:00
            """
        ])
        #expect(schedule.gaps == [.flexibleCalls(calls: 1)])
        #expect(schedule.calls(of: 0).count == 2)
    }
}

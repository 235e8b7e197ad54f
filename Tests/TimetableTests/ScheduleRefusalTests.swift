import Testing
import Timetable
import TransitModel

@Suite("A timetable with a mistake is refused by file, line and field")
struct ScheduleRefusalTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let file: String
        let text: String?
        let expected: String

        init(_ file: String, _ text: String?, _ expected: String) {
            (self.file, self.text, self.expected) = (file, text, expected)
        }

        var testDescription: String { expected }
    }

    private static let times = "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n"
    private static let trips = "trip_id,route_id,service_id,shape_id\n"
    private static let points = "shape_id,shape_pt_sequence,shape_pt_lat,shape_pt_lon\n"
    private static let week =
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    private static let ends = "t1,1,A,08:00:00,08:00:00\nt1,9,C,08:10:00,08:10:00\n"

    static let mistakes: [Mistake] = [
        .init("agency.txt", nil, "agency.txt: the feed lacks this file"),
        .init("stops.txt", nil, "stops.txt: the feed lacks this file"),
        .init("routes.txt", nil, "routes.txt: the feed lacks this file"),
        .init(
            "routes.txt", "route_id,route_type,route_color\nr,0,bluish\n",
            "routes.txt:2: route_color: \"bluish\" is not six hexadecimal digits"),
        .init(
            "stops.txt", "stop_id,stop_lat,stop_lon\nA,91,30\nB,50,30\nC,50,30\n",
            "stops.txt:2: stop_lat: \"91\" is not from -90 to 90"),
        .init(
            "stops.txt", "stop_id,stop_lat,stop_lon\nA,50,30\nB,,30\nC,50,30\n",
            "stops.txt:3: stop_lat: a value is required"),
        .init(
            "stops.txt", "stop_id,stop_lat,stop_lon\nA,50,30\nB,50.1e,30\nC,50,30\n",
            "stops.txt:3: stop_lat: \"50.1e\" is not a latitude in degrees"),
        .init("trips.txt", "trip_id\nt1\n", "trips.txt:1: route_id: the header lacks this field"),
        .init(
            "trips.txt", trips + "t1,r,work,line\nt1,r,work,line\n",
            "trips.txt:3: \"t1\" appears more than once"),
        .init(
            "trips.txt", trips + "t1,x,work,line\n",
            "trips.txt:2: route_id: \"x\" is not in routes.route_id"),
        .init(
            "trips.txt", trips + "t1,r,sundays,line\n",
            "trips.txt:2: service_id: \"sundays\" is not in "
                + "calendar.service_id or calendar_dates.service_id"),
        .init(
            "trips.txt", trips + "t1,r,work,curve\n",
            "trips.txt:2: shape_id: \"curve\" is not in shapes.shape_id"),
        .init(
            "stop_times.txt", times + ends + "t2,1,A,08:00:00,08:00:00\n",
            "stop_times.txt:4: trip_id: \"t2\" is not in trips.trip_id"),
        .init(
            "stop_times.txt", times + ends + "t1,5,X,08:05:00,08:05:00\n",
            "stop_times.txt:4: stop_id: \"X\" is not in stops.stop_id of type 0"),
        .init(
            "stop_times.txt", times + ends + "t1,5,S,08:05:00,08:05:00\n",
            "stop_times.txt:4: stop_id: \"S\" is not in stops.stop_id of type 0"),
        .init(
            "stop_times.txt", times + ends + "t1,5,,08:05:00,08:05:00\n",
            "stop_times.txt:4: stop_id: a value is required"),
        .init(
            "stop_times.txt", times + ends + "t1,9,B,08:05:00,08:05:00\n",
            "stop_times.txt:4: stop_sequence: \"9\" appears more than once"),
        .init(
            "stop_times.txt", times + ends + "t1,-5,B,08:05:00,08:05:00\n",
            "stop_times.txt:4: stop_sequence: \"-5\" is not a whole number from 0"),
        .init(
            "stop_times.txt", times + ends + "t1,5,B,08:65:00,08:05:00\n",
            "stop_times.txt:4: arrival_time: \"08:65:00\" is not a time as HH:MM:SS"),
        .init(
            "stop_times.txt", times + ends + "t1,5,B,8.05,08:05:00\n",
            "stop_times.txt:4: arrival_time: \"8.05\" is not a time as HH:MM:SS"),
        .init(
            "stop_times.txt", times + ends + "t1,5,B,08:06:00,08:05:00\n",
            "stop_times.txt:4: departure_time: \"08:05:00\" is not 08:06:00 or later"),
        .init(
            "stop_times.txt", times + ends + "t1,5,B,08:15:00,08:16:00\n",
            "stop_times.txt:3: arrival_time: \"08:10:00\" is not 08:16:00 or later"),
        .init(
            "stop_times.txt", times + "t1,1,A,08:00:00,08:00:00\nt1,9,C,,\n",
            "stop_times.txt:3: arrival_time: a value is required"),
        .init(
            "shapes.txt", points + "line,1,50.4,30.5\nline,1,50.5,30.5\n",
            "shapes.txt:3: shape_pt_sequence: \"line, 1\" appears more than once"),
        .init(
            "shapes.txt", points + "line,1,50.4,30.5\nline,2,,\n",
            "shapes.txt:3: shape_pt_lat: a value is required"),
        .init(
            "calendar.txt", week + "work,1,1,1,1,1,0,2,20260101,20261231\n",
            "calendar.txt:2: sunday: \"2\" is not 0 or 1"),
        .init(
            "calendar.txt", week + "work,1,1,1,1,1,0,0,20261231,20260101\n",
            "calendar.txt:2: end_date: \"2026-01-01\" is not 2026-12-31 or a later date"),
        .init(
            "calendar.txt", week + "work,1,1,1,1,1,0,0,20260230,20261231\n",
            "calendar.txt:2: start_date: \"20260230\" is not a date as YYYYMMDD"),
        .init(
            "calendar_dates.txt", "service_id,date,exception_type\nwork,20260301,3\n",
            "calendar_dates.txt:2: exception_type: \"3\" is not 1 or 2"),
        .init(
            "frequencies.txt",
            "trip_id,start_time,end_time,headway_secs\nt1,08:00:00,07:00:00,60\n",
            "frequencies.txt:2: end_time: \"07:00:00\" is not after 08:00:00"),
        .init(
            "frequencies.txt",
            "trip_id,start_time,end_time,headway_secs\n"
                + "t1,08:00:00,09:00:00,60\nt1,08:30:00,10:00:00,60\n",
            "frequencies.txt:3: start_time: overlaps line 2 of the same trip"),
        .init(
            "frequencies.txt", "trip_id,start_time,end_time,headway_secs\nt1,08:00:00,09:00:00,0\n",
            "frequencies.txt:2: headway_secs: \"0\" is not a whole number of seconds from 1"),
        .init(
            "translations.txt",
            "table_name,field_name,language,translation,record_id,field_value\n"
                + "stops,stop_name,en,Station,A,Вокзал\n",
            "translations.txt:2: field_value: not allowed together with record_id"),
    ]

    @Test("Mistakes", arguments: mistakes)
    func refused(mistake: Mistake) {
        let error = #expect(throws: FeedError.self) {
            try TestSchedule.load([mistake.file: mistake.text])
        }
        #expect(error?.description == mistake.expected)
    }

    @Test("What no honest feed holds stops at its bound")
    func limits() {
        func code(_ change: (inout Schedule.Limits) -> Void, _ files: [String: String] = [:])
            -> String?
        {
            var limits = Schedule.Limits()
            change(&limits)
            do throws(FeedError) {
                _ = try TestSchedule.load(files, limits: limits)
                return nil
            } catch { return error.code }
        }
        #expect(code { $0.calls = 3 } == nil)
        #expect(code { $0.calls = 2 } == "too_large")
        #expect(code { $0.callsPerTrip = 2 } == "too_large")
        #expect(code { $0.shapePoints = 1 } == "too_large")
        #expect(code { $0.pointsPerShape = 1 } == "too_large")
        let everySecond =
            "trip_id,start_time,end_time,headway_secs\nt1,00:00:00,24:00:00,1\n"
        #expect(code({ $0.calls = 1_000 }, ["frequencies.txt": everySecond]) == "too_large")
    }

    @Test("Damaged bytes are refused or read, never a crash", arguments: UInt64(1)...60)
    func damage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var files = TestSchedule.sound.mapValues { Array($0.utf8) }
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard let file = files.keys.sorted().randomElement(using: &random),
                var bytes = files[file], !bytes.isEmpty
            else { continue }
            let index = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
            case 1: bytes.remove(at: index)
            default: bytes.insert(UInt8.random(in: 32...126, using: &random), at: index)
            }
            files[file] = bytes
        }
        guard let schedule = try? Schedule(files: files) else { return }
        for trip in schedule.trips.indices {
            let calls = schedule.calls(of: trip)
            for (call, next) in zip(calls, calls.dropFirst()) {
                #expect(call.departure <= next.arrival)
                #expect(call.distanceMetres <= next.distanceMetres)
            }
        }
    }
}

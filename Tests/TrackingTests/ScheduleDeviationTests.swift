import Testing
import Timetable
import Tracking
import TransitModel

@Suite("Deviation from the timetable")
struct ScheduleDeviationTests {
    static let lines: [(name: String, path: [(Double, Double)])] = [
        ("straight", Line.straight), ("ring", Line.ring), ("there and back", Line.thereAndBack),
        ("eight", Line.eight), ("twice around", Line.twice),
    ]

    @Test("A vehicle is followed through every pass of its line", arguments: 0..<lines.count)
    func followed(number: Int) throws {
        let line = try Line(Self.lines[number].path, stopEvery: 400)
        for seed in UInt64(1)...12 {
            var random = SeededGenerator(seed: seed)
            let lateness = Int.random(in: -30...600, using: &random)
            let period = Int.random(in: 1...15, using: &random)
            var previous: Double?
            for second in stride(
                from: Line.start, through: line.schedule.trips[0].endsAt, by: period)
            {
                let truth = line.plannedMetres(at: second)
                // A receiver is off by up to 12 m to each side.
                let point = line.shape.point(atMetres: truth).moved(
                    eastMetres: .random(in: -12...12, using: &random),
                    northMetres: .random(in: -12...12, using: &random))
                let found = try #require(
                    ScheduleDeviation(
                        of: 0, in: line.schedule,
                        VehicleObservation(point: point, previousMetres: previous ?? 0),
                        second: second + lateness))
                // Where a line turns back on itself both sides are equally right for a moment.
                let distance = (found.distanceMetres - truth).magnitude
                try #require(
                    distance <= 60, "\(Self.lines[number].name), seed \(seed), at \(truth)")
                #expect(!found.isOffRoute)
                if second > Line.start + 60, truth < line.length - 60 {
                    let delay = try #require(found.delay)
                    let error = Int(delay.components.seconds) - lateness
                    #expect(error.magnitude <= 28, "seed \(seed) at \(truth)")
                }
                previous = found.distanceMetres
            }
        }
    }

    @Test("Without a past the timetable tells the passes apart", arguments: 0..<lines.count)
    func withoutPast(number: Int) throws {
        let line = try Line(Self.lines[number].path, stopEvery: 400)
        for second in stride(from: Line.start, to: line.schedule.trips[0].endsAt, by: 7) {
            let truth = line.plannedMetres(at: second)
            let found = try #require(
                ScheduleDeviation(
                    of: 0, in: line.schedule,
                    VehicleObservation(point: line.shape.point(atMetres: truth)), second: second))
            #expect((found.distanceMetres - truth).magnitude <= 2)
            #expect(found.delay.map { abs($0.components.seconds) <= 1 } == true)
        }
    }

    @Test("The direction of travel tells out from back")
    func bearing() throws {
        let line = try Line(Line.thereAndBack, stopEvery: 500)
        func distance(heading: Double) -> Double? {
            ScheduleDeviation(
                of: 0, in: line.schedule,
                VehicleObservation(
                    point: line.shape.point(atMetres: 2_400), bearing: heading,
                    previousMetres: 2_500),
                second: Line.start)?.distanceMetres
        }
        #expect(try #require(distance(heading: 90)) < 2_500)
        #expect(try #require(distance(heading: 270)) > 2_500)
    }

    @Test("Stops behind and ahead, and standing at one")
    func stops() throws {
        let line = try Line(Line.straight, stopEvery: 1_000)
        func place(_ metres: Double) throws -> ScheduleDeviation {
            try #require(
                ScheduleDeviation(
                    of: 0, in: line.schedule,
                    VehicleObservation(point: line.shape.point(atMetres: metres)),
                    second: Line.start))
        }
        let between = try place(1_500)
        #expect(between.previousCall == 1 && between.nextCall == 2 && !between.isAtStop)
        let standing = try place(2_010)
        #expect(standing.previousCall == 2 && standing.nextCall == 3 && standing.isAtStop)
        let end = try place(4_000)
        #expect(end.previousCall == 4 && end.nextCall == nil && end.isAtStop)
    }

    @Test("Dwelling at a stop within its times is on time; before and after is early and late")
    func dwelling() throws {
        let line = try Line(Line.straight, stopEvery: 1_000)
        let call = line.calls[line.calls.startIndex + 2]
        func delay(at second: Int, _ metres: Double) -> Int64? {
            ScheduleDeviation(
                of: 0, in: line.schedule,
                VehicleObservation(point: line.shape.point(atMetres: metres)), second: second)?
                .delay?.components.seconds
        }
        #expect(delay(at: call.arrival, call.distanceMetres) == 0)
        #expect(delay(at: call.departure, call.distanceMetres) == 0)
        #expect(delay(at: call.departure + 90, call.distanceMetres) == 90)
        #expect(delay(at: call.arrival - 40, call.distanceMetres) == -40)
        // Waiting at the first stop is no earliness.
        #expect(delay(at: Line.start - 300, 0) == 0)
        #expect(delay(at: Line.start + 300, 0) == 300)
    }

    @Test("Off route: no delay, but still a nearest place")
    func offRoute() throws {
        let line = try Line(Line.straight, stopEvery: 1_000)
        func look(_ east: Double, second: Int) throws -> ScheduleDeviation {
            let point = line.shape.point(atMetres: 1_500).moved(eastMetres: east, northMetres: 0)
            return try #require(
                ScheduleDeviation(
                    of: 0, in: line.schedule, VehicleObservation(point: point), second: second))
        }
        let beside = try look(60, second: Line.start + 100)
        #expect(!beside.isOffRoute && beside.delay != nil)
        let away = try look(400, second: Line.start + 100)
        #expect(away.isOffRoute && away.delay == nil)
        #expect((away.distanceMetres - 1_500).magnitude < 5)
        #expect((away.offsetMetres - 400).magnitude < 2)
    }

    @Test("A vehicle that comes to its first stop is not off route")
    func coming() throws {
        let line = try Line(Line.straight, stopEvery: 1_000)
        let depot = Line.centre.moved(eastMetres: 900, northMetres: -700)
        func look(second: Int) throws -> ScheduleDeviation {
            try #require(
                ScheduleDeviation(
                    of: 0, in: line.schedule, VehicleObservation(point: depot), second: second))
        }
        #expect(try !look(second: Line.start - 600).isOffRoute)
        #expect(try look(second: Line.start - 600).delay == nil)
        #expect(try look(second: Line.start + 600).isOffRoute)
    }

    @Test("A line drawn straight between stops cannot tell who is off route")
    func withoutShape() throws {
        let line = try Line(Line.ring, stopEvery: 750, hasShape: false)
        #expect(line.schedule.gaps.contains(.noShapes(trips: 1)))
        let point = Line.centre.moved(eastMetres: 750, northMetres: 500)
        let found = try #require(
            ScheduleDeviation(
                of: 0, in: line.schedule, VehicleObservation(point: point),
                second: Line.start + 100))
        #expect(!found.isOffRoute && found.delay != nil)
    }

    @Test("A leap, such as after a tunnel, is found on the whole line")
    func leap() throws {
        let line = try Line(Line.straight, stopEvery: 500)
        let found = try #require(
            ScheduleDeviation(
                of: 0, in: line.schedule,
                VehicleObservation(
                    point: line.shape.point(atMetres: 3_700), previousMetres: 200),
                second: Line.start + 400))
        #expect((found.distanceMetres - 3_700).magnitude < 2)
    }
}

@Suite("The service day that a vehicle means")
struct TripDayTests {
    private static let kyiv = ZoneOffsets(
        name: "Europe/Kyiv", initialOffsetSeconds: 7_200,
        transitions: [
            .init(at: Timestamp(secondsSince1970: 1_774_746_000), offsetSeconds: 10_800)
        ])

    /// A night trip of Monday to Saturday, from 23:50 to 25:10, and one of the early morning.
    private func schedule() throws -> Schedule {
        let files = [
            "agency.txt": "agency_name,agency_url,agency_timezone\nA,http://a.ua,Europe/Kyiv\n",
            "routes.txt": "route_id,route_short_name,route_type\nR,7,0\n",
            "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,A,50.4,30.5\nB,B,50.5,30.5\n",
            "trips.txt": "trip_id,route_id,service_id\nnight,R,day\ndawn,R,day\n",
            "stop_times.txt": """
            trip_id,stop_sequence,stop_id,arrival_time,departure_time
            night,1,A,23:50:00,23:50:00
            night,2,B,25:10:00,25:10:00
            dawn,1,A,00:40:00,00:40:00
            dawn,2,B,01:30:00,01:30:00
            """,
            "calendar.txt": """
            service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date
            day,1,1,1,1,1,1,0,20260101,20261231
            """,
        ]
        return try Schedule(files: files.mapValues { Array($0.utf8) })
    }

    private func instant(_ date: String, _ hour: Int, _ minute: Int) throws -> Timestamp {
        let day = try #require(ServiceDate(date))
        return Timestamp(
            secondsSince1970: Int64(day.daysSince1970) * 86_400 + Int64(hour * 3_600 + minute * 60)
                - 7_200)
    }

    @Test("Past midnight the night trip is yesterday's, the dawn trip today's")
    func pastMidnight() throws {
        let schedule = try schedule()
        let night = try #require(schedule.trip("night"))
        let dawn = try #require(schedule.trip("dawn"))
        // 2026-03-03 is a Tuesday.
        let now = try instant("2026-03-03", 0, 30)
        let nightDay = TripDay(of: night, in: schedule, at: now, zone: Self.kyiv)
        #expect(nightDay?.date == ServiceDate("2026-03-02"))
        let dawnDay = TripDay(of: dawn, in: schedule, at: now, zone: Self.kyiv)
        #expect(dawnDay?.date == ServiceDate("2026-03-03"))
    }

    @Test("On a day without service, and at the wrong time of day, no day is meant")
    func noDay() throws {
        let schedule = try schedule()
        let night = try #require(schedule.trip("night"))
        // Sunday evening; Saturday's trip ended long ago.
        let sunday = try instant("2026-03-08", 23, 55)
        #expect(TripDay(of: night, in: schedule, at: sunday, zone: Self.kyiv) == nil)
        let noon = try instant("2026-03-03", 12, 0)
        #expect(TripDay(of: night, in: schedule, at: noon, zone: Self.kyiv) == nil)
    }
}

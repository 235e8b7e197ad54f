import City
import LocalStack
import Testing
import Timetable
import TransitModel

/// Laws that hold for every vehicle of every feed.
@Suite("Vehicles in motion")
struct FleetMotionTests {
    /// A city's Monday, made once.
    private static let city = Result {
        let city = DemoCity.make(seed: 7)
        let schedule = try Schedule(files: city.feed)
        let days = (0..<30).map { ServiceDate(daysSince1970: 20_600 + $0) }
        let date = try #require(
            days.first { $0.isoWeekday == 1 && schedule.trips(on: $0).count > 1_000 })
        return (schedule: schedule, date: date, fleet: city.vehicles)
    }

    private static func motion(seed: UInt64 = 1) throws -> FleetMotion {
        let (schedule, date, _) = try city.get()
        return FleetMotion(schedule: schedule, date: date, seed: seed)
    }

    @Test("Nobody leaps: within a second no vehicle goes farther than it can drive")
    func continuity() throws {
        let motion = try Self.motion()
        // The pace in the middle of the fastest run that a timeline allows, and rounding.
        let topMetresPerSecond = 24.0
        for block in stride(from: 0, to: motion.blocks.count, by: 9) {
            let span = try #require(motion.span(of: block))
            var last: GeoPoint?
            for second in stride(from: span.lowerBound, through: span.upperBound, by: 1) {
                let moment = try #require(motion.moment(of: block, at: second))
                if let last {
                    let way = last.distanceMetres(to: moment.point)
                    #expect(way < topMetresPerSecond, "block \(block) at \(second): \(way) m")
                }
                #expect(moment.speedMetresPerSecond < topMetresPerSecond)
                last = moment.point
            }
            #expect(motion.moment(of: block, at: span.lowerBound - 1) == nil)
            #expect(motion.moment(of: block, at: span.upperBound + 1) == nil)
        }
    }

    @Test("Stops are made in order, all of them, and never before the doors have closed")
    func order() throws {
        let motion = try Self.motion()
        for block in motion.blocks.indices {
            let visits = motion.visits(of: block, arriving: -100_000..<200_000)
            let expected = motion.blocks[block].trips.flatMap { trip in
                motion.schedule.calls(of: trip).map(\.stop)
            }
            #expect(visits.map(\.stop) == expected)
            for (one, next) in zip(visits, visits.dropFirst()) {
                #expect(one.arrival <= one.departure && one.departure <= next.arrival)
            }
        }
    }

    @Test("A vehicle stands at its stop while its doors are open")
    func standing() throws {
        let motion = try Self.motion()
        for block in stride(from: 0, to: motion.blocks.count, by: 5) {
            for visit in motion.visits(of: block, arriving: 0..<200_000) {
                let middle = (visit.arrival + visit.departure) / 2
                let moment = try #require(motion.moment(of: block, at: middle))
                #expect(moment.stopStatus == .stoppedAt && moment.speedMetresPerSecond == 0)
                #expect((moment.trip, moment.call) == (visit.trip, visit.call))
            }
        }
    }

    @Test("Delays come and go: most vehicles are about on time, some are late, none is lost")
    func delays() throws {
        let motion = try Self.motion()
        var delays: [Double] = []
        for hour in 6...21 {
            for block in motion.blocks.indices {
                let moment = motion.moment(of: block, at: Double(hour * 3_600 + 600))
                if let moment, moment.trip != nil { delays.append(moment.delaySeconds) }
            }
        }
        delays.sort()
        try #require(delays.count > 1_000)
        let percentiles = [5, 50, 90, 95, 99].map { delays[delays.count * $0 / 100] }
        let told = Comment(rawValue: "\(delays[0]) \(percentiles) \(delays[delays.count - 1])")
        #expect((0..<150).contains(percentiles[1]), told)
        #expect((180..<900).contains(percentiles[3]), told)
        #expect(delays[0] > -180 && delays[delays.count - 1] < 2_700, told)
    }

    @Test("The same seed is the same day, another seed another one")
    func determinism() throws {
        let (one, same, other) = (
            try Self.motion(seed: 3), try Self.motion(seed: 3), try Self.motion(seed: 4)
        )
        let noon = 43_200.0
        let places = one.blocks.indices.map { one.moment(of: $0, at: noon) }
        #expect(places == same.blocks.indices.map { same.moment(of: $0, at: noon) })
        #expect(places != other.blocks.indices.map { other.moment(of: $0, at: noon) })
    }

    @Test("Every block has one vehicle, and no vehicle two blocks at once")
    func roster() throws {
        let (_, _, fleet) = try Self.city.get()
        let motion = try Self.motion()
        for roster in [VehicleRoster(motion, fleet: fleet), VehicleRoster(motion)] {
            let blocks = roster.vehicles.flatMap(\.blocks)
            #expect(blocks.count == motion.blocks.count && Set(blocks).count == blocks.count)
            for vehicle in roster.vehicles {
                let spans = vehicle.blocks.compactMap { motion.span(of: $0) }
                for (one, next) in zip(spans, spans.dropFirst()) {
                    #expect(one.upperBound <= next.lowerBound)
                }
            }
        }
        let stated = VehicleRoster(motion, fleet: fleet)
        #expect(Set(stated.vehicles.map(\.id)).isSubset(of: Set(fleet.map(\.id))))
    }
}

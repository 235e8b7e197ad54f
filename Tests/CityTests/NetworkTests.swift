import City
import Testing
import Timetable
import TransitModel

@Suite("The city's streets and timetable", .timeLimit(.minutes(5)))
struct NetworkTests {
    /// One trip of every way to drive a line.
    private func patterns(_ schedule: Schedule) -> [Int] {
        var seen: Set<Int> = []
        return schedule.trips.indices.filter { trip in
            guard let shape = schedule.trips[trip].shape else { return false }
            return seen.insert(shape).inserted
        }
    }

    @Test("Stops lie on the shape, in the order of travel", arguments: TestCity.seeds)
    func stopsOnShapes(seed: UInt64) async throws {
        let schedule = try await TestCity.make(seed).schedule
        var offences: [String] = []
        for trip in patterns(schedule) {
            let record = schedule.trips[trip]
            let shape = schedule.shapes[try #require(record.shape)]
            var last = -100.0
            for call in schedule.calls(of: trip) {
                let stop = schedule.stops[call.stop]
                let position = try #require(stop.position)
                let gap = position.distanceMetres(to: shape.point(atMetres: call.distanceMetres))
                if gap > 25 { offences.append("\(record.id): \(stop.id) lies \(gap) m aside") }
                if call.distanceMetres < last + 40 {
                    offences.append("\(record.id): \(stop.id) is out of order")
                }
                last = call.distanceMetres
            }
            if abs(last - shape.lengthMetres) > 2 { offences.append("\(record.id) ends early") }
        }
        #expect(offences.isEmpty)
    }

    @Test(
        "Shapes bend as streets do: nothing leaps, nothing turns on the spot",
        arguments: TestCity.seeds)
    func shapes(seed: UInt64) async throws {
        let schedule = try await TestCity.make(seed).schedule
        var offences: [String] = []
        for shape in schedule.shapes {
            let pieces = zip(shape.points, shape.points.dropFirst())
            let bearings = pieces.map { $0.bearing(to: $1) }
            let sharpest =
                zip(bearings, bearings.dropFirst())
                .map { min(abs($0 - $1), 360 - abs($0 - $1)) }.max() ?? 0
            let longest = pieces.map { $0.distanceMetres(to: $1) }.max() ?? 0
            if sharpest > 100 || longest > 2_600 {
                offences.append("\(shape.id?.rawValue ?? ""): \(sharpest)°, \(longest) m")
            }
        }
        #expect(offences.isEmpty)
    }

    @Test("Lines share streets: most of them run where others run too", arguments: TestCity.seeds)
    func corridors(seed: UInt64) async throws {
        let schedule = try await TestCity.make(seed).schedule
        var routesAtStop: [Int: Set<Int>] = [:]
        for trip in patterns(schedule) {
            for call in schedule.calls(of: trip) {
                routesAtStop[call.stop, default: []].insert(schedule.trips[trip].route)
            }
        }
        let shared = routesAtStop.values.count { $0.count > 1 }
        #expect(shared * 100 > routesAtStop.count * 45, "\(shared) of \(routesAtStop.count)")
    }

    @Test("Times rise, and no vehicle flies", arguments: TestCity.seeds)
    func times(seed: UInt64) async throws {
        let schedule = try await TestCity.make(seed).schedule
        for trip in schedule.trips.indices {
            let calls = schedule.calls(of: trip)
            for (before, call) in zip(calls, calls.dropFirst()) {
                let seconds = call.arrival - before.departure
                let speed = (call.distanceMetres - before.distanceMetres) / Double(max(seconds, 1))
                guard seconds > 0, speed < 17, call.departure >= call.arrival else {
                    Issue.record("\(schedule.trips[trip].id) at \(call.sequence): \(speed) m/s")
                    return
                }
            }
        }
    }

    @Test("Vehicles come in a rhythm that riders can rely on", arguments: TestCity.seeds)
    func headways(seed: UInt64) async throws {
        let schedule = try await TestCity.make(seed).schedule
        var starts: [[Int]: [Int]] = [:]
        for trip in schedule.trips(on: TestCity.weekday) {
            let record = schedule.trips[trip]
            guard let shape = record.shape else { continue }
            starts[[record.route, shape], default: []].append(record.startsAt)
        }
        var isServed: Set<Int> = []
        for (key, starts) in starts where starts.count > 20 {
            isServed.insert(key[0])
            let peak = starts.filter { (7 * 3_600..<9 * 3_600).contains($0) }
            let day = starts.filter { (6 * 3_600..<22 * 3_600).contains($0) }
            let name = schedule.routes[key[0]].name
            #expect(peak.count >= 3, "line \(name) has \(peak.count) trips in the peak")
            for (before, start) in zip(peak, peak.dropFirst()) {
                #expect((180...2_400).contains(start - before), "line \(name)")
            }
            let longest = zip(day, day.dropFirst()).map { $1 - $0 }.max() ?? .max
            #expect(longest <= 75 * 60, "line \(name) leaves riders \(longest / 60) min")
        }
        #expect(isServed.count == schedule.routes.count)
    }
}

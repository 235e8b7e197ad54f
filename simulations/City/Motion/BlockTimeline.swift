internal import Timetable
internal import TransitModel

/// One vehicle's day as it really goes: when it comes to each stop and when it leaves.
struct BlockTimeline: Sendable {
    /// A stay at a stop of a trip.
    struct Visit: Sendable {
        let trip: Int32
        /// Counts from the trip's first call.
        let call: Int32
        /// An index of the schedule's shapes.
        let shape: Int32
        /// Seconds of the service day, as everything here.
        let arrival: Double
        var departure: Double
        let metres: Double
    }

    /// Between trips vehicles go straight to where the next one begins.
    static let deadheadMetresPerSecond = 8.0
    /// The least average speed with which a run can be made, for timetables in whole minutes.
    static let topAverageMetresPerSecond = 18.0
    private static let alightingSeconds = 15.0

    private(set) var visits: [Visit] = []

    init(_ block: Int, of schedule: Schedule, trips: [Int], in traffic: Traffic) {
        for trip in trips { drive(trip, block, schedule, traffic) }
    }

    private mutating func drive(
        _ trip: Int, _ block: Int, _ schedule: Schedule, _ traffic: Traffic
    ) {
        // Where too few stops say where they are, nobody can tell where the vehicle is.
        guard let shape = schedule.trips[trip].shape else { return }
        let calls = schedule.calls(of: trip)
        guard let first = calls.first else { return }
        var clock: Double
        if let last = visits.last {
            let way = Self.place(of: last, in: schedule).distanceMetres(
                to: schedule.shapes[shape].point(atMetres: first.distanceMetres))
            clock = last.departure + way / Self.deadheadMetresPerSecond
        } else {
            clock = Double(first.departure) - FleetMotion.showingUpSeconds
        }
        var previous: Call?
        for (number, call) in calls.enumerated() {
            let dwell = traffic.dwell(block: block, place: call.stop, second: clock)
            if let previous {
                clock += run(
                    from: previous, to: call, dwell: dwell, at: clock, block,
                    route: schedule.trips[trip].route, traffic)
            }
            let arrival = clock
            if number == 0 {
                clock = max(
                    arrival + dwell,
                    Double(call.departure) + traffic.hesitation(block: block, trip: trip))
            } else if number == calls.count - 1 {
                clock = arrival + Self.alightingSeconds
            } else {
                clock = max(
                    arrival + dwell, Double(call.departure) - traffic.earliness(block: block))
            }
            visits.append(
                Visit(
                    trip: Int32(trip), call: Int32(number), shape: Int32(shape), arrival: arrival,
                    departure: clock, metres: call.distanceMetres))
            previous = call
        }
    }

    /// Seconds from leaving one stop to coming to the next.
    private func run(
        from start: Call, to end: Call, dwell: Double, at clock: Double, _ block: Int, route: Int,
        _ traffic: Traffic
    ) -> Double {
        let planned = Double(end.arrival - start.departure)
        // Where the timetable has no time for doors, the run has.
        let doors = max(0, dwell - Double(end.departure - end.arrival))
        let driving = max(planned - doors, planned * 0.6)
        let factor = traffic.factor(
            route: route, block: block, place: end.stop, second: clock,
            delay: clock - Double(start.departure))
        let way = end.distanceMetres - start.distanceMetres
        return max(driving * factor, way / Self.topAverageMetresPerSecond, 1)
    }

    static func place(of visit: Visit, in schedule: Schedule) -> GeoPoint {
        schedule.shapes[Int(visit.shape)].point(atMetres: visit.metres)
    }

    /// The first visit that begins after an instant.
    func firstIndex(arrivingAfter second: Double) -> Int {
        var low = 0
        var high = visits.count
        while low < high {
            let middle = (low + high) / 2
            if visits[middle].arrival <= second { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

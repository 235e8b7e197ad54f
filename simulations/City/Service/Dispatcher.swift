/// One run of one vehicle along one pattern.
struct Run: Hashable, Sendable {
    let pattern: Int
    let startsAt: Int
    let endsAt: Int
}

/// What one vehicle drives on one day, from its first pull-out to its last pull-in.
struct VehicleDay: Hashable, Sendable {
    var runs: [Run] = []

    var startsAt: Int { runs.first?.startsAt ?? 0 }
}

/// Turns headways into trips, and trips into the days of vehicles.
///
/// Vehicles queue at the ends of the line, first in, first out. One that would stand longer than
/// ``longestWait`` goes home; where none is ready in time the next leaves the depot.
struct Dispatcher {
    let plan: PatternPlan
    let times: [RunningTimes]
    let day: DayType

    private static let shortestLayover = 180
    private static let longestWait = 22 * 60
    /// A vehicle rests in the depot at least this long.
    private static let depotRest = 40 * 60
    private static let lastDeparture = 22 * 3_600 + 50 * 60

    private struct Departure {
        let second: Int
        let pattern: Int
        /// The end of the line where the run begins, and the one where it ends.
        let from: Int
        let to: Int
    }

    private struct Waiting {
        let vehicle: Int
        let since: Int
    }

    /// - Parameters:
    ///   - line: Its index.
    ///   - vehicleCount: How many are out in the peak.
    ///   - firstAt: When the first vehicle leaves, in seconds of the day.
    func vehicleDays(line: Int, vehicleCount: Int, firstAt: Int) -> [VehicleDay] {
        let departures = departures(line: line, vehicleCount: vehicleCount, firstAt: firstAt)
        var days: [VehicleDay] = []
        var ends: [[Waiting]] = [[], []]
        var depot: [Waiting] = []
        for (index, departure) in departures.enumerated() {
            let vehicle: Int
            if let first = ends[departure.from].first,
                first.since + Self.shortestLayover <= departure.second
            {
                vehicle = ends[departure.from].removeFirst().vehicle
            } else {
                vehicle = pullOut(
                    to: departure, line: line, days: &days, depot: &depot)
            }
            let arrival = departure.second + duration(departure.pattern, at: departure.second)
            days[vehicle].runs.append(
                Run(pattern: departure.pattern, startsAt: departure.second, endsAt: arrival))
            var queue = ends[departure.to]
            queue.insert(
                Waiting(vehicle: vehicle, since: arrival),
                at: queue.firstIndex { $0.since > arrival } ?? queue.count)
            let next = nextDeparture(
                of: vehicle, in: queue, from: departure.to, departures[(index + 1)...])
            if let next, next - arrival <= Self.longestWait {
                ends[departure.to] = queue
            } else {
                pullIn(vehicle, from: departure.to, at: arrival, line, &days, &depot)
            }
        }
        for (end, waiting) in ends.enumerated() {
            for vehicle in waiting {
                pullIn(vehicle.vehicle, from: end, at: vehicle.since, line, &days, &depot)
            }
        }
        return days
    }

    /// When a vehicle's turn comes in the queue at an end of the line; `nil` for not today.
    private func nextDeparture(
        of vehicle: Int, in queue: [Waiting], from end: Int, _ departures: ArraySlice<Departure>
    ) -> Int? {
        var queue = queue[...]
        for departure in departures where departure.from == end {
            guard let first = queue.first,
                first.since + Self.shortestLayover <= departure.second
            else { continue }
            if first.vehicle == vehicle { return departure.second }
            queue.removeFirst()
        }
        return nil
    }

    // MARK: - Departures

    private func departures(line: Int, vehicleCount: Int, firstAt: Int) -> [Departure] {
        let mains = plan.mains[line]
        let isCircular = plan.pullOuts[line].count == 1
        var all: [Departure] = []
        for (direction, pattern) in mains.enumerated() {
            var clock = Double(firstAt)
            if direction == 1 {
                // Half a headway apart for circles; otherwise when the first could be back.
                let headway = headway(line, vehicleCount, at: firstAt)
                let ahead =
                    isCircular
                    ? headway / 2
                    : Double(
                        duration(mains[0], at: firstAt)
                            + Self.plannedLayover(
                                duration(mains[0], at: firstAt)))
                clock += ahead.truncatingRemainder(dividingBy: headway)
            }
            while clock <= Double(Self.lastDeparture) {
                let second = Int(clock / 60) * 60
                all.append(
                    Departure(
                        second: second, pattern: pattern, from: isCircular ? 0 : direction,
                        to: isCircular ? 0 : 1 - direction))
                clock += headway(line, vehicleCount, at: second)
            }
        }
        return all.sorted { ($0.second, $0.from, $0.pattern) < ($1.second, $1.from, $1.pattern) }
    }

    /// Seconds between vehicles when as many are out as the time of day asks for.
    private func headway(_ line: Int, _ vehicleCount: Int, at second: Int) -> Double {
        let out = max(2, (Double(vehicleCount) * day.demandShare(at: second)).rounded())
        return Double(cycle(line, at: second)) / min(out, Double(max(vehicleCount, 2)))
    }

    /// The time in which a vehicle is back where it began.
    func cycle(_ line: Int, at second: Int) -> Int {
        plan.mains[line].reduce(0) { sum, pattern in
            let duration = duration(pattern, at: second)
            return sum + duration + Self.plannedLayover(duration)
        }
    }

    private static func plannedLayover(_ duration: Int) -> Int {
        max(shortestLayover + 120, duration / 9 / 60 * 60)
    }

    private func duration(_ pattern: Int, at second: Int) -> Int {
        times[pattern].duration(factor: day.trafficFactor(at: second))
    }

    // MARK: - Depot

    private func pullOut(
        to departure: Departure, line: Int, days: inout [VehicleDay], depot: inout [Waiting]
    ) -> Int {
        var run: Run?
        if let pattern = plan.pullOuts[line][departure.from] {
            // The clock of the run itself decides how long it takes; a minute's slack settles it.
            let duration = duration(pattern, at: departure.second - 1_200)
            let end = departure.second - Self.shortestLayover
            run = Run(pattern: pattern, startsAt: end - duration, endsAt: end)
        }
        let leavesAt = run?.startsAt ?? departure.second
        let vehicle: Int
        if let rested = depot.firstIndex(where: { $0.since + Self.depotRest <= leavesAt }) {
            vehicle = depot.remove(at: rested).vehicle
        } else {
            days.append(VehicleDay())
            vehicle = days.count - 1
        }
        if let run { days[vehicle].runs.append(run) }
        return vehicle
    }

    private func pullIn(
        _ vehicle: Int, from end: Int, at second: Int, _ line: Int, _ days: inout [VehicleDay],
        _ depot: inout [Waiting]
    ) {
        var since = second
        if let pattern = plan.pullIns[line][end] {
            let start = second + 120
            let run = Run(
                pattern: pattern, startsAt: start, endsAt: start + duration(pattern, at: start))
            days[vehicle].runs.append(run)
            since = run.endsAt
        }
        depot.append(Waiting(vehicle: vehicle, since: since))
        depot.sort { ($0.since, $0.vehicle) < ($1.since, $1.vehicle) }
    }
}

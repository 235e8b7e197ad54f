/// How long a pattern takes, stop by stop.
struct RunningTimes: Sendable {
    /// Seconds from the first departure, for every call, in free traffic.
    private let arrivals: [Double]
    private let dwells: [Double]

    init(_ pattern: Pattern, mode: Mode) {
        let openRoad = pattern.openRoadShare
        let cruising = Self.townSpeed(mode) * (1 - openRoad) + 14.5 * openRoad
        var arrivals = [0.0]
        var dwells = [0.0]
        var clock = 0.0
        for (index, (before, call)) in zip(pattern.calls, pattern.calls.dropFirst()).enumerated() {
            // Starting and braking cost some seconds whatever the distance.
            clock += (call.distance - before.distance) / cruising + 9
            arrivals.append(clock)
            let isLast = index == pattern.calls.count - 2
            dwells.append(isLast ? 0 : 18)
            clock += isLast ? 0 : 18
        }
        self.arrivals = arrivals
        self.dwells = dwells
    }

    /// Metres a second between stops, lights and queues included.
    private static func townSpeed(_ mode: Mode) -> Double {
        switch mode {
        case .tram: 7.2
        case .trolleybus: 7.4
        case .bus: 7.9
        }
    }

    func duration(factor: Double) -> Int {
        Int((arrivals[arrivals.count - 1] * factor / 60).rounded(.up)) * 60
    }

    /// Arrival and departure at every call of a run, in seconds of the day.
    func times(of run: Run) -> [(arrival: Int, departure: Int)] {
        let total = arrivals[arrivals.count - 1]
        let stretch = total > 0 ? Double(run.endsAt - run.startsAt) / total : 1
        return zip(arrivals, dwells).map { arrival, dwell in
            let at = run.startsAt + Int((arrival * stretch / 5).rounded()) * 5
            return (at, at + (dwell > 0 ? 20 : 0))
        }
    }
}

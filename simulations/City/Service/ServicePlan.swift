/// All vehicles' days, for all lines and day types.
struct ServicePlan: Sendable {
    let times: [RunningTimes]
    /// By day type, by line.
    let days: [DayType: [[VehicleDay]]]

    /// How many vehicles the city owns, about.
    private static let fleetTarget = 228.0

    init(lines: [Line], plan: PatternPlan) {
        times = plan.patterns.map { RunningTimes($0, mode: lines[$0.line].order.mode) }
        let peak = Dispatcher(plan: plan, times: times, day: .weekday)
        let cycles = lines.indices.map { Double(peak.cycle($0, at: 8 * 3_600)) }
        let wanted = zip(lines, cycles).map { $1 / ($0.order.headwayMinutes * 60) }
        // Fewer or more vehicles than ordered, by the same share on every line. How many the
        // changes between peak and valley need in all shows only when the day is dispatched.
        var share = Self.fleetTarget / wanted.reduce(0, +)
        var counts: [Int] = []
        var weekday: [[VehicleDay]] = []
        for _ in 0..<4 {
            counts = wanted.map { max(2, Int(($0 * share).rounded())) }
            weekday = lines.indices.map { line in
                peak.vehicleDays(
                    line: line, vehicleCount: counts[line], firstAt: Self.firstAt(line, .weekday))
            }
            let fleet = Double(weekday.joined().count)
            if abs(fleet - Self.fleetTarget) < 12 { break }
            share *= Self.fleetTarget / fleet
        }
        let weekend = Dispatcher(plan: plan, times: times, day: .weekend)
        days = [
            .weekday: weekday,
            .weekend: lines.indices.map { line in
                weekend.vehicleDays(
                    line: line, vehicleCount: counts[line], firstAt: Self.firstAt(line, .weekend))
            },
        ]
    }

    /// Lines do not all begin in the same minute.
    private static func firstAt(_ line: Int, _ day: DayType) -> Int {
        (5 * 60 + 20 + line * 7 % 25 + (day == .weekend ? 20 : 0)) * 60
    }
}

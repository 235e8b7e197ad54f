internal import Timetable

/// A trip's calls as a plan of distance over time.
struct TripPlan {
    struct Place {
        let previous: Int?
        let next: Int?
        let isAtStop: Bool
        let delaySeconds: Int
    }

    private let calls: [Call]

    init(_ calls: ArraySlice<Call>) {
        self.calls = Array(calls)
    }

    /// Where the vehicle would be by the timetable: at its ends before and after the trip.
    func distanceMetres(atSecond second: Int) -> Double {
        guard let next = calls.firstIndex(where: { $0.arrival > second }) else {
            return calls.last?.distanceMetres ?? 0
        }
        guard next > 0 else { return calls[0].distanceMetres }
        let (from, to) = (calls[next - 1], calls[next])
        guard second > from.departure else { return from.distanceMetres }
        let fraction =
            Double(second - from.departure) / Double(max(1, to.arrival - from.departure))
        return from.distanceMetres + (to.distanceMetres - from.distanceMetres) * fraction
    }

    /// Between which calls a distance lies, and how late one is there.
    func place(atMetres distance: Double, second: Int, radius: Double) -> Place {
        // Of stops closer together than the radius, the last one reached.
        let standing = calls.lastIndex { ($0.distanceMetres - distance).magnitude <= radius }
        if let standing {
            return Place(
                previous: standing, next: standing + 1 < calls.count ? standing + 1 : nil,
                isAtStop: true, delaySeconds: delay(at: distance, near: standing, second))
        }
        guard let next = calls.firstIndex(where: { $0.distanceMetres > distance }) else {
            return Place(
                previous: calls.count - 1, next: nil, isAtStop: false,
                delaySeconds: second - calls[calls.count - 1].arrival)
        }
        guard next > 0 else {
            return Place(
                previous: nil, next: 0, isAtStop: false,
                delaySeconds: max(0, second - calls[0].departure))
        }
        return Place(
            previous: next - 1, next: next, isAtStop: false,
            delaySeconds: second - plannedSecond(atMetres: distance, after: next - 1))
    }

    /// A vehicle about a stop is on time from when it should come to where it is until it should
    /// have left from there.
    private func delay(at distance: Double, near standing: Int, _ second: Int) -> Int {
        let call = calls[standing]
        var earliest = call.arrival
        var latest = call.departure
        if distance < call.distanceMetres, standing > 0 {
            earliest = plannedSecond(atMetres: distance, after: standing - 1)
        } else if distance > call.distanceMetres, standing + 1 < calls.count {
            latest = plannedSecond(atMetres: distance, after: standing)
        }
        if second > latest { return second - latest }
        // Whoever waits for the trip to begin is not early.
        return standing == 0 ? 0 : min(0, second - earliest)
    }

    /// When the vehicle should be at a distance between a call and the next.
    private func plannedSecond(atMetres distance: Double, after call: Int) -> Int {
        let (from, to) = (calls[call], calls[call + 1])
        let span = to.distanceMetres - from.distanceMetres
        let fraction = span > 0 ? min(max((distance - from.distanceMetres) / span, 0), 1) : 0
        let seconds = Double(to.arrival - from.departure) * fraction
        return from.departure + Int(seconds.rounded())
    }
}

internal import Timetable
internal import TransitModel

/// How riders get from one place to another on one service day: without a change where that is
/// reasonable, else with one.
struct JourneyPlanner: Sendable {
    /// Trips that call at the same stops in the same order.
    private struct Sequence: Sendable {
        let stops: [Int]
        /// By their start.
        var trips: [Int]
        /// Seconds from the first departure, of a trip in the middle of the day.
        var ride: [Int] = []
        var headway = 0
    }

    private struct Visit: Sendable {
        let sequence: Int
        let position: Int
    }

    /// Where one may change from one sequence to another.
    private struct Change: Sendable {
        let from: Int
        let to: Int
        let walk: Int
    }

    /// A ride to plan with: which sequences, from where to where.
    struct Option: Sendable {
        struct Ride: Sendable {
            let sequence: Int
            let from: Int
            let to: Int
            /// Seconds of walking before it.
            let walk: Int
        }

        let rides: [Ride]
        /// Seconds in all, with the usual waiting.
        let cost: Int
    }

    /// A ride that was taken.
    struct Ride: Sendable {
        let trip: Int
        let call: Int
        let departure: Int
    }

    private static let walkingMetres = 650.0
    private static let changeMetres = 220.0
    /// A change is worth so many seconds of anybody's time.
    private static let changePenalty = 360
    /// Ways that cost as much more than the best are as good: the first vehicle decides.
    private static let indifference = 300
    /// Nobody waits longer.
    private static let longestWait = 3_000
    /// Sequences with fewer trips are pull-outs and the like: nobody plans with them.
    private static let fewestTrips = 5

    private let schedule: Schedule
    private let grid: StopGrid
    private var sequences: [Sequence] = []
    private var visits: [[Visit]]
    /// By first sequence times their number, plus the second. Lines that share a street meet at
    /// many stops; the first, the middle and the last of them are enough to plan with.
    private var changes: [[Change]] = []

    init(_ schedule: Schedule, on date: ServiceDate) {
        self.schedule = schedule
        let trips = schedule.trips(on: date)
        sequences = Self.sequences(of: trips, in: schedule)
        visits = Array(repeating: [], count: schedule.stops.count)
        for (index, sequence) in sequences.enumerated() {
            // The last stop is no place to board; it is one to alight.
            for (position, stop) in sequence.stops.enumerated() {
                visits[stop].append(Visit(sequence: index, position: position))
            }
        }
        grid = StopGrid(schedule, isServed: visits.map { !$0.isEmpty })
        changes = findChanges()
    }

    private static func sequences(of trips: [Int], in schedule: Schedule) -> [Sequence] {
        var numbers: [[Int]: Int] = [:]
        var sequences: [Sequence] = []
        for trip in trips {
            let record = schedule.trips[trip]
            let stops = schedule.calls(of: trip).map(\.stop)
            let key = [record.route] + stops
            if let number = numbers[key] {
                sequences[number].trips.append(trip)
            } else {
                numbers[key] = sequences.count
                sequences.append(Sequence(stops: stops, trips: [trip]))
            }
        }
        let busiest = sequences.map(\.trips.count).max() ?? 0
        return sequences.filter { $0.trips.count >= min(fewestTrips, busiest) }.map { sequence in
            var sequence = sequence
            let middle = sequence.trips[sequence.trips.count / 2]
            let start = schedule.trips[middle].startsAt
            sequence.ride = schedule.calls(of: middle).map { $0.departure - start }
            let span =
                schedule.trips[sequence.trips[sequence.trips.count - 1]].startsAt
                - schedule.trips[sequence.trips[0]].startsAt
            sequence.headway = span / max(sequence.trips.count - 1, 1)
            return sequence
        }
    }

    private func findChanges() -> [[Change]] {
        var all: [[Change]] = []
        for (index, sequence) in sequences.enumerated() {
            var found: [[Change]] = Array(repeating: [], count: sequences.count)
            for (from, stop) in sequence.stops.enumerated().dropFirst() {
                var nearest: [Int: Change] = [:]
                for near in grid.stops(around: stop, within: Self.changeMetres, limit: 16) {
                    for visit in visits[near.stop] where visit.sequence != index {
                        guard visit.position < sequences[visit.sequence].stops.count - 1,
                            nearest[visit.sequence] == nil
                        else { continue }
                        nearest[visit.sequence] = Change(
                            from: from, to: visit.position, walk: Self.walk(near.metres))
                    }
                }
                for (other, change) in nearest { found[other].append(change) }
            }
            all += found.map { changes in
                changes.count < 4
                    ? changes
                    : [changes[0], changes[changes.count / 2], changes[changes.count - 1]]
            }
        }
        return all
    }

    /// People walk 1.25 metres a second, and streets make the way longer by as much.
    private static func walk(_ metres: Double) -> Int { Int(metres) }

    // MARK: - Planning

    /// The best ways between two places, from the cheapest; several where they are equally good.
    func options(from start: GeoPoint, to end: GeoPoint) -> [Option] {
        let boarding = visits(around: start)
        let alighting = visits(around: end)
        var options: [Option] = []
        var limit = Int.max
        func consider(_ option: Option?) {
            guard let option, option.cost < limit else { return }
            options.append(option)
            limit = min(limit, option.cost + Self.indifference)
        }
        for (sequence, starts) in boarding {
            guard let ends = alighting.first(where: { $0.sequence == sequence }) else { continue }
            consider(direct(sequence, starts, ends.places))
        }
        for (first, starts) in boarding {
            for (second, ends) in alighting where first != second {
                let changes = changes[first * sequences.count + second]
                let least = waiting(first) + waiting(second) + Self.changePenalty
                guard !changes.isEmpty, least < limit else { continue }
                consider(changing(first, starts, second, ends, changes))
            }
        }
        options.sort { ($0.cost, $0.rides[0].sequence) < ($1.cost, $1.rides[0].sequence) }
        return Array(options.prefix { $0.cost < limit }.prefix(5))
    }

    private struct Access {
        let position: Int
        let walk: Int
    }

    /// By sequence, in its order.
    private func visits(around point: GeoPoint) -> [(sequence: Int, places: [Access])] {
        var found: [Int: [Access]] = [:]
        for near in grid.stops(around: point, within: Self.walkingMetres, limit: 10) {
            for visit in visits[near.stop] {
                found[visit.sequence, default: []].append(
                    Access(position: visit.position, walk: Self.walk(near.metres)))
            }
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func direct(_ sequence: Int, _ starts: [Access], _ ends: [Access]) -> Option? {
        var best: Option?
        for start in starts {
            for end in ends where end.position > start.position {
                let ride = ride(sequence, start.position, end.position)
                let cost = start.walk + waiting(sequence) + ride + end.walk
                guard cost < best?.cost ?? .max else { continue }
                best = Option(
                    rides: [
                        .init(
                            sequence: sequence, from: start.position, to: end.position,
                            walk: start.walk)
                    ], cost: cost)
            }
        }
        return best
    }

    private func changing(
        _ first: Int, _ starts: [Access], _ second: Int, _ ends: [Access], _ changes: [Change]
    ) -> Option? {
        var best: Option?
        for change in changes {
            guard let start = nearest(starts, where: { $0.position < change.from }),
                let end = nearest(ends, where: { $0.position > change.to })
            else { continue }
            let rides =
                ride(first, start.position, change.from)
                + ride(second, change.to, end.position)
            let walks = start.walk + change.walk + end.walk
            let cost =
                rides + walks + waiting(first) + waiting(second) + Self.changePenalty
            guard cost < best?.cost ?? .max else { continue }
            best = Option(
                rides: [
                    .init(
                        sequence: first, from: start.position, to: change.from, walk: start.walk),
                    .init(
                        sequence: second, from: change.to, to: end.position, walk: change.walk),
                ], cost: cost)
        }
        return best
    }

    private func nearest(_ places: [Access], where isFit: (Access) -> Bool) -> Access? {
        places.first(where: isFit)
    }

    private func ride(_ sequence: Int, _ from: Int, _ to: Int) -> Int {
        sequences[sequence].ride[to] - sequences[sequence].ride[from]
    }

    private func waiting(_ sequence: Int) -> Int { min(sequences[sequence].headway / 2, 1_800) }

    // MARK: - Riding

    /// Takes whatever comes first of the options, and then what comes next.
    ///
    /// - Returns: The rides in order, and when the last one ends; nothing when no vehicle comes.
    func ride(_ options: [Option], from second: Int) -> (rides: [Ride], arrivesAt: Int)? {
        var best: (rides: [Ride], arrivesAt: Int)?
        for option in options {
            guard let taken = ride(option, from: second) else { continue }
            if taken.arrivesAt < best?.arrivesAt ?? .max { best = taken }
        }
        return best
    }

    private func ride(_ option: Option, from second: Int) -> (rides: [Ride], arrivesAt: Int)? {
        var clock = second
        var rides: [Ride] = []
        for leg in option.rides {
            clock += leg.walk
            guard let trip = nextTrip(of: leg.sequence, at: leg.from, notBefore: clock) else {
                return nil
            }
            let calls = schedule.calls(of: trip)
            let departure = calls[calls.startIndex + leg.from].departure
            rides.append(Ride(trip: trip, call: leg.from, departure: departure))
            clock = calls[calls.startIndex + leg.to].arrival
        }
        return (rides, clock)
    }

    private func nextTrip(of sequence: Int, at position: Int, notBefore second: Int) -> Int? {
        let trips = sequences[sequence].trips
        func departure(_ index: Int) -> Int {
            let calls = schedule.calls(of: trips[index])
            return calls[calls.startIndex + position].departure
        }
        var low = 0
        var high = trips.count
        while low < high {
            let middle = (low + high) / 2
            if departure(middle) < second { low = middle + 1 } else { high = middle }
        }
        guard low < trips.count, departure(low) - second <= Self.longestWait else { return nil }
        return trips[low]
    }
}

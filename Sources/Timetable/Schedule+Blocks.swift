package import TransitModel

extension Schedule {
    /// What each vehicle does on a service date: chains of trips, the earliest first.
    ///
    /// Trips with a `block_id` follow it; where two of them overlap, which one vehicle cannot do,
    /// the later goes to a second chain. Trips without are chained so that vehicles are plausible:
    /// to a trip that begins where and soon after another of the same kind of vehicle ended, by
    /// preference on the same route. The same feed always gives the same chains.
    package func blocks(on date: ServiceDate) -> [Block] {
        var stated = StatedChains()
        var fitted = FittedChains(self)
        for trip in trips(on: date) {
            if let block = trips[trip].block {
                stated.append(trip, of: block, in: self)
            } else {
                fitted.append(trip, in: self)
            }
        }
        return (stated.blocks + fitted.blocks(in: self)).sorted {
            (trips[$0.trips[0]].startsAt, $0.id) < (trips[$1.trips[0]].startsAt, $1.id)
        }
    }
}

/// Chains by `block_id`; trips come by their departure.
private struct StatedChains {
    private var chains: [BlockID: [[Int]]] = [:]

    mutating func append(_ trip: Int, of block: BlockID, in schedule: Schedule) {
        let start = schedule.trips[trip].startsAt
        var ofBlock = chains[block] ?? []
        let free = ofBlock.firstIndex { chain in
            chain.last.map { schedule.trips[$0].endsAt <= start } ?? true
        }
        if let free {
            ofBlock[free].append(trip)
        } else {
            ofBlock.append([trip])
        }
        chains[block] = ofBlock
    }

    var blocks: [Block] {
        chains.flatMap { block, chains in
            chains.enumerated().map { number, trips in
                Block(
                    id: number == 0 ? block : BlockID("\(block)~\(number + 1)"), trips: trips,
                    isStated: true)
            }
        }
    }
}

/// Chains by terminal and time; trips come by their departure.
private struct FittedChains {
    /// A vehicle that has come to a trip's end.
    private struct Resting {
        let chain: Int
        let endsAt: Int
        let route: Int
    }

    /// Where vehicles of one kind wait; nearby stops of one terminal count as one place.
    private struct Terminal: Hashable {
        let routeType: Int
        let x: Int
        let y: Int
        /// Tells stops without a position apart.
        let stop: Int
    }

    /// The least rest between two trips, in seconds.
    private static let turnaround = 120
    /// A vehicle that waits longer goes to its depot.
    private static let patience = 5_400
    /// The side of the squares that count as one terminal.
    private static let squareMetres = 300.0

    private let plane: LocalPlane?
    private var chains: [[Int]] = []
    private var resting: [Terminal: [Resting]] = [:]

    init(_ schedule: Schedule) {
        plane = schedule.stops.lazy.compactMap(\.position).first.map { LocalPlane(around: $0) }
    }

    mutating func append(_ trip: Int, in schedule: Schedule) {
        let record = schedule.trips[trip]
        let calls = schedule.calls(of: trip)
        guard let first = calls.first, let last = calls.last else { return }
        let type = schedule.routes[record.route].type
        let chain: Int
        if let found = take(
            near: terminals(around: first.stop, type, schedule), at: record.startsAt,
            for: record.route)
        {
            chain = found
            chains[chain].append(trip)
        } else {
            chain = chains.count
            chains.append([trip])
        }
        resting[terminals(around: last.stop, type, schedule)[0], default: []].append(
            Resting(chain: chain, endsAt: record.endsAt, route: record.route))
    }

    /// The vehicle that waits longest, by preference one of the same route.
    private mutating func take(near terminals: [Terminal], at start: Int, for route: Int) -> Int? {
        var best: (terminal: Terminal, index: Int, key: (Int, Int, Int))?
        for terminal in terminals {
            resting[terminal]?.removeAll { $0.endsAt + Self.patience < start }
            for (index, vehicle) in (resting[terminal] ?? []).enumerated()
            where vehicle.endsAt + Self.turnaround <= start {
                let key = (vehicle.route == route ? 0 : 1, vehicle.endsAt, vehicle.chain)
                if best.map({ key < $0.key }) ?? true { best = (terminal, index, key) }
            }
        }
        return best.flatMap { resting[$0.terminal]?.remove(at: $0.index).chain }
    }

    /// The stop's own square, and then those around it.
    private func terminals(
        around stop: Int, _ routeType: Int, _ schedule: Schedule
    ) -> [Terminal] {
        guard let plane, let place = schedule.stops[stop].position else {
            return [Terminal(routeType: routeType, x: 0, y: 0, stop: stop)]
        }
        let (east, north) = plane.position(of: place)
        let x = Int((east / Self.squareMetres).rounded(.down))
        let y = Int((north / Self.squareMetres).rounded(.down))
        let offsets = [
            (0, 0), (-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1),
        ]
        return offsets.map { Terminal(routeType: routeType, x: x + $0.0, y: y + $0.1, stop: -1) }
    }

    /// Named after the first trip's route, numbered in order.
    func blocks(in schedule: Schedule) -> [Block] {
        var countOfRoute: [Int: Int] = [:]
        return chains.map { trips in
            let route = schedule.trips[trips[0]].route
            let number = countOfRoute[route, default: 0] + 1
            countOfRoute[route] = number
            return Block(
                id: BlockID("\(schedule.routes[route].id)/\(number)"), trips: trips,
                isStated: false)
        }
    }
}

/// Finds the way of a line through the streets: short, along wide streets, with few turns.
struct RouteFinder {
    typealias Way = StreetNetwork.Way

    let network: StreetNetwork
    /// What a metre of each edge counts; infinite where the line must not go.
    let costPerMetre: [Double]

    /// A turn counts like so many metres.
    private static let turnMetres = 140.0

    /// The way through all nodes in order, never turning round on the spot.
    ///
    /// - Returns: `nil` when there is none.
    func find(through nodes: [Int]) -> [Way]? {
        var ways: [Way] = []
        for (start, end) in zip(nodes, nodes.dropFirst()) where start != end {
            guard let found = find(from: start, arrivingBy: ways.last, to: end) else { return nil }
            ways += found
        }
        return ways.isEmpty ? nil : ways
    }

    private func find(from start: Int, arrivingBy arrival: Way?, to end: Int) -> [Way]? {
        var queue = WayQueue()
        var costs = [Double](repeating: .infinity, count: network.edges.count * 2)
        var previous: [Way?] = Array(repeating: nil, count: costs.count)
        func number(_ way: Way) -> Int { way.edge * 2 + (way.isForward ? 0 : 1) }
        func leave(_ node: Int, after arrival: Way?, at cost: Double) {
            for way in network.nodes[node].ways where way != arrival?.reversed {
                let metres = network.length(of: way) * costPerMetre[way.edge]
                let next = cost + metres + (arrival.map { turnCost(from: $0, into: way) } ?? 0)
                if next < costs[number(way)] {
                    costs[number(way)] = next
                    previous[number(way)] = node == start && cost == 0 ? nil : arrival
                    queue.push(cost: next, way: way)
                }
            }
        }
        leave(start, after: arrival, at: 0)
        while let (cost, way) = queue.pop() {
            guard cost <= costs[number(way)] else { continue }
            let node = network.end(of: way)
            if node == end {
                var ways = [way]
                while let before = previous[number(ways[0])] { ways.insert(before, at: 0) }
                return ways
            }
            leave(node, after: way, at: cost)
        }
        return nil
    }

    private func turnCost(from arrival: Way, into way: Way) -> Double {
        let before = network.line(of: arrival)
        let after = network.line(of: way)
        let angle = before.direction(at: before.length)
            .turn(into: after.direction(at: 0))
        return angle > 120 ? Self.turnMetres * 4 : angle > 35 ? Self.turnMetres : 0
    }
}

/// The cheapest way first; among equals the one that was found first.
private struct WayQueue {
    private struct Entry {
        let cost: Double
        let order: Int
        let way: StreetNetwork.Way

        static func < (left: Entry, right: Entry) -> Bool {
            (left.cost, left.order) < (right.cost, right.order)
        }
    }

    private var heap: [Entry] = []
    private var pushed = 0

    mutating func push(cost: Double, way: StreetNetwork.Way) {
        heap.append(Entry(cost: cost, order: pushed, way: way))
        pushed += 1
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> (cost: Double, way: StreetNetwork.Way)? {
        guard let top = heap.first else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [parent * 2 + 1, parent * 2 + 2] where child < heap.count {
                if heap[child] < heap[least] { least = child }
            }
            guard least != parent else { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return (top.cost, top.way)
    }
}

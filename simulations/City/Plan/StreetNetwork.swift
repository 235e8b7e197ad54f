/// Streets with their crossings: the graph on which lines run.
struct StreetNetwork: Sendable {
    struct Node: Sendable {
        var spot: Spot
        /// Ways that leave it.
        var ways: [Way] = []
    }

    struct Edge: Sendable {
        let from: Int
        let to: Int
        /// An index of ``streets``.
        let street: Int
        let line: Polyline
    }

    /// An edge with a direction of travel.
    struct Way: Hashable, Sendable {
        let edge: Int
        let isForward: Bool

        var reversed: Way { Way(edge: edge, isForward: !isForward) }
    }

    let streets: [Street]
    private(set) var nodes: [Node] = []
    private(set) var edges: [Edge] = []

    init(_ plan: CityPlan) {
        var drawing = StreetDrawing(plan)
        drawing.joinCrossings()
        drawing.pruneLooseEnds()
        streets = plan.streets
        let kept = drawing.largestPart()
        var numbers: [Int: Int] = [:]
        for (old, spot) in drawing.nodes.enumerated() where kept.contains(old) {
            numbers[old] = nodes.count
            nodes.append(Node(spot: spot))
        }
        for edge in drawing.edges {
            guard let from = numbers[edge.from], let to = numbers[edge.to] else { continue }
            nodes[from].ways.append(Way(edge: edges.count, isForward: true))
            nodes[to].ways.append(Way(edge: edges.count, isForward: false))
            edges.append(
                Edge(from: from, to: to, street: edge.street, line: Polyline(edge.points)))
        }
    }

    func start(of way: Way) -> Int { way.isForward ? edges[way.edge].from : edges[way.edge].to }
    func end(of way: Way) -> Int { way.isForward ? edges[way.edge].to : edges[way.edge].from }
    func length(of way: Way) -> Double { edges[way.edge].line.length }
    func kind(of way: Way) -> Street.Kind { streets[edges[way.edge].street].kind }

    func line(of way: Way) -> Polyline {
        way.isForward ? edges[way.edge].line : edges[way.edge].line.reversed
    }

    /// The crossing nearest to a spot, of those that `isFit` accepts.
    func nearestNode(to spot: Spot, where isFit: (Int) -> Bool = { _ in true }) -> Int {
        var best = (gap: Double.infinity, node: 0)
        for (index, node) in nodes.enumerated() where isFit(index) {
            let gap = node.spot.distance(to: spot)
            if gap < best.gap { best = (gap, index) }
        }
        return best.node
    }

    /// The streets that meet at a crossing, from the widest.
    func streets(at node: Int) -> [Int] {
        Set(nodes[node].ways.map { edges[$0.edge].street }).sorted {
            (streets[$0].kind.rawValue, $0) < (streets[$1].kind.rawValue, $1)
        }
    }
}

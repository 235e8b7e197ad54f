/// Turns streets that run across each other into nodes and edges.
struct StreetDrawing {
    struct Edge {
        let from: Int
        let to: Int
        let street: Int
        let points: [Spot]
        let length: Double
    }

    private struct Stretch {
        let street: Int
        let line: Polyline
        /// Distances at which it is cut.
        var cuts: [Double] = []
    }

    private(set) var nodes: [Spot] = []
    private(set) var edges: [Edge] = []
    private var stretches: [Stretch] = []
    private let streets: [Street]

    /// Crossings closer than this are one.
    private static let mergeDistance = 55.0
    private static let approach = 75.0
    /// A loose end shorter than this is what a street overshot.
    private static let looseEnd = 260.0
    private static let bridgeLimit = 4
    private static let bridgeSpacing = 650.0

    init(_ plan: CityPlan) {
        streets = plan.streets
        var bridges: [Spot] = []
        for (index, street) in plan.streets.enumerated() {
            for points in Self.banks(of: street, plan.river, &bridges) where points.count > 1 {
                stretches.append(Stretch(street: index, line: Polyline(points)))
            }
        }
    }

    /// The street's parts between river crossings that have no bridge.
    private static func banks(
        of street: Street, _ river: River, _ bridges: inout [Spot]
    ) -> [[Spot]] {
        var parts: [[Spot]] = [[]]
        var isBridged = false
        for (index, spot) in street.points.enumerated() {
            let offset = river.offset(of: spot)
            if abs(offset) > river.halfWidth + 35 {
                isBridged = false
                parts[parts.count - 1].append(spot)
                continue
            }
            if !isBridged, street.mayBridge, bridges.count < bridgeLimit,
                bridges.allSatisfy({ $0.distance(to: spot) > bridgeSpacing }),
                crosses(street.points[index...], river)
            {
                isBridged = true
                bridges.append(spot)
            }
            if !isBridged, !(parts.last ?? []).isEmpty { parts.append([]) }
        }
        return parts
    }

    /// Whether a street that enters the river leaves it on the other side, and soon.
    private static func crosses(_ points: ArraySlice<Spot>, _ river: River) -> Bool {
        guard let first = points.first else { return false }
        let side = river.offset(of: first) < 0
        let landing = points.first { abs(river.offset(of: $0)) > river.halfWidth + 35 }
        guard let landing, (river.offset(of: landing) < 0) != side else { return false }
        return landing.distance(to: first) < river.halfWidth * 2 + 420
    }

    // MARK: - Crossings

    mutating func joinCrossings() {
        for first in stretches.indices {
            for second in first..<stretches.count { cut(first, second) }
        }
        for index in stretches.indices { makeEdges(of: stretches[index]) }
    }

    private mutating func cut(_ first: Int, _ second: Int) {
        guard first != second else { return }
        let (a, b) = (stretches[first].line, stretches[second].line)
        for i in 0..<(a.points.count - 1) {
            let (p, r) = (a.points[i], a.points[i + 1] - a.points[i])
            for j in 0..<(b.points.count - 1) {
                let q = b.points[j]
                // No piece is longer than a few hundred metres.
                guard abs(q.x - p.x) < 900, abs(q.y - p.y) < 900 else { continue }
                let s = b.points[j + 1] - q
                let area = r.cross(s)
                guard abs(area) > 1e-9 else { continue }
                let t = (q - p).cross(s) / area
                let u = (q - p).cross(r) / area
                guard (0...1).contains(t), (0...1).contains(u) else { continue }
                stretches[first].cuts.append(a.distances[i] + t * r.length)
                stretches[second].cuts.append(b.distances[j] + u * s.length)
            }
        }
    }

    private mutating func makeEdges(of stretch: Stretch) {
        let line = stretch.line
        let cuts = (stretch.cuts + [0, line.length]).sorted()
        var last = (node: node(at: line.first), distance: 0.0)
        for cut in cuts.dropFirst() {
            let next = node(at: line.point(at: cut))
            guard next != last.node else { continue }
            // A crossing that two streets share lies beside at least one of them: the street
            // heads for it from a little way off instead of kinking at the last moment.
            let (start, end) = (nodes[last.node], nodes[next])
            let inner = line.slice(from: last.distance, to: cut).points.dropFirst().dropLast()
                .filter { min($0.distance(to: start), $0.distance(to: end)) > Self.approach }
            add(
                from: last.node, to: next, street: stretch.street, points: [start] + inner + [end])
            last = (next, cut)
        }
    }

    private mutating func node(at spot: Spot) -> Int {
        if let near = nodes.firstIndex(where: { $0.distance(to: spot) < Self.mergeDistance }) {
            return near
        }
        nodes.append(spot)
        return nodes.count - 1
    }

    /// Two streets that run side by side between the same crossings are one.
    private mutating func add(from: Int, to: Int, street: Int, points: [Spot]) {
        let line = Polyline(points)
        let isDouble = edges.contains { edge in
            let ends = [edge.from, edge.to]
            return ends.contains(from) && ends.contains(to)
                && abs(edge.length - line.length) < 0.2 * line.length
        }
        guard !isDouble else { return }
        edges.append(
            Edge(from: from, to: to, street: street, points: points, length: line.length))
    }

    // MARK: - Tidying

    mutating func pruneLooseEnds() {
        while true {
            var degrees = [Int](repeating: 0, count: nodes.count)
            for edge in edges {
                degrees[edge.from] += 1
                degrees[edge.to] += 1
            }
            let kept = edges.filter { edge in
                edge.length > Self.looseEnd
                    || (degrees[edge.from] > 1 && degrees[edge.to] > 1)
            }
            guard kept.count < edges.count else { return }
            edges = kept
        }
    }

    /// The nodes that can be reached from most others.
    func largestPart() -> Set<Int> {
        var neighbours = [[Int]](repeating: [], count: nodes.count)
        for edge in edges {
            neighbours[edge.from].append(edge.to)
            neighbours[edge.to].append(edge.from)
        }
        var largest: Set<Int> = []
        var seen: Set<Int> = []
        for start in nodes.indices where seen.insert(start).inserted {
            var part: Set<Int> = [start]
            var open = [start]
            while let node = open.popLast() {
                for next in neighbours[node] where part.insert(next).inserted { open.append(next) }
            }
            seen.formUnion(part)
            if part.count > largest.count { largest = part }
        }
        return largest
    }
}

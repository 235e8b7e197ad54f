internal import TransitModel

/// One way of driving a line: its stops in order and the shape between them.
struct Pattern: Sendable {
    enum Kind: Hashable, Sendable {
        /// The whole line; 0 leads from its first end to its second.
        case main(direction: Int)
        /// From the depot to an end.
        case pullOut(end: Int)
        case pullIn(end: Int)
    }

    struct Call: Sendable {
        /// An index of ``StopPlan/platforms``.
        let platform: Int
        /// Metres along the shape.
        let distance: Double
    }

    let line: Int
    let kind: Kind
    let calls: [Call]
    let shape: Polyline
    /// The share of the way on roads without houses, where vehicles are fast.
    let openRoadShare: Double

    var direction: Int {
        switch kind {
        case .main(let direction): direction
        // Towards the second end, or away from the first.
        case .pullOut(let end): end
        case .pullIn(let end): 1 - end
        }
    }
}

/// Draws the patterns of all lines.
struct PatternPlan: Sendable {
    private(set) var patterns: [Pattern] = []
    /// For each line the two main patterns.
    private(set) var mains: [[Int]] = []
    /// For each line and end; absent where vehicles stand at the depot already.
    private(set) var pullOuts: [[Int?]] = []
    private(set) var pullIns: [[Int?]] = []
    private(set) var stops: StopPlan
    private let network: StreetNetwork

    init(lines: [Line], stops: StopPlan, network: StreetNetwork) {
        self.stops = stops
        self.network = network
        for (index, line) in lines.enumerated() {
            let isCircular = line.order.isCircular
            let back: [StreetNetwork.Way] = line.ways.reversed().map(\.reversed)
            let mains = [line.ways, back].enumerated().compactMap { direction, ways in
                add(index, line, .main(direction: direction), ways, isCircular: isCircular)
            }
            self.mains.append(mains)
            let ends = isCircular ? [0] : [0, 1]
            pullOuts.append(
                ends.map { add(index, line, .pullOut(end: $0), line.pullOuts[$0]) })
            pullIns.append(
                ends.map { end in
                    let ways = line.pullOuts[end].reversed().map(\.reversed)
                    return add(index, line, .pullIn(end: end), ways)
                })
        }
    }

    private mutating func add(
        _ index: Int, _ line: Line, _ kind: Pattern.Kind, _ ways: [StreetNetwork.Way],
        isCircular: Bool = false
    ) -> Int? {
        guard !ways.isEmpty else { return nil }
        let halts = stops.halts(
            along: ways, isTram: line.order.mode == .tram, isCircular: isCircular)
        guard halts.count > 1 else { return nil }
        patterns.append(draw(index, kind, ways + (isCircular ? [ways[0]] : []), halts))
        return patterns.count - 1
    }

    private func draw(
        _ line: Int, _ kind: Pattern.Kind, _ ways: [StreetNetwork.Way], _ halts: [StopPlan.Halt]
    ) -> Pattern {
        var points = [network.line(of: ways[0]).first]
        for way in ways { points += network.line(of: way).points.dropFirst() }
        let (start, end) = (halts[0].distance, halts[halts.count - 1].distance)
        let street = Polyline(points).slice(from: start, to: end)
        let shape = street.roundingCorners(radius: 24).simplified(tolerance: 0.8)
            .shiftedRight(by: 3.5)
        var calls: [Pattern.Call] = []
        var last = 0.0
        for (number, halt) in halts.enumerated() {
            // Rounded corners make the shape a little shorter than the street.
            let expected = (halt.distance - start) * shape.length / street.length
            let distance =
                number == 0
                ? 0
                : number == halts.count - 1
                    ? shape.length
                    : shape.nearest(
                        to: stops.platforms[halt.platform].spot, from: max(last, expected - 90),
                        to: max(last, min(expected + 90, shape.length)))
            calls.append(Pattern.Call(platform: halt.platform, distance: distance))
            last = distance
        }
        let open = ways.filter { network.kind(of: $0) == .highway }
            .reduce(0) { $0 + network.length(of: $1) }
        return Pattern(
            line: line, kind: kind, calls: calls, shape: shape,
            openRoadShare: min(open / street.length, 1))
    }
}

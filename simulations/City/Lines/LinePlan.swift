internal import TransitModel

/// What runs on a line.
enum Mode: Int, Hashable, Sendable, CaseIterable {
    // Values are GTFS's basic route types.
    case tram = 0
    case trolleybus = 11
    case bus = 3

    var slug: String {
        switch self {
        case .tram: "tram"
        case .trolleybus: "trolleybus"
        case .bus: "bus"
        }
    }
}

/// What the city council ordered: a line from here to there by way of some places.
struct LineOrder: Sendable {
    let number: Int
    let mode: Mode
    /// The ends, and what lies between them on purpose.
    let sites: [Site]
    let depot: Depot
    /// Minutes between vehicles in the morning peak, before vehicles are shared out.
    let headwayMinutes: Double
    var isSuburban = false

    /// It comes back to where it began.
    var isCircular: Bool { sites.first == sites.last }

    /// Thirty lines: some across the whole city, some into the centre, rings, and two to the
    /// villages. The seed decides which corner of a district each one takes.
    static func all(random: inout SeededGenerator) -> [LineOrder] {
        let corners = (0..<CityPlan.radialCount).map { _ in random.number(in: 0...1) }
        func end(_ district: Int) -> Site { .terminal(district, corners[district]) }
        func otherEnd(_ district: Int) -> Site { .terminal(district, 1 - corners[district]) }
        var orders: [LineOrder] = []
        func add(
            _ mode: Mode, _ depot: Depot, every minutes: Double, isSuburban: Bool = false,
            _ sites: Site...
        ) {
            orders.append(
                LineOrder(
                    number: orders.count + 1, mode: mode, sites: sites, depot: depot,
                    headwayMinutes: minutes, isSuburban: isSuburban))
        }
        add(.tram, .tram, every: 7, end(4), .station, .square, end(0))
        add(.tram, .tram, every: 9, .station, .square, end(6))
        add(.tram, .tram, every: 8, end(2), .university, .square, .market, .factory)
        add(.tram, .tram, every: 10, .factory, .market, .square, otherEnd(0))
        add(.tram, .tram, every: 10, end(2), .university, .station, end(4))

        add(.trolleybus, .trolleybus, every: 8, end(1), .square, .station)
        add(.trolleybus, .trolleybus, every: 8, end(5), .square, otherEnd(1))
        add(.trolleybus, .trolleybus, every: 9, end(7), .square, .station)
        add(.trolleybus, .trolleybus, every: 9, end(3), .market, .square, otherEnd(7))
        add(.trolleybus, .trolleybus, every: 10, otherEnd(5), .station, .university, otherEnd(2))
        add(.trolleybus, .trolleybus, every: 10, .station, .hospital, otherEnd(6))
        add(
            .trolleybus, .trolleybus, every: 8, .station, .university, .square, .hospital, .station)
        add(.trolleybus, .trolleybus, every: 9, otherEnd(3), .market, .square, end(0))
        add(.trolleybus, .trolleybus, every: 11, .market, .gate(5), end(5))

        add(.bus, .secondBus, every: 11, end(1), .gate(0), end(7))
        add(.bus, .firstBus, every: 12, end(2), .gate(2), .gate(3), .gate(4), end(5))
        add(.bus, .firstBus, every: 14, .airport, .university, .square, .station)
        add(.bus, .firstBus, every: 22, isSuburban: true, .village, .gate(5), .market)
        add(.bus, .firstBus, every: 12, end(6), .gate(6), .gate(5), .gate(4), .factory)
        add(.bus, .secondBus, every: 11, otherEnd(7), .square, otherEnd(2))
        add(.bus, .secondBus, every: 12, otherEnd(0), .market, otherEnd(5))
        add(.bus, .secondBus, every: 13, otherEnd(1), .hospital, otherEnd(4))
        add(.bus, .firstBus, every: 11, end(3), .square, end(6))
        add(.bus, .firstBus, every: 12, .market, .factory, .gate(4), .station, .market)
        add(.bus, .firstBus, every: 13, otherEnd(2), .university, .market, .factory)
        add(.bus, .secondBus, every: 12, .station, .square, .gate(7), end(7))
        add(.bus, .firstBus, every: 11, otherEnd(4), .market, .square, end(1))
        add(.bus, .firstBus, every: 25, isSuburban: true, .secondVillage, .hospital, .station)
        add(.bus, .firstBus, every: 12, otherEnd(3), .station, .hospital)
        add(.bus, .secondBus, every: 13, otherEnd(6), .square, .gate(0), otherEnd(0))
        return orders
    }
}

/// A line with its way through the streets.
struct Line: Sendable {
    let order: LineOrder
    /// From the first end to the second; the way back is the same in reverse.
    let ways: [StreetNetwork.Way]
    /// From the depot to each end, and back the same way. Empty where the depot is the end.
    let pullOuts: [[StreetNetwork.Way]]

    var id: RouteID { RouteID("\(order.mode.slug)-\(order.number)") }
}

/// Lays lines through the streets, so that they share tracks, wires and corridors.
struct LinePlanner {
    let network: StreetNetwork
    let sites: SiteMap
    private var used: [Mode: Set<Int>] = [:]
    /// How many lines each edge carries.
    private var loads: [Int]

    init(network: StreetNetwork, sites: SiteMap) {
        self.network = network
        self.sites = sites
        loads = Array(repeating: 0, count: network.edges.count)
    }

    mutating func plan(_ orders: [LineOrder]) -> [Line] {
        var routed: [(LineOrder, [StreetNetwork.Way])] = []
        for order in orders {
            let finder = RouteFinder(network: network, costPerMetre: costs(for: order.mode))
            guard let ways = finder.find(through: order.sites.map(sites.node)) else { continue }
            used[order.mode, default: []].formUnion(ways.map(\.edge))
            for edge in Set(ways.map(\.edge)) { loads[edge] += 1 }
            routed.append((order, ways))
        }
        return routed.map { order, ways in
            let finder = RouteFinder(
                network: network, costPerMetre: costs(for: order.mode, isPullOut: true))
            let depot = sites.node(.depot(order.depot))
            let ends = [network.start(of: ways[0]), network.end(of: ways[ways.count - 1])]
            return Line(
                order: order, ways: ways,
                pullOuts: ends.map { finder.find(through: [depot, $0]) ?? [] })
        }
    }

    private func costs(for mode: Mode, isPullOut: Bool = false) -> [Double] {
        let used = used[mode] ?? []
        return network.edges.indices.map { edge in
            let street = streetCost(network.streets[network.edges[edge].street].kind, mode)
            let isUsed = used.contains(edge)
            if isPullOut { return street * (isUsed ? 1 : mode == .tram ? 8 : 3) }
            // Tracks and wires want to be shared; buses fill the streets that have neither.
            return switch mode {
            case .tram: street * (isUsed ? 0.55 : 1)
            case .trolleybus: street * (isUsed ? 0.72 : 1) * (1 + 0.025 * Double(loads[edge]))
            case .bus: street * (1 + 0.085 * Double(min(loads[edge], 7)))
            }
        }
    }

    private func streetCost(_ kind: Street.Kind, _ mode: Mode) -> Double {
        switch (kind, mode) {
        case (.highway, .tram), (.highway, .trolleybus): 100
        case (.avenue, _), (.ring, _), (.highway, .bus): 1
        case (.street, .tram): 1.3
        case (.street, .trolleybus), (.local, .trolleybus): 1.1
        case (.local, .tram): 1.25
        case (.street, .bus), (.local, .bus): 1
        }
    }
}

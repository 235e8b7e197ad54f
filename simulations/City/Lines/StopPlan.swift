/// Where vehicles stop, for all lines at once: lines that share a street share its stops.
///
/// Most stops stand just behind a crossing, in each direction on the right-hand side, so that
/// all platforms around a crossing are one place to change. Long blocks have stops between.
struct StopPlan: Sendable {
    typealias Way = StreetNetwork.Way

    /// Platforms that bear one name.
    struct Place: Sendable {
        let name: DemoCity.Name
        let spot: Spot
        let isHub: Bool
        /// Indices of ``StopPlan/platforms``.
        var platforms: [Int] = []
    }

    /// Where a vehicle stops in one direction: a record of `stops.txt`.
    struct Platform: Sendable {
        let place: Int
        let spot: Spot
        let isTram: Bool
    }

    /// A stop on a way, as a vehicle meets it.
    struct Halt: Sendable {
        let platform: Int
        /// From the beginning of the line's first way.
        let distance: Double
    }

    private struct PlatformKey: Hashable {
        let way: Way
        let slot: Slot
        let isTram: Bool
    }

    private enum Slot: Hashable {
        case departing
        case between(Int)
        case arriving
    }

    private enum PlaceKey: Hashable {
        case node(Int)
        case edge(Int, Int)
    }

    private(set) var places: [Place] = []
    private(set) var platforms: [Platform] = []
    private let network: StreetNetwork
    private let sites: SiteMap
    private let river: River
    private var namer: StopNamer
    private var stopNodes: Set<Int> = []
    private var placeNumbers: [PlaceKey: Int] = [:]
    private var platformNumbers: [PlatformKey: Int] = [:]

    /// How far from a crossing its stops stand.
    private static let setBack = 55.0
    private static let nodeSpacing = 260.0

    init(
        network: StreetNetwork, sites: SiteMap, river: River, lines: [Line], names: NamePool
    ) {
        self.network = network
        self.sites = sites
        self.river = river
        namer = StopNamer(network: network, sites: sites, pool: names)
        chooseNodes(lines)
    }

    /// Sites first, then the busiest crossings that are not too close to one chosen already.
    private mutating func chooseNodes(_ lines: [Line]) {
        var visits = [Int](repeating: 0, count: network.nodes.count)
        for line in lines {
            for way in line.ways { visits[network.end(of: way)] += 1 }
        }
        stopNodes = Set(sites.names.keys)
        for line in lines {
            stopNodes.insert(network.start(of: line.ways[0]))
            stopNodes.insert(network.end(of: line.ways[line.ways.count - 1]))
        }
        let candidates = visits.indices.filter {
            visits[$0] > 0 && network.nodes[$0].ways.count > 2
        }
        .sorted { (visits[$1], $0) < (visits[$0], $1) }
        for node in candidates {
            let spot = network.nodes[node].spot
            let isFree = stopNodes.allSatisfy {
                network.nodes[$0].spot.distance(to: spot) > Self.nodeSpacing
            }
            if isFree { stopNodes.insert(node) }
        }
    }

    // MARK: - Halts of a line

    /// The stops along ways, from the first crossing to the last; a circle ends where it began.
    mutating func halts(along ways: [Way], isTram: Bool, isCircular: Bool) -> [Halt] {
        var halts: [Halt] = []
        var passed = 0.0
        func add(_ way: Way, _ slot: Slot, at distance: Double) {
            let platform = platform(way, slot, at: distance, isTram: isTram)
            halts.append(Halt(platform: platform, distance: passed + distance))
        }
        for (index, way) in ways.enumerated() {
            let length = network.length(of: way)
            let isLast = index == ways.count - 1 && !isCircular
            let start = departure(on: way)
            if stopNodes.contains(network.start(of: way)), index == 0 || !isLast || length > 380 {
                add(way, .departing, at: start)
            }
            for (number, distance) in distancesBetween(on: way).enumerated()
            where distance < length - (isLast ? 300 : 120) && !isOverWater(way, distance) {
                add(way, .between(number), at: distance)
            }
            if isLast { add(way, .arriving, at: length - start) }
            passed += length
        }
        if isCircular, let first = ways.first {
            add(first, .departing, at: departure(on: first))
        }
        return halts
    }

    private func departure(on way: Way) -> Double {
        min(Self.setBack, network.length(of: way) / 3)
    }

    /// Where stops stand between the crossings of a long block, in the direction of the way.
    private func distancesBetween(on way: Way) -> [Double] {
        let length = network.length(of: way)
        let spacing = network.kind(of: way) == .highway ? 950.0 : 470
        let begins = stopNodes.contains(network.start(of: way)) ? Self.setBack : 0
        let ends = stopNodes.contains(network.end(of: way)) ? length + Self.setBack : length
        let count = Int(((ends - begins) / spacing).rounded()) - 1
        guard count > 0 else { return [] }
        return (1...count).map {
            begins + (ends - begins) * Double($0) / Double(count + 1)
        }
    }

    /// Nobody gets off on a bridge.
    private func isOverWater(_ way: Way, _ distance: Double) -> Bool {
        abs(river.offset(of: network.line(of: way).point(at: distance))) < river.halfWidth + 30
    }

    private mutating func platform(
        _ way: Way, _ slot: Slot, at distance: Double, isTram: Bool
    ) -> Int {
        let key = PlatformKey(way: way, slot: slot, isTram: isTram)
        if let number = platformNumbers[key] { return number }
        let line = network.line(of: way)
        let side = line.direction(at: distance).right * (isTram ? 3.5 : 9)
        let place = place(way, slot, near: line.point(at: distance))
        let number = platforms.count
        platforms.append(
            Platform(place: place, spot: line.point(at: distance) + side, isTram: isTram))
        places[place].platforms.append(number)
        platformNumbers[key] = number
        return number
    }

    private mutating func place(_ way: Way, _ slot: Slot, near spot: Spot) -> Int {
        let key: PlaceKey
        switch slot {
        case .departing: key = .node(network.start(of: way))
        case .arriving: key = .node(network.end(of: way))
        case .between(let number):
            // Counted from the edge's beginning, so that both directions are one place.
            let count = distancesBetween(on: Way(edge: way.edge, isForward: true)).count
            let back = max(count - 1 - number, 0)
            key = .edge(way.edge, way.isForward ? number : back)
        }
        if let number = placeNumbers[key] { return number }
        let place: Place
        if case .node(let node) = key {
            place = Place(
                name: namer.name(ofNode: node), spot: network.nodes[node].spot,
                isHub: sites.hubs.contains(node))
        } else {
            place = Place(name: namer.nameOfBlock(), spot: spot, isHub: false)
        }
        placeNumbers[key] = places.count
        places.append(place)
        return places.count - 1
    }
}

/// Names for stops, each once.
struct StopNamer: Sendable {
    let network: StreetNetwork
    let sites: SiteMap
    var pool: NamePool
    private var given: Set<String>
    private var isLandmarkNext = false

    init(network: StreetNetwork, sites: SiteMap, pool: NamePool) {
        self.network = network
        self.sites = sites
        self.pool = pool
        given = Set(sites.names.values.map(\.ukrainian))
    }

    /// The site's, or else the crossing street's: the narrowest that no stop is called after.
    mutating func name(ofNode node: Int) -> DemoCity.Name {
        if let name = sites.names[node] { return name }
        for street in network.streets(at: node).reversed() {
            let name = network.streets[street].name
            if given.insert(name.ukrainian).inserted { return name }
        }
        return nameOfBlock()
    }

    /// By turns a landmark and a side street, while there are any.
    mutating func nameOfBlock() -> DemoCity.Name {
        isLandmarkNext.toggle()
        let kinds: [NamePool.Kind] = isLandmarkNext ? [.landmark, .street] : [.street, .landmark]
        for kind in kinds {
            if let name = pool.takeUnused(kind) { return name }
        }
        return pool.take(.landmark)
    }
}

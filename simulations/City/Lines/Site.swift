/// A place that lines begin at, end at or pass on purpose.
enum Site: Hashable, Sendable {
    case square
    case station
    case market
    case university
    case hospital
    case factory
    /// Where a radial enters its district.
    case gate(Int)
    /// One of a district's two far corners.
    case terminal(Int, Int)
    case airport
    case village
    case secondVillage
    case depot(Depot)
}

enum Depot: String, Hashable, Sendable, CaseIterable {
    case tram = "tram-depot"
    case trolleybus = "trolleybus-depot"
    case firstBus = "bus-depot-1"
    case secondBus = "bus-depot-2"

    var name: DemoCity.Name {
        switch self {
        case .tram: .init(ukrainian: "Трамвайне депо", english: "Tram Depot")
        case .trolleybus: .init(ukrainian: "Тролейбусне депо", english: "Trolleybus Depot")
        case .firstBus: .init(ukrainian: "Автобусний парк № 1", english: "Bus Depot No. 1")
        case .secondBus: .init(ukrainian: "Автобусний парк № 2", english: "Bus Depot No. 2")
        }
    }
}

/// The crossings at which the sites lie.
struct SiteMap: Sendable {
    private(set) var nodes: [Site: Int] = [:]
    private(set) var names: [Int: DemoCity.Name] = [:]
    /// Crossings where lines meet and each line has its own platform of one station.
    private(set) var hubs: Set<Int> = []

    init(_ plan: CityPlan, _ network: StreetNetwork) {
        func onRing(_ ring: CityPlan.Rings.Ring, radial: Int) -> Spot {
            let line = plan.radials[radial]
            let crossing = line.points.first { $0.length >= ring.distance(atHeading: $0.heading) }
            return crossing ?? line.last
        }
        put(
            .square, at: .centre, .init(ukrainian: "Площа Соборна", english: "Soborna Square"),
            network)
        put(
            .station, at: onRing(plan.rings.middle, radial: 4),
            .init(ukrainian: "Залізничний вокзал", english: "Railway Station"), network)
        put(
            .market, at: onRing(plan.rings.inner, radial: 3),
            .init(ukrainian: "Центральний ринок", english: "Central Market"), network)
        put(
            .university, at: onRing(plan.rings.middle, radial: 2),
            .init(ukrainian: "Університет", english: "University"), network)
        put(
            .hospital, at: onRing(plan.rings.middle, radial: 6),
            .init(ukrainian: "Обласна лікарня", english: "Regional Hospital"), network)
        put(
            .factory, at: onRing(plan.rings.outer, radial: 3),
            .init(ukrainian: "Машинобудівний завод", english: "Engineering Works"), network)
        for (index, district) in plan.districts.enumerated() {
            let estate = DemoCity.Name(
                ukrainian: "Мікрорайон \(district.name.ukrainian)",
                english: "\(district.name.english) Estate")
            let market = DemoCity.Name(
                ukrainian: "Ринок «\(district.name.ukrainian)»",
                english: "\(district.name.english) Market")
            // The far corner of a district may already lie on the other bank.
            func isHere(_ spot: Spot) -> Bool {
                (plan.river.offset(of: spot) > 0) == district.isAcrossRiver
            }
            put(.terminal(index, 0), at: district.terminals[0], estate, network, where: isHere)
            put(.terminal(index, 1), at: district.terminals[1], market, network, where: isHere)
        }
        putOutskirts(plan, network)
        putDepots(plan, network)
        for index in plan.districts.indices {
            nodes[.gate(index)] = network.nearestNode(to: onRing(plan.rings.outer, radial: index))
        }
        hubs = Set([.square, .station, .market].compactMap { nodes[$0] })
    }

    private mutating func putOutskirts(_ plan: CityPlan, _ network: StreetNetwork) {
        let sites: [(CityPlan.Outskirt, Site)] = [
            (.airport, .airport), (.village, .village), (.secondVillage, .secondVillage),
        ]
        for (outskirt, site) in sites {
            guard let place = plan.outskirts[outskirt] else { continue }
            put(site, at: place.spot, place.name, network)
        }
    }

    /// Every site has a crossing of its own, so that each keeps its name.
    private mutating func put(
        _ site: Site, at spot: Spot, _ name: DemoCity.Name, _ network: StreetNetwork,
        where isFit: (Spot) -> Bool = { _ in true }
    ) {
        let node = network.nearestNode(to: spot) {
            names[$0] == nil && isFit(network.nodes[$0].spot)
        }
        nodes[site] = node
        names[node] = name
    }

    private mutating func putDepots(_ plan: CityPlan, _ network: StreetNetwork) {
        func between(_ radial: Int) -> Spot {
            plan.radials[radial].point(
                at: (plan.rings.middle.radius + plan.rings.outer.radius) / 2 - 400)
        }
        let spots: [Depot: Spot] = [
            .tram: between(3), .trolleybus: between(5), .firstBus: between(2),
            .secondBus: between(0),
        ]
        for depot in Depot.allCases {
            guard let spot = spots[depot] else { continue }
            put(.depot(depot), at: spot, depot.name, network)
        }
    }

    /// Sites are complete by construction; the square stands in for one that a plan lacks.
    func node(_ site: Site) -> Int { nodes[site] ?? nodes[.square] ?? 0 }
}

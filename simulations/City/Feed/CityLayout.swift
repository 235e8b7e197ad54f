internal import TransitModel

/// Everything about a city before it is written down.
struct CityLayout: Sendable {
    let seed: UInt64
    let year: Int
    let name: DemoCity.Name
    let riverName: DemoCity.Name
    let plan: CityPlan
    let network: StreetNetwork
    let sites: SiteMap
    let lines: [Line]
    let patterns: PatternPlan
    let service: ServicePlan
    /// Where the central square lies on earth.
    let plane: LocalPlane

    init(seed: UInt64, year: Int) {
        self.seed = seed
        self.year = year
        var random = SeededGenerator(seed: seed, for: "names")
        var names = NamePool(random: &random)
        name = names.city
        riverName = names.river
        plan = CityPlan(names: &names, seed: seed)
        network = StreetNetwork(plan)
        sites = SiteMap(plan, network)
        random = SeededGenerator(seed: seed, for: "lines")
        var planner = LinePlanner(network: network, sites: sites)
        lines = planner.plan(LineOrder.all(random: &random))
        let stops = StopPlan(
            network: network, sites: sites, river: plan.river, lines: lines, names: names)
        patterns = PatternPlan(lines: lines, stops: stops, network: network)
        service = ServicePlan(lines: lines, plan: patterns)
        random = SeededGenerator(seed: seed, for: "place")
        // Somewhere in the middle of the country.
        plane = LocalPlane(
            around: GeoPoint(
                latitude: random.number(in: 48.7...50.2),
                longitude: random.number(in: 29.2...33.8)))
    }

    func point(_ spot: Spot) -> GeoPoint { plane.point(east: spot.x, north: spot.y) }

    func name(of site: Site) -> DemoCity.Name {
        sites.names[sites.node(site)] ?? name
    }
}

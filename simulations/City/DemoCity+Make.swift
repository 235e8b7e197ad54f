extension DemoCity {
    /// - Parameters:
    ///   - seed: The same city for the same seed.
    ///   - year: The first of the two years for which the timetable is valid.
    package static func make(seed: UInt64, year: Int = 2026) -> DemoCity {
        let layout = CityLayout(seed: seed, year: year)
        var writer = FeedWriter(layout)
        let people = Population.make(
            in: Neighbourhood.all(of: layout, stopID: writer.stopID),
            count: Population.defaultCount, seed: seed)
        return DemoCity(
            seed: seed, name: layout.name, feed: writer.write(), vehicles: Fleet.vehicles(layout),
            riders: people, landscape: Landscape.geoJSON(layout))
    }
}

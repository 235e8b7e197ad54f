internal import TransitModel

/// Readable identifiers for the stops that some trip calls at.
struct StopIDs: Sendable {
    private var stops: [Int: StopID] = [:]
    private var stations: [Int: StopID] = [:]

    init(_ plan: StopPlan, used: Set<Int>) {
        var taken: Set<String> = []
        for (index, place) in plan.places.enumerated() {
            var slug = Transliteration.slug(place.name.english)
            while !taken.insert(slug).inserted { slug += "-x" }
            stations[index] = StopID(slug)
            for (number, platform) in place.platforms.filter(used.contains).enumerated() {
                stops[platform] = StopID("\(slug)-\(number + 1)")
            }
        }
    }

    func stop(_ platform: Int) -> StopID? { stops[platform] }
    func station(_ place: Int) -> StopID? { stations[place] }
}

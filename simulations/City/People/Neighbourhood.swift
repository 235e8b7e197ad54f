internal import Timetable
internal import TransitModel

/// A part of the city as far as riders care: how many live there, and how many come to work.
struct Neighbourhood: Sendable {
    let point: GeoPoint
    let stop: StopID
    let homes: Double
    let jobs: Double
}

extension Neighbourhood {
    /// Of a generated city: people live in the districts and work in the centre, at the works, the
    /// university and the hospital.
    static func all(of layout: CityLayout, stopID: (Int) -> StopID?) -> [Neighbourhood] {
        let magnets: [(Site, Double)] = [
            (.square, 9), (.market, 6), (.station, 5), (.university, 7), (.hospital, 6),
            (.factory, 8),
        ]
        return layout.patterns.stops.places.compactMap { place in
            guard let platform = place.platforms.first(where: { stopID($0) != nil }),
                let stop = stopID(platform)
            else { return nil }
            let estate = layout.plan.districts.map { $0.centre.distance(to: place.spot) }.min() ?? 0
            let centre = place.spot.length
            var jobs = centre < 900 ? 3 : centre < 2_600 ? 1.1 : 0.3
            for (site, weight) in magnets {
                let spot = layout.network.nodes[layout.sites.node(site)].spot
                if spot.distance(to: place.spot) < 320 { jobs += weight }
            }
            return Neighbourhood(
                point: layout.point(place.spot), stop: stop,
                homes: estate < 800 ? 4 : centre < 900 ? 1 : centre > 5_600 ? 0.5 : 1.6, jobs: jobs)
        }
    }

    /// Of any feed: more jobs where more vehicles call, homes everywhere.
    static func all(of schedule: Schedule) -> [Neighbourhood] {
        var visits = [Int](repeating: 0, count: schedule.stops.count)
        for trip in schedule.trips.indices {
            for call in schedule.calls(of: trip) { visits[call.stop] += 1 }
        }
        return visits.enumerated().compactMap { index, visits in
            guard visits > 0, let point = schedule.stops[index].position else { return nil }
            return Neighbourhood(
                point: point, stop: schedule.stops[index].id, homes: 1, jobs: Double(visits))
        }
    }
}

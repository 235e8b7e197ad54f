internal import Timetable
internal import TransitModel

/// Finds which pass of a line a vehicle is on.
enum LineMatch {
    /// How much further from the line a place may be than the nearest one and still be meant: the
    /// lanes of a road, and a receiver's error.
    private static let toleranceMetres = 40.0
    /// How far before its last place a vehicle is looked for, and how far after it, before the
    /// whole line is searched.
    private static let backwardMetres = 150.0
    private static let forwardMetres = 1_500.0
    /// Within this distance the search around the last place is believed.
    private static let nearMetres = 50.0
    /// Going backwards is this much less likely than going forwards.
    private static let backwardWeight = 3.0
    /// What driving against the line's direction costs, in metres of progress.
    private static let wrongWayMetres = 500.0

    /// - Parameter expectedMetres: Where the vehicle would be by the timetable; it decides where
    ///   nothing is known of the past.
    static func find(
        _ observation: VehicleObservation, on shape: Shape, expectedMetres: Double
    ) -> Shape.Projection {
        if let previous = observation.previousMetres {
            let lower = min(max(previous - backwardMetres, 0), shape.lengthMetres)
            let window = lower...max(min(previous + forwardMetres, shape.lengthMetres), lower)
            let near = shape.projections(of: observation.point, between: window)
                .filter { $0.offsetMetres <= nearMetres }
            if let found = best(near, observation, shape, from: previous) { return found }
        }
        let all = shape.projections(of: observation.point)
        let start = observation.previousMetres ?? expectedMetres
        return best(all, observation, shape, from: start) ?? shape.project(observation.point)
    }

    private static func best(
        _ candidates: [Shape.Projection], _ observation: VehicleObservation, _ shape: Shape,
        from start: Double
    ) -> Shape.Projection? {
        let least = candidates.lazy.map(\.offsetMetres).min() ?? 0
        let hasPast = observation.previousMetres != nil
        return candidates.lazy.filter { $0.offsetMetres <= least + toleranceMetres }
            .map { candidate in
                let progress = candidate.distanceMetres - start
                let weight = hasPast && progress < 0 ? backwardWeight : 1
                var cost = progress.magnitude * weight + candidate.offsetMetres
                if let bearing = observation.bearing,
                    isOpposite(bearing, shape.bearing(atMetres: candidate.distanceMetres))
                {
                    cost += wrongWayMetres
                }
                return (candidate, cost)
            }
            .min { $0.1 < $1.1 }?.0
    }

    private static func isOpposite(_ bearing: Double, _ other: Double) -> Bool {
        let difference = (bearing - other).magnitude.truncatingRemainder(dividingBy: 360)
        return min(difference, 360 - difference) > 110
    }
}

internal import Timetable
internal import TransitModel

/// Finds the stops around a place.
struct StopGrid: Sendable {
    private struct Cell: Hashable {
        let x: Int
        let y: Int
    }

    struct Near: Sendable {
        let stop: Int
        let metres: Double
    }

    private static let cellMetres = 500.0

    private let plane: LocalPlane
    private let spots: [Spot?]
    private let cells: [Cell: [Int]]

    /// - Parameter isServed: Whether vehicles call at a stop; others are left out.
    init(_ schedule: Schedule, isServed: [Bool]) {
        let first = schedule.stops.lazy.compactMap(\.position).first
        let plane = LocalPlane(around: first ?? GeoPoint(latitude: 0, longitude: 0))
        var cells: [Cell: [Int]] = [:]
        var spots: [Spot?] = []
        for (index, stop) in schedule.stops.enumerated() {
            let spot = stop.position.map { Self.spot($0, plane) }
            spots.append(spot)
            guard isServed[index], let spot else { continue }
            cells[Self.cell(spot), default: []].append(index)
        }
        self.plane = plane
        self.spots = spots
        self.cells = cells
    }

    /// From the nearest; at most `limit` within `metres`.
    func stops(around point: GeoPoint, within metres: Double, limit: Int) -> [Near] {
        stops(around: Self.spot(point, plane), within: metres, limit: limit)
    }

    func stops(around stop: Int, within metres: Double, limit: Int) -> [Near] {
        guard let spot = spots[stop] else { return [Near(stop: stop, metres: 0)] }
        return stops(around: spot, within: metres, limit: limit)
    }

    private func stops(around spot: Spot, within metres: Double, limit: Int) -> [Near] {
        let reach = Int((metres / Self.cellMetres).rounded(.up))
        let middle = Self.cell(spot)
        var found: [Near] = []
        for x in (middle.x - reach)...(middle.x + reach) {
            for y in (middle.y - reach)...(middle.y + reach) {
                for stop in cells[Cell(x: x, y: y)] ?? [] {
                    guard let gap = spots[stop]?.distance(to: spot), gap <= metres else { continue }
                    found.append(Near(stop: stop, metres: gap))
                }
            }
        }
        found.sort { ($0.metres, $0.stop) < ($1.metres, $1.stop) }
        return Array(found.prefix(limit))
    }

    private static func spot(_ point: GeoPoint, _ plane: LocalPlane) -> Spot {
        let (east, north) = plane.position(of: point)
        return Spot(x: east, y: north)
    }

    private static func cell(_ spot: Spot) -> Cell {
        Cell(
            x: Int((spot.x / cellMetres).rounded(.down)),
            y: Int((spot.y / cellMetres).rounded(.down)))
    }
}

internal import TransitModel

/// A place on the city's flat plan: metres east and north of the central square. Also a span
/// between two places.
struct Spot: Hashable, Sendable {
    var x: Double
    var y: Double

    static let centre = Spot(x: 0, y: 0)

    init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// - Parameter heading: Degrees counterclockwise from east.
    init(heading: Double, distance: Double) {
        self.init(x: Wave.cosine(heading) * distance, y: Wave.sine(heading) * distance)
    }

    var length: Double { (x * x + y * y).squareRoot() }

    /// Of length one; zero stays zero.
    var unit: Spot {
        let length = length
        return length > 0 ? Spot(x: x / length, y: y / length) : self
    }

    /// A quarter turn to the right.
    var right: Spot { Spot(x: y, y: -x) }

    /// Degrees counterclockwise from east.
    var heading: Double { Trigonometry.arcTangent(y: y, x: x) * 180 / .pi }

    func distance(to other: Spot) -> Double { (other - self).length }

    func dot(_ other: Spot) -> Double { x * other.x + y * other.y }

    /// Above zero when `other` lies to the left.
    func cross(_ other: Spot) -> Double { x * other.y - y * other.x }

    /// How far a walker turns from this direction into another, 0 to 180 degrees.
    func turn(into other: Spot) -> Double {
        abs(Trigonometry.arcTangent(y: cross(other), x: dot(other))) * 180 / .pi
    }

    static func + (left: Spot, right: Spot) -> Spot {
        Spot(x: left.x + right.x, y: left.y + right.y)
    }

    static func - (left: Spot, right: Spot) -> Spot {
        Spot(x: left.x - right.x, y: left.y - right.y)
    }

    static func * (spot: Spot, factor: Double) -> Spot {
        Spot(x: spot.x * factor, y: spot.y * factor)
    }
}

/// Sine and cosine of any angle; the core's own take no more than three quarters of a turn.
enum Wave {
    static func cosine(_ degrees: Double) -> Double {
        Trigonometry.cosine(degrees: reduced(degrees))
    }

    static func sine(_ degrees: Double) -> Double {
        Trigonometry.sine(degrees: reduced(degrees))
    }

    private static func reduced(_ degrees: Double) -> Double {
        let rest = degrees.truncatingRemainder(dividingBy: 360)
        return rest > 180 ? rest - 360 : rest < -180 ? rest + 360 : rest
    }
}

internal import TransitModel

/// The river that the city lies on: a slow meander that keeps away from the central square.
struct River: Sendable {
    /// From the square straight to the river, in degrees counterclockwise from east.
    let normalHeading: Double
    let halfWidth: Double

    /// One swing of the meander.
    private struct Swing: Sendable {
        let metres: Double
        let wavelength: Double
        let phase: Double
    }

    private let distance: Double
    private let swings: [Swing]

    init(random: inout SeededGenerator) {
        normalHeading = random.number(in: 0...359.0)
        halfWidth = random.number(in: 65...95.0)
        distance = random.number(in: 880...1_060.0)
        swings = [
            Swing(
                metres: random.number(in: 480...720.0),
                wavelength: random.number(in: 9_500...12_500.0),
                phase: random.number(in: -40...40.0) + (random.chance(percent: 50) ? 180 : 0)),
            Swing(
                metres: random.number(in: 110...190.0),
                wavelength: random.number(in: 3_400...4_600.0),
                phase: random.number(in: 0...359.0)),
        ]
    }

    /// Metres from the middle of the river; above zero on the far bank.
    func offset(of spot: Spot) -> Double {
        let normal = Spot(heading: normalHeading, distance: 1)
        return normal.dot(spot) - bed(at: normal.right.dot(spot))
    }

    /// The middle of the river from one edge of the plan to the other.
    var centreline: [Spot] {
        let normal = Spot(heading: normalHeading, distance: 1)
        return stride(from: -11_000.0, through: 11_000, by: 100).map { along in
            normal * bed(at: along) + normal.right * along
        }
    }

    private func bed(at along: Double) -> Double {
        // Calm near the square, so that the centre has its embankment.
        let calm = min(1, 0.25 + abs(along) / 4_000)
        return swings.reduce(distance) { sum, swing in
            sum + calm * swing.metres * Wave.sine(along / swing.wavelength * 360 + swing.phase)
        }
    }
}

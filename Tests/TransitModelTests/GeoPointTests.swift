import Testing
import TransitModel

@Suite("Places")
struct GeoPointTests {
    private static let kyiv = GeoPoint(latitude: 50.4501, longitude: 30.5234)

    /// Geodesic distances on WGS 84 by Vincenty's inverse formula (1975).
    @Test(
        "Distances agree with the geodesic within a thousandth",
        arguments: [
            (50.4501, 30.5234, 50.4601, 30.5234, 1_112.38),
            (50.4501, 30.5234, 50.4501, 30.5334, 710.24),
            (50.4501, 30.5234, 50.0, 30.0, 62_462.83),
            (0.0, 0.0, 0.0, 1.0, 111_319.49), (60.0, 20.0, 61.0, 21.0, 124_233.13),
        ])
    func distance(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ metres: Double) {
        let found = GeoPoint(latitude: a, longitude: b)
            .distanceMetres(to: GeoPoint(latitude: c, longitude: d))
        #expect((found / metres - 1).magnitude < 0.001, "\(found)")
    }

    @Test("Moving and measuring agree in every direction", arguments: 0..<24)
    func moved(step: Int) {
        let angle = Double(step) * 15
        let (east, north) = (
            500 * Trigonometry.sine(degrees: angle), 500 * Trigonometry.cosine(degrees: angle)
        )
        let there = Self.kyiv.moved(eastMetres: east, northMetres: north)
        #expect((Self.kyiv.distanceMetres(to: there) - 500).magnitude < 0.1)
        let turn = (Self.kyiv.bearing(to: there) - angle).magnitude
        #expect(min(turn, 360 - turn) < 0.05)
    }

    @Test("A place has no direction to itself")
    func itself() {
        #expect(Self.kyiv.bearing(to: Self.kyiv) == 0)
        #expect(Self.kyiv.distanceMetres(to: Self.kyiv) == 0)
    }

    @Test("Halfway is as far from both ends")
    func interpolation() {
        let end = Self.kyiv.moved(eastMetres: 900, northMetres: -400)
        let middle = Self.kyiv.interpolated(to: end, fraction: 0.5)
        let difference = middle.distanceMetres(to: end) - middle.distanceMetres(to: Self.kyiv)
        #expect(difference.magnitude < 0.1)
        #expect(Self.kyiv.interpolated(to: end, fraction: 0) == Self.kyiv)
    }

    @Test("What is not on the earth")
    func onEarth() {
        #expect(Self.kyiv.isOnEarth)
        for (latitude, longitude) in [
            (91.0, 0.0), (0, 181), (.nan, 0), (0, .infinity), (-90.01, 0),
        ] {
            #expect(!GeoPoint(latitude: latitude, longitude: longitude).isOnEarth)
        }
    }

    @Test("Angles at which the answer is known")
    func angles() {
        for (degrees, cosine) in [
            (0.0, 1.0), (60, 0.5), (-60, 0.5), (90, 0), (120, -0.5), (180, -1), (270, 0),
        ] {
            #expect((Trigonometry.cosine(degrees: degrees) - cosine).magnitude < 1e-12)
        }
        #expect((Trigonometry.arcTangent(y: 1, x: 1) - .pi / 4).magnitude < 1e-12)
        #expect((Trigonometry.arcTangent(y: 1, x: -1) - .pi * 3 / 4).magnitude < 1e-12)
        #expect((Trigonometry.arcTangent(y: -3, x: 0) + .pi / 2).magnitude < 1e-12)
        #expect((Trigonometry.arcTangent(y: 3.0.squareRoot(), x: 1) - .pi / 3).magnitude < 1e-12)
    }
}

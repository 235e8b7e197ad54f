import Fleet
import Testing
import TransitModel

@Suite("Line simplification")
struct LineSimplificationTests {
    private func line(_ metres: [(Double, Double)]) -> [GeoPoint] {
        metres.map { Sample.square.moved(eastMetres: $0.0, northMetres: $0.1) }
    }

    @Test("A straight line keeps its ends; a corner stays")
    func corner() {
        let straight = line((0...50).map { (Double($0) * 10, 0) })
        #expect(LineSimplification.simplify(straight, toleranceMetres: 3).count == 2)
        let bent = straight + line((1...50).map { (500, Double($0) * 10) })
        let kept = LineSimplification.simplify(bent, toleranceMetres: 3)
        #expect(kept == [bent[0], bent[50], bent[100]])
    }

    @Test("Nothing that is left out lies further away than allowed", arguments: UInt64(1)...20)
    func tolerance(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (east, north) = (0.0, 0.0)
        let points = line(
            (0..<300).map { _ in
                east += .random(in: 0...20, using: &random)
                north += .random(in: -8...8, using: &random)
                return (east, north)
            })
        let kept = LineSimplification.simplify(points, toleranceMetres: 5)
        #expect(kept.first == points.first && kept.last == points.last)
        #expect(kept.count < points.count)
        for point in points {
            let nearest = zip(kept, kept.dropFirst()).map { start, end in
                (0...200).map { step in
                    start.interpolated(to: end, fraction: Double(step) / 200)
                        .distanceMetres(to: point)
                }.min() ?? .infinity
            }.min()
            #expect((nearest ?? .infinity) < 5.6)
        }
    }

    @Test("Few points, a loop and a line that stands still survive")
    func odd() {
        for points in [[], line([(0, 0)]), line([(0, 0), (5, 5)])] {
            #expect(LineSimplification.simplify(points, toleranceMetres: 3) == points)
        }
        let loop = line([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)])
        #expect(LineSimplification.simplify(loop, toleranceMetres: 3) == loop)
        let still = line(Array(repeating: (1, 1), count: 9))
        #expect(LineSimplification.simplify(still, toleranceMetres: 3).count == 2)
    }
}

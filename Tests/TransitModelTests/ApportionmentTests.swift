import Testing
import TransitModel

@Suite("Apportionment by largest remainder")
struct ApportionmentTests {
    @Test("loses and creates nothing", arguments: UInt64(1)...64)
    func conserves(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let total = Int64.random(in: -50_000...50_000, using: &random)
        let weights = (0..<5).map { _ in UInt32.random(in: 1...400, using: &random) }
        let parts = Money(minorUnits: total, currency: .uah).apportioned(byWeights: weights)
        #expect(parts.map(\.minorUnits).reduce(0, +) == total)
        let weightSum = weights.reduce(Int64(0)) { $0 + Int64($1) }
        for (part, weight) in zip(parts, weights) {
            let distance = part.minorUnits * weightSum - total * Int64(weight)
            #expect(abs(distance) < weightSum, "No part is a whole kopiyka away from its share")
        }
    }

    @Test("gives what is left to the largest remainders, earlier ones first")
    func remainders() {
        let parts = Money(minorUnits: 100, currency: .uah).apportioned(byWeights: [1, 1, 1])
        #expect(parts.map(\.minorUnits) == [34, 33, 33])
        let refund = Money(minorUnits: -101, currency: .uah).apportioned(byWeights: [1, 2, 0])
        #expect(refund.map(\.minorUnits) == [-34, -67, 0])
    }

    @Test("stands the largest amount and weights")
    func extremes() {
        let parts = Money(minorUnits: .min, currency: .uah)
            .apportioned(byWeights: [.max, .max, .max])
        #expect(parts.map { Int128($0.minorUnits) }.reduce(0, +) == Int128(Int64.min))
    }
}

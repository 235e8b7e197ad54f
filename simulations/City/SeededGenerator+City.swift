internal import TransitModel

extension SeededGenerator {
    /// A source of its own for one purpose, so that a change in one part of the city leaves the
    /// others as they were.
    init(seed: UInt64, for purpose: StaticString) {
        var mixed: UInt64 = 0xCBF2_9CE4_8422_2325
        purpose.withUTF8Buffer { letters in
            for letter in letters { mixed = (mixed ^ UInt64(letter)) &* 0x100_0000_01B3 }
        }
        self.init(seed: seed ^ mixed)
    }

    mutating func number(in range: ClosedRange<Double>) -> Double {
        Double.random(in: range, using: &self)
    }

    mutating func number(in range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }

    /// True so many times in a hundred.
    mutating func chance(percent: Int) -> Bool { number(in: 0...99) < percent }

    /// An index drawn by weights, which are at least zero and not all zero.
    mutating func index(weights: [Double]) -> Int {
        var rest = number(in: 0...1) * weights.reduce(0, +)
        for (index, weight) in weights.enumerated() {
            rest -= weight
            if rest < 0 { return index }
        }
        return weights.lastIndex { $0 > 0 } ?? 0
    }
}

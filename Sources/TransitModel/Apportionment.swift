extension Money {
    /// Splits an amount by largest remainder (Hamilton's method), without creating or losing a
    /// kopiyka.
    ///
    /// Split a statement's total, not each fare: rounding a million fares one by one would favour
    /// the same operator every time.
    ///
    /// - Parameter weights: One share per receiver, in any unit (metres, boardings), with at least
    ///   one above zero.
    /// - Returns: One amount per weight, in the same order. They add up to `self`; equal remainders
    ///   go to the earlier receiver, and a weight of zero receives nothing. A negative amount is
    ///   split as its magnitude is.
    package func apportioned(byWeights weights: [UInt32]) -> [Money] {
        let totalWeight = weights.reduce(into: Int128(0)) { $0 += Int128($1) }
        precondition(totalWeight > 0, "An amount needs at least one weight above zero")
        let magnitude = Int128(minorUnits.magnitude)
        var shares: [Int128] = []
        var remainders: [(remainder: Int128, index: Int)] = []
        shares.reserveCapacity(weights.count)
        remainders.reserveCapacity(weights.count)
        for (index, weight) in weights.enumerated() {
            let (quotient, remainder) = (magnitude * Int128(weight))
                .quotientAndRemainder(dividingBy: totalWeight)
            shares.append(quotient)
            remainders.append((remainder, index))
        }
        let missing = Int(magnitude - shares.reduce(0, +))
        remainders.sort { left, right in
            left.remainder == right.remainder
                ? left.index < right.index : left.remainder > right.remainder
        }
        for (_, index) in remainders.prefix(missing) { shares[index] += 1 }
        let sign: Int128 = minorUnits < 0 ? -1 : 1
        return shares.map { Money(minorUnits: Int64(sign * $0), currency: currency) }
    }
}

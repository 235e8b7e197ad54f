internal import TransitModel

extension FareEngine {
    /// What one rule of the extension does to a leg's price; amounts in minor units.
    enum Adjustment {
        case terms(Int32, amount: Int64, count: Int, elapsed: Duration?)
        /// Terms that came too late or too often. Explains; nothing is added.
        case missedTerms(Int32, count: Int, elapsed: Duration?)
        case limit(Int32, amount: Int64)
        case group(Int32, amount: Int64)
        /// The others on the same medium.
        case companions(Int, amount: Int64)
        /// - Parameter ride: The ride's number in its count, from 1.
        case rideDiscount(Int32, amount: Int64, ride: Int)
        case rounding(amount: Int64)
        /// - Parameter ride: The ride's number on the pass, from 1.
        case pass(product: Int32, amount: Int64, ride: Int)
        /// - Parameters:
        ///   - limit: What the rider's cap is.
        ///   - before: What was paid towards it before the leg.
        case cap(Int32, amount: Int64, limit: Int64, before: Int64, after: Int64)
    }
}

/// A leg's price while rules work on it: exact, so that it is rounded once.
struct PriceInWork {
    /// Four percentages with two decimals each stay exact.
    private static let scale: Int128 = 10_000_000_000_000_000

    private var exact: Int128
    /// To the nearest minor unit, for what each rule is said to add.
    private var shown: Int64
    /// Whether nothing has made a fraction of it.
    private var isWhole = true

    init(_ minorUnits: Int64) {
        exact = Int128(minorUnits) * Self.scale
        shown = minorUnits
    }

    var isPositive: Bool { exact > 0 }
    var minorUnits: Int64 { shown }

    /// - Returns: What this adds.
    mutating func set(_ minorUnits: Int64) -> Int64 {
        exact = Int128(minorUnits) * Self.scale
        return show()
    }

    /// - Parameter reduction: In hundredths of a per cent.
    mutating func reduce(by reduction: Int) -> Int64 {
        isWhole = false
        exact = exact * Int128(10_000 - reduction) / 10_000
        return show()
    }

    mutating func limit(to limit: LimitRules.Limit) -> Int64 {
        if let minimum = limit.minimum { exact = max(exact, Int128(minimum) * Self.scale) }
        if let maximum = limit.maximum { exact = min(exact, Int128(maximum) * Self.scale) }
        return show()
    }

    mutating func round(_ rounding: Rounding, to unit: Int64) -> Int64 {
        if unit == 1, isWhole { return 0 }
        return set(ExactAmount(exact, over: Self.scale).rounded(rounding, to: unit))
    }

    private mutating func show() -> Int64 {
        let before = shown
        shown = Int64(Rounding.halfEven.quotient(exact, over: Self.scale))
        return shown - before
    }
}

/// A currency by its ISO 4217 code.
package struct Currency: Hashable, Sendable, CustomStringConvertible {
    package let code: String
    /// Digits after the decimal separator, 0 to 4.
    package let minorUnitDigits: Int

    /// - Returns: `nil` unless `code` is three letters A to Z and digits are 0 to 4.
    package init?(code: String, minorUnitDigits: Int = 2) {
        let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard code.utf8.count == 3, code.utf8.allSatisfy(letters.contains),
            (0...4).contains(minorUnitDigits)
        else { return nil }
        self.code = code
        self.minorUnitDigits = minorUnitDigits
    }

    private init(known code: String, digits: Int) {
        self.code = code
        minorUnitDigits = digits
    }

    /// Ukrainian hryvnia, 100 kopiykas.
    package static let uah = Currency(known: "UAH", digits: 2)

    package var description: String { code }
}

/// How an exact fraction of a minor unit becomes a whole one.
package enum Rounding: String, Hashable, Sendable, CaseIterable {
    case down
    case up
    case halfUp = "half_up"
    case halfEven = "half_even"

    /// A fraction as the whole number that this rounding makes of it.
    ///
    /// - Parameter divisor: Above zero.
    package func quotient(_ dividend: Int128, over divisor: Int128) -> Int128 {
        var quotient = dividend / divisor
        var remainder = dividend % divisor
        if remainder < 0 {
            quotient -= 1
            remainder += divisor
        }
        let roundsUp =
            switch self {
            case .down: false
            case .up: remainder > 0
            case .halfUp: remainder * 2 >= divisor
            case .halfEven:
                remainder * 2 > divisor
                    || (remainder * 2 == divisor && !quotient.isMultiple(of: 2))
            }
        return quotient + (roundsUp ? 1 : 0)
    }
}

/// An amount in whole minor units (kopiykas) of one currency.
///
/// Adding different currencies is a defect and traps.
package struct Money: Hashable, Sendable {
    package let minorUnits: Int64
    package let currency: Currency

    package init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    package static func zero(_ currency: Currency) -> Money {
        Money(minorUnits: 0, currency: currency)
    }

    package var isZero: Bool { minorUnits == 0 }

    package static func + (left: Money, right: Money) -> Money {
        precondition(left.currency == right.currency, "Amounts of two currencies do not add")
        return Money(minorUnits: left.minorUnits + right.minorUnits, currency: left.currency)
    }

    package static func - (left: Money, right: Money) -> Money { left + -right }

    package static prefix func - (value: Money) -> Money {
        Money(minorUnits: -value.minorUnits, currency: value.currency)
    }

    /// The fraction `numerator / denominator` of the amount, rounded once.
    ///
    /// - Parameter denominator: Above zero.
    package func scaled(by numerator: Int64, over denominator: Int64, rounding: Rounding) -> Money {
        precondition(denominator > 0, "A fraction needs a denominator above zero")
        let product = Int128(minorUnits) * Int128(numerator)
        let quotient = rounding.quotient(product, over: Int128(denominator))
        return Money(minorUnits: Int64(quotient), currency: currency)
    }
}

extension Money: Comparable {
    package static func < (left: Money, right: Money) -> Bool {
        precondition(left.currency == right.currency, "Amounts of two currencies do not compare")
        return left.minorUnits < right.minorUnits
    }
}

extension Money {
    /// The amount as a plain decimal with a point and no currency: `15.00`, `-0.50`.
    ///
    /// This is the form of files and wires; people read amounts through `Wording`.
    package var decimal: String {
        let digits = currency.minorUnitDigits
        guard digits > 0 else { return String(minorUnits) }
        var text = String(minorUnits.magnitude)
        if text.count <= digits {
            text = String(repeating: "0", count: digits + 1 - text.count) + text
        }
        let split = text.index(text.endIndex, offsetBy: -digits)
        return (minorUnits < 0 ? "-" : "") + text[..<split] + "." + text[split...]
    }

    /// Reads a plain decimal; `nil` when it is malformed, too large, or finer than a minor unit.
    package init?(decimal text: String, currency: Currency) {
        var rest = Substring(text)
        let isNegative = rest.hasPrefix("-")
        if isNegative { rest.removeFirst() }
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }),
            parts.allSatisfy({ $0.utf8.allSatisfy(digits.contains) })
        else { return nil }
        var fraction = parts.count == 2 ? String(parts[1]) : ""
        while fraction.count > currency.minorUnitDigits {
            guard fraction.removeLast() == "0" else { return nil }
        }
        fraction += String(repeating: "0", count: currency.minorUnitDigits - fraction.count)
        guard let units = Int64((isNegative ? "-" : "") + parts[0] + fraction) else { return nil }
        self.init(minorUnits: units, currency: currency)
    }
}

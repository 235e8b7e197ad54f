import Testing
import TransitModel

@Suite("Money")
struct MoneyTests {
    @Test(
        "A plain decimal is read and written without loss",
        arguments: [
            ("15.00", 1_500), ("0.05", 5), ("-0.50", -50), ("7.5", 750), ("12", 1_200),
            ("7.500", 750),
        ] as [(String, Int64)])
    func decimal(text: String, minorUnits: Int64) throws {
        let money = try #require(Money(decimal: text, currency: .uah))
        #expect(money.minorUnits == minorUnits)
        #expect(Money(decimal: money.decimal, currency: .uah) == money)
    }

    @Test(
        "What is not an amount is refused",
        arguments: ["", "-", ".", "1.", ".5", "1,50", "1.005", "1e3", "+1", "99999999999999999999"])
    func refused(text: String) {
        #expect(Money(decimal: text, currency: .uah) == nil)
    }

    @Test("A currency without minor units has no decimal point")
    func wholeCurrency() throws {
        let yen = try #require(Currency(code: "JPY", minorUnitDigits: 0))
        #expect(Money(minorUnits: 120, currency: yen).decimal == "120")
        #expect(Money(decimal: "120.5", currency: yen) == nil)
    }

    @Test(
        "Each rounding does what its name says, below zero too",
        arguments: [
            (Rounding.down, 5, 2, -3), (.up, 5, 3, -2), (.halfUp, 5, 3, -2), (.halfEven, 5, 2, -2),
            (.halfEven, 7, 4, -4), (.halfUp, 7, 4, -3),
        ] as [(Rounding, Int64, Int64, Int64)])
    func rounding(rounding: Rounding, units: Int64, half: Int64, negativeHalf: Int64) {
        let amount = Money(minorUnits: units, currency: .uah)
        #expect(amount.scaled(by: 1, over: 2, rounding: rounding).minorUnits == half)
        #expect((-amount).scaled(by: 1, over: 2, rounding: rounding).minorUnits == negativeHalf)
    }

    @Test("A product beyond 64 bits does not overflow on its way to a small result")
    func wideProduct() {
        let amount = Money(minorUnits: .max / 2, currency: .uah)
        #expect(amount.scaled(by: 1_000, over: 1_000, rounding: .down) == amount)
    }
}

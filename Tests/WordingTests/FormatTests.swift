import Testing
import TransitModel
import Wording

@Suite("Numbers, money, dates and times")
struct FormatTests {
    @Test(
        "Money",
        arguments: [
            (Int64(1_500), "15,00\u{A0}₴", "UAH\u{A0}15.00"),
            (5, "0,05\u{A0}₴", "UAH\u{A0}0.05"),
            (0, "0,00\u{A0}₴", "UAH\u{A0}0.00"),
            (-1_500, "\u{2212}15,00\u{A0}₴", "UAH\u{A0}\u{2212}15.00"),
            (123_456_789, "1\u{A0}234\u{A0}567,89\u{A0}₴", "UAH\u{A0}1,234,567.89"),
        ])
    func money(minorUnits: Int64, ukrainian: String, english: String) {
        let amount = Money(minorUnits: minorUnits, currency: .uah)
        #expect(Language.ukrainian.money(amount) == ukrainian)
        #expect(Language.english.money(amount) == english)
    }

    @Test(
        "Per cent",
        arguments: [
            (Int64(5_000), "50\u{A0}%", "50%"), (1_250, "12,5\u{A0}%", "12.5%"),
            (-333, "\u{2212}3,33\u{A0}%", "\u{2212}3.33%"), (0, "0\u{A0}%", "0%"),
        ])
    func percent(hundredths: Int64, ukrainian: String, english: String) {
        #expect(Language.ukrainian.percent(hundredths: hundredths) == ukrainian)
        #expect(Language.english.percent(hundredths: hundredths) == english)
        #expect(Language.english.percent(hundredths: 2_000, showsPlus: true) == "+20%")
        #expect(Language.ukrainian.weekday(7) == "неділя")
    }

    @Test("A difference shows its sign on both sides of zero")
    func differences() {
        let more = Money(minorUnits: 1_500, currency: .uah)
        #expect(Language.ukrainian.money(more, showsPlus: true) == "+15,00\u{A0}₴")
        #expect(Language.english.money(-more, showsPlus: true) == "UAH\u{A0}\u{2212}15.00")
        #expect(Language.english.money(.zero(.uah), showsPlus: true) == "UAH\u{A0}0.00")
    }

    @Test("A currency without small change, and one without a sign of its own")
    func otherCurrencies() throws {
        let yen = try #require(Currency(code: "JPY", minorUnitDigits: 0))
        #expect(
            Language.ukrainian.money(Money(minorUnits: 1_500, currency: yen))
                == "1\u{A0}500\u{A0}JPY")
    }

    @Test(
        "Ukrainian plurals",
        arguments: [
            (Int64(0), PluralForm.many), (1, .one), (2, .few), (4, .few), (5, .many), (11, .many),
            (12, .many), (14, .many), (21, .one), (22, .few), (111, .many), (1_001, .one),
        ])
    func ukrainianPlurals(count: Int64, form: PluralForm) {
        #expect(Language.ukrainian.pluralForm(for: count) == form)
    }

    @Test("Dates and times")
    func dates() throws {
        let date = try #require(ServiceDate("2026-11-22"))
        #expect(Language.ukrainian.fullDate(date) == "неділя, 22\u{A0}листопада 2026")
        #expect(Language.english.fullDate(date) == "Sunday, 22\u{A0}November 2026")
        #expect(Language.ukrainian.shortDate(date) == "22.11.2026")
        #expect(Language.english.shortDate(date) == "22\u{A0}Nov\u{A0}2026")
        #expect(Language.english.time(secondsOfDay: 25_509) == "07:05")
        #expect(Language.english.time(secondsOfDay: 25_509, withSeconds: true) == "07:05:09")
    }

    @Test(
        "Accept-Language",
        arguments: [
            ("", Language.ukrainian), ("uk-UA,uk;q=0.9,en;q=0.8", .ukrainian), ("en-GB", .english),
            ("de, en;q=0.3", .english), ("uk;q=0.2, en;q=0.75", .english), ("en;q=0", .ukrainian),
            ("pl,de;q=0.5", .ukrainian), ("EN", .english), ("en;q=x", .english),
        ])
    func acceptLanguage(header: String, language: Language) {
        #expect(Language(acceptLanguage: header) == language)
    }

    @Test("The share directory does not care about a slash at its end")
    func shareDirectory() {
        #expect(ShareDirectory("/opt/kvytok/") == ShareDirectory("/opt/kvytok"))
        #expect(ShareDirectory("/").catalogue == "//wording/catalogue.json")
        #expect(ShareDirectory.installed.consoleWeb == "/usr/share/kvytok/backoffice/web")
    }
}

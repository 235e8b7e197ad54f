import TransitModel

/// No-break space: keeps an amount and its sign on one line.
private let noBreakSpace = "\u{A0}"
/// The real minus sign, as wide as a digit in tabular figures.
private let minusSign = "\u{2212}"

extension Language {
    /// A whole number in groups of three: `12 345` (with no-break spaces), `12,345`.
    package func number(_ value: Int64) -> String {
        (value < 0 ? minusSign : "") + grouped(String(value.magnitude))
    }

    /// An amount as people read it: `1 215,00 ₴` (with no-break spaces), `UAH 1,215.00`.
    ///
    /// - Parameter showsPlus: Marks what is above zero too, for a column of differences.
    package func money(_ amount: Money, showsPlus: Bool = false) -> String {
        let digits = amount.currency.minorUnitDigits
        var whole = String(amount.minorUnits.magnitude)
        var fraction = ""
        if digits > 0 {
            if whole.count <= digits {
                whole = String(repeating: "0", count: digits + 1 - whole.count) + whole
            }
            fraction = decimalSeparator + whole.suffix(digits)
            whole.removeLast(digits)
        }
        let sign = amount.minorUnits < 0 ? minusSign : showsPlus && !amount.isZero ? "+" : ""
        let figure = sign + grouped(whole) + fraction
        switch self {
        case .ukrainian:
            let unit = amount.currency == .uah ? "₴" : amount.currency.code
            return figure + noBreakSpace + unit
        case .english:
            return amount.currency.code + noBreakSpace + figure
        }
    }

    /// A date in words: `22 листопада 2026`, `22 November 2026`.
    package func date<Meaning>(_ date: CivilDate<Meaning>) -> String {
        let (year, month, day) = date.components
        return "\(day)\(noBreakSpace)\(CalendarNames.months(in: self)[month - 1]) \(year)"
    }

    /// A date with its day of the week: `неділя, 22 листопада 2026`.
    package func fullDate<Meaning>(_ date: CivilDate<Meaning>) -> String {
        let weekday = CalendarNames.weekdays(in: self)[date.isoWeekday - 1]
        return "\(weekday), \(self.date(date))"
    }

    /// A day of the week: `понеділок`, `Monday`.
    ///
    /// - Parameter isoWeekday: 1, Monday, to 7.
    package func weekday(_ isoWeekday: Int) -> String {
        CalendarNames.weekdays(in: self)[isoWeekday - 1]
    }

    /// A share of a hundred: `12,5 %` (with a no-break space), `12.5%`.
    ///
    /// - Parameters:
    ///   - hundredths: In hundredths of a per cent.
    ///   - showsPlus: Marks what is above zero too.
    package func percent(hundredths: Int64, showsPlus: Bool = false) -> String {
        let whole = grouped(String(hundredths.magnitude / 100))
        var fraction = twoDigits(Int(hundredths.magnitude % 100))
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let sign = hundredths < 0 ? minusSign : showsPlus && hundredths > 0 ? "+" : ""
        let figure = sign + whole + (fraction.isEmpty ? "" : decimalSeparator + fraction)
        return figure + (self == .ukrainian ? "\(noBreakSpace)%" : "%")
    }

    /// A date for a narrow column: `22.11.2026`, `22 Nov 2026`.
    package func shortDate<Meaning>(_ date: CivilDate<Meaning>) -> String {
        let (year, month, day) = date.components
        switch self {
        case .ukrainian: return "\(twoDigits(day)).\(twoDigits(month)).\(year)"
        case .english:
            let name = CalendarNames.months(in: self)[month - 1].prefix(3)
            return "\(day)\(noBreakSpace)\(name)\(noBreakSpace)\(year)"
        }
    }

    /// The wall clock's hour and minute, `07:05`; with seconds, `07:05:09`.
    package func time(secondsOfDay: Int, withSeconds: Bool = false) -> String {
        let text = "\(twoDigits(secondsOfDay / 3_600)):\(twoDigits(secondsOfDay / 60 % 60))"
        return withSeconds ? text + ":\(twoDigits(secondsOfDay % 60))" : text
    }

    private var decimalSeparator: String { self == .ukrainian ? "," : "." }

    private func grouped(_ digits: String) -> String {
        let separator = self == .ukrainian ? noBreakSpace : ","
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += separator }
            text.append(digit)
        }
        return text
    }

    private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// Names of months (as they stand behind a day) and weekdays, Monday first. They are the
/// language's own, not the product's: nobody would reword them, so they are no phrases.
private enum CalendarNames {
    static func months(in language: Language) -> [String] {
        switch language {
        case .ukrainian:
            [
                "січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня",
                "вересня", "жовтня", "листопада", "грудня",
            ]
        case .english:
            [
                "January", "February", "March", "April", "May", "June", "July", "August",
                "September", "October", "November", "December",
            ]
        }
    }

    static func weekdays(in language: Language) -> [String] {
        switch language {
        case .ukrainian:
            ["понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота", "неділя"]
        case .english:
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        }
    }
}

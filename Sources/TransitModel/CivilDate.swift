/// A date of the Gregorian calendar, tagged with whose day it is.
///
/// Arithmetic follows Howard Hinnant's published `days_from_civil` relations.
package struct CivilDate<Meaning>: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01.
    package let daysSince1970: Int

    package init(daysSince1970: Int) {
        self.daysSince1970 = daysSince1970
    }

    /// - Returns: `nil` when no such day exists.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
            return nil
        }
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(daysSince1970: era * 146_097 + dayOfEra - 719_468)
        guard components == (year, month, day) else { return nil }
    }

    /// Reads `2026-11-22`, or GTFS's `20261122`.
    package init?(_ text: String) {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        let isExtended =
            text.utf8.count == 10
            && text.utf8.enumerated().allSatisfy {
                ($0.element == UInt8(ascii: "-")) == ($0.offset == 4 || $0.offset == 7)
            }
        guard digits.count == 8, isExtended || text.utf8.count == 8,
            digits.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
            let number = Int(String(decoding: digits, as: UTF8.self))
        else { return nil }
        self.init(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    }

    package var components: (year: Int, month: Int, day: Int) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    /// ISO 8601: `2026-11-22`.
    package var description: String {
        let (year, month, day) = components
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// 1 is Monday, 7 is Sunday (ISO 8601).
    package var isoWeekday: Int { ((daysSince1970 + 3) % 7 + 7) % 7 + 1 }

    package func advanced(byDays days: Int) -> Self {
        Self(daysSince1970: daysSince1970 + days)
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }
}

package enum TimetableDay {}
package enum TariffDay {}
package enum LedgerDay {}

/// The timetable's operating day; its trips may run past 24:00.
package typealias ServiceDate = CivilDate<TimetableDay>
/// The tariff's day; it may begin at 04:00.
package typealias FareDay = CivilDate<TariffDay>
/// The day on which the general ledger books.
package typealias AccountingDate = CivilDate<LedgerDay>

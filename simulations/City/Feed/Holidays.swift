internal import TransitModel

/// Days on which Ukrainian cities run their weekend timetable, whatever the weekday.
enum Holidays {
    private static let days: [(month: Int, day: Int)] = [
        (1, 1), (3, 8), (5, 1), (5, 8), (6, 28), (7, 15), (8, 24), (10, 1), (12, 25),
    ]

    /// Those between Monday and Friday; the others need no exception.
    static func onWorkingDays(from year: Int, years: Int) -> [ServiceDate] {
        (year..<(year + years)).flatMap { year in
            days.compactMap { ServiceDate(year: year, month: $0.month, day: $0.day) }
        }.filter { $0.isoWeekday <= 5 }
    }
}

extension ServiceDate {
    /// As GTFS writes dates: `20261122`.
    var gtfs: String { description.filter { $0 != "-" } }
}

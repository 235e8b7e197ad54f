internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// Days, hours and spans in words.
extension TariffVoice {
    /// `60 minutes`, in the case that stands behind `within`.
    func duration(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        switch seconds {
        case let seconds where seconds >= 172_800 && seconds.isMultiple(of: 86_400):
            return say(.days, count: seconds / 86_400)
        case let seconds where seconds > 5_400 && seconds.isMultiple(of: 3_600):
            return say(.hours, count: seconds / 3_600)
        case let seconds where seconds >= 60 && seconds.isMultiple(of: 60):
            return say(.minutes, count: seconds / 60)
        default:
            return say(.seconds, count: seconds)
        }
    }

    /// `Monday–Friday, Sunday`.
    ///
    /// - Parameter mask: Bit 0 is Monday.
    func weekdays(_ mask: UInt8) -> String {
        let days = (0..<7).filter { mask & (1 << UInt8($0)) != 0 }
        if days.count == 7 { return say(.everyDay) }
        var spans: [String] = []
        var start = 0
        while start < days.count {
            var end = start
            while end + 1 < days.count, days[end + 1] == days[end] + 1 { end += 1 }
            if end - start >= 2 {
                spans.append(
                    language.weekday(days[start] + 1) + "–" + language.weekday(days[end] + 1))
            } else {
                spans += days[start...end].map { language.weekday($0 + 1) }
            }
            start = end + 1
        }
        return all(spans)
    }

    /// `Monday–Friday 07:00–09:00; Saturday and Sunday`.
    func hours(_ group: TimeframeGroupID) -> String {
        let frames = tables.timeframes.filter { $0.group == group }
        let byService = Dictionary(grouping: frames, by: \.service)
        return byService.keys.sorted().map { service in
            let spans = (byService[service] ?? []).map(\.seconds)
                .sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
                .filter { $0 != 0..<86_400 }
                .map { span in
                    language.time(secondsOfDay: span.lowerBound) + "–"
                        + language.time(secondsOfDay: span.upperBound)
                }
            return ([days(of: service, in: tables.calendar)] + (spans.isEmpty ? [] : [all(spans)]))
                .joined(separator: " ")
        }.sorted().joined(separator: "; ")
    }

    /// The spans and every date of a group: what ``hours(_:)`` may shorten.
    func hoursIdentity(_ group: TimeframeGroupID) -> String {
        tables.timeframes.filter { $0.group == group }
            .map { "\($0.seconds) \(daysIdentity(of: $0.service, in: tables.calendar))" }
            .sorted().joined(separator: "\n")
    }

    /// Every date of a service: what ``days(of:in:)`` may shorten.
    func daysIdentity(of service: ServiceID, in calendar: ServiceCalendar) -> String {
        guard let index = calendar.index(of: service), let range = calendar.dates else { return "" }
        let running = calendar.days(of: index)
        return (range.lowerBound.daysSince1970...range.upperBound.daysSince1970)
            .filter { running.contains(ServiceDate(daysSince1970: $0)) }
            .map { String($0) }.joined(separator: " ")
    }

    /// The days of a service: those of the week on which it mostly runs, its first and last date,
    /// and the dates that are not like the others.
    func days(of service: ServiceID, in calendar: ServiceCalendar) -> String {
        guard let index = calendar.index(of: service), let range = calendar.dates else {
            return say(.never)
        }
        let running = calendar.days(of: index)
        let dates = (range.lowerBound.daysSince1970...range.upperBound.daysSince1970)
            .map(ServiceDate.init(daysSince1970:)).filter(running.contains)
        guard let first = dates.first, let last = dates.last else { return say(.never) }
        if dates.count <= 3 { return self.dates(dates) }
        var counts = Array(repeating: (runs: 0, rests: 0), count: 7)
        let span = (first.daysSince1970...last.daysSince1970)
            .map(ServiceDate.init(daysSince1970:))
        for date in span {
            if running.contains(date) {
                counts[date.isoWeekday - 1].runs += 1
            } else {
                counts[date.isoWeekday - 1].rests += 1
            }
        }
        var mask: UInt8 = 0
        for (day, count) in counts.enumerated() where count.runs > count.rests {
            mask |= 1 << UInt8(day)
        }
        func isUsual(_ date: ServiceDate) -> Bool { mask & (1 << UInt8(date.isoWeekday - 1)) != 0 }
        let missing = span.filter { isUsual($0) && !running.contains($0) }
        let added = span.filter { !isUsual($0) && running.contains($0) }
        guard mask != 0 else { return self.dates(dates) }
        var clauses = [
            weekdays(mask)
                + " ("
                + say(
                    .datesBetween,
                    [
                        "from": .text(language.shortDate(first)),
                        "until": .text(language.shortDate(last)),
                    ]) + ")"
        ]
        if !missing.isEmpty {
            clauses.append(say(.datesExcept, ["dates": .text(self.dates(missing))]))
        }
        if !added.isEmpty {
            clauses.append(say(.datesAlso, ["dates": .text(self.dates(added))]))
        }
        return clauses.joined(separator: ", ")
    }

    private func dates(_ dates: [ServiceDate]) -> String {
        dates.count > 12
            ? say(.dateCount, count: dates.count) : all(dates.map { language.shortDate($0) })
    }
}

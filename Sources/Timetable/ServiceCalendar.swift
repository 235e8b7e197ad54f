package import TransitModel

/// On which dates each service runs: `calendar.txt` and `calendar_dates.txt`.
package struct ServiceCalendar: Hashable, Sendable {
    struct Week: Hashable, Sendable {
        /// Bit 0 is Monday.
        let weekdays: UInt8
        let dates: ClosedRange<ServiceDate>
    }

    struct Exception: Hashable, Sendable {
        let service: Int
        let runs: Bool
    }

    package private(set) var ids: [ServiceID] = []
    private var indexOfID: [ServiceID: Int] = [:]
    /// One for each service; `nil` when it runs on listed dates only.
    private var weeks: [Week?] = []
    private var exceptions: [ServiceDate: [Exception]] = [:]

    /// No services.
    package init() {}

    var isEmpty: Bool { ids.isEmpty }

    package func index(of id: ServiceID) -> Int? { indexOfID[id] }

    /// The services that run on a date.
    package func services(on date: ServiceDate) -> Set<Int> {
        var running: Set<Int> = []
        let day = UInt8(1) << UInt8(date.isoWeekday - 1)
        for (service, week) in weeks.enumerated() {
            if let week, week.weekdays & day != 0, week.dates.contains(date) {
                running.insert(service)
            }
        }
        for exception in exceptions[date] ?? [] {
            if exception.runs {
                running.insert(exception.service)
            } else {
                running.remove(exception.service)
            }
        }
        return running
    }

    /// The dates on which a service runs, for many look-ups.
    package func days(of service: Int) -> ServiceDays {
        var days = ServiceDays(within: dates)
        if let week = weeks[service] {
            for day in week.dates.lowerBound.daysSince1970...week.dates.upperBound.daysSince1970 {
                let date = ServiceDate(daysSince1970: day)
                if week.weekdays & UInt8(1) << UInt8(date.isoWeekday - 1) != 0 {
                    days.set(date, runs: true)
                }
            }
        }
        for (date, listed) in exceptions {
            for exception in listed where exception.service == service {
                days.set(date, runs: exception.runs)
            }
        }
        return days
    }

    /// From the first to the last date on which anything may run.
    package var dates: ClosedRange<ServiceDate>? {
        let added = exceptions.filter { $0.value.contains(where: \.runs) }.keys
        let firsts = weeks.compactMap { $0?.dates.lowerBound } + added
        let lasts = weeks.compactMap { $0?.dates.upperBound } + added
        guard let first = firsts.min(), let last = lasts.max() else { return nil }
        return first...last
    }

    mutating func add(_ id: ServiceID, _ week: Week?) -> Int {
        indexOfID[id] = ids.count
        ids.append(id)
        weeks.append(week)
        return ids.count - 1
    }

    mutating func add(_ exception: Exception, on date: ServiceDate) {
        exceptions[date, default: []].append(exception)
    }
}

extension ServiceCalendar {
    private static let weekdayNames = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    private static var weeks: GTFSTables.Table<(id: ServiceID, week: Week)> {
        .init(file: "calendar.txt", key: { $0.id.rawValue }) { cursor throws(FeedError) in
            let id = try cursor.requiredColumn("service_id")
            var days: [CSVCursor.Column] = []
            for name in weekdayNames { days.append(try cursor.requiredColumn(name)) }
            let start = try cursor.requiredColumn("start_date")
            let end = try cursor.requiredColumn("end_date")
            return { [days] row throws(FeedError) in
                var weekdays: UInt8 = 0
                for (bit, day) in days.enumerated() {
                    let runs = try row.integer(day, in: 0...1, expected: "0 or 1")
                    guard let runs else { throw row.failure(day, .missingValue) }
                    weekdays |= UInt8(runs) << UInt8(bit)
                }
                guard let first: ServiceDate = try row.date(start) else {
                    throw row.failure(start, .missingValue)
                }
                guard let last: ServiceDate = try row.date(end) else {
                    throw row.failure(end, .missingValue)
                }
                guard first <= last else {
                    throw row.failure(
                        end, .malformedValue("\(last)", expected: "\(first) or a later date"))
                }
                return (try row.id(id), Week(weekdays: weekdays, dates: first...last))
            }
        }
    }

    private static var exceptions: GTFSTables.Table<(id: ServiceID, date: ServiceDate, runs: Bool)>
    {
        .init(
            file: "calendar_dates.txt", key: { "\($0.id.rawValue), \($0.date)" }
        ) { cursor throws(FeedError) in
            let id = try cursor.requiredColumn("service_id")
            let date = try cursor.requiredColumn("date")
            let type = try cursor.requiredColumn("exception_type")
            return { row throws(FeedError) in
                guard let on: ServiceDate = try row.date(date) else {
                    throw row.failure(date, .missingValue)
                }
                let kind = try row.integer(type, in: 1...2, expected: "1 or 2")
                guard let kind else { throw row.failure(type, .missingValue) }
                return (try row.id(id), on, kind == 1)
            }
        }
    }

    /// Reads the two files; either may be missing.
    package init(files: [String: [UInt8]]) throws(FeedError) {
        try self.init(GTFSTables.Source(files: files, limits: .init()))
    }

    init(_ source: GTFSTables.Source) throws(FeedError) {
        for (id, week) in try source.table(Self.weeks) { _ = add(id, week) }
        for (id, date, runs) in try source.table(Self.exceptions) {
            let service = index(of: id) ?? add(id, nil)
            add(Exception(service: service, runs: runs), on: date)
        }
    }
}

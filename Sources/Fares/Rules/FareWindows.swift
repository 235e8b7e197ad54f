internal import Timetable
internal import TransitModel

/// The tariff's clock and calendar: when its days, weeks and months begin.
struct FareCalendar: Sendable {
    let zone: ZoneOffsets
    /// Seconds of the clock on the wall.
    let dayStart: Int
    /// 1 is Monday.
    let weekStart: Int

    func day(at instant: Timestamp) -> FareDay {
        zone.fareDay(at: instant, startingAt: dayStart)
    }

    /// The number of the calendar's unit that a day lies in; units in a row have numbers in a row.
    func unit(_ kind: FareWindowKind, of day: FareDay) -> Int64 {
        switch kind {
        case .day: return Int64(day.daysSince1970)
        case .week:
            // 1970-01-01 was a Thursday, the fourth day of an ISO week.
            let shifted = day.daysSince1970 + 3 - (weekStart - 1)
            return Int64((Double(shifted) / 7).rounded(.down))
        case .month:
            let (year, month, _) = day.components
            return Int64(year * 12 + month)
        case .journey, .rolling, .firstUse, .ever: return 0
        }
    }
}

/// A leg's place in time, for every window that may hold it.
struct LegMoment {
    let instant: Timestamp
    let day: FareDay
    /// When its journey began.
    let journeyStart: Timestamp
}

extension FareWindow {
    /// What tells one window from the next of the same rule.
    ///
    /// - Parameters:
    ///   - open: The window that the rider has open.
    ///   - opens: Whether the leg may open a new one, where legs open windows.
    /// - Returns: `nil` where no window is open and the leg opens none.
    func opening(
        at moment: LegMoment, _ calendar: FareCalendar, open: Int64?, opens: Bool
    ) -> Int64? {
        switch kind {
        case .journey: return moment.journeyStart.millisecondsSince1970
        case .day, .week, .month: return calendar.unit(kind, of: moment.day)
        case .ever, .rolling: return 0
        case .firstUse:
            let now = moment.instant.millisecondsSince1970
            if let open, let duration, now - open < duration.wholeMilliseconds { return open }
            return opens ? now : nil
        }
    }

    /// After a pause of this length nothing of an open window is left.
    var memory: Duration {
        switch kind {
        case .journey: .zero
        case .rolling, .firstUse: duration ?? .zero
        case .day: .days(1)
        case .week: .days(7)
        case .month: .days(31)
        case .ever: .days(36_600)
        }
    }

    /// For ordering rules: what ends sooner comes first.
    var rank: Int64 {
        switch kind {
        case .journey: 0
        case .rolling, .firstUse: duration?.wholeMilliseconds ?? 0
        case .day: 86_400_000
        case .week: 604_800_000
        case .month: 2_678_400_000
        case .ever: .max
        }
    }
}

extension PassValidity {
    /// After a pause of this length nothing of a pass that was begun is left.
    var memory: Duration {
        switch self {
        case .unlimited: .days(36_600)
        case .calendar(let kind, let count):
            .seconds(
                FareWindow(kind: kind, duration: nil).memory.components.seconds * Int64(count))
        case .rolling(let duration), .firstUse(let duration): duration
        }
    }
}

extension Duration {
    fileprivate static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }

    var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}

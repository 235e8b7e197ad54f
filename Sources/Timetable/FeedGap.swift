package import TransitModel

/// What a feed lacks without being wrong, and what that costs.
///
/// A feed with gaps is put in force; a person who imports it is told.
package enum FeedGap: Hashable, Sendable {
    /// No trip, or no trip with times: vehicles cannot be matched to a timetable.
    case noTimetable
    /// Neither `calendar.txt` nor `calendar_dates.txt`: no trip runs on any day.
    case noCalendar
    /// The calendar ended before the feed was imported.
    case calendarOver(lastDate: ServiceDate)
    /// No `shapes.txt`: every trip runs straight from stop to stop.
    case noShapes(trips: Int)
    /// Trips that name no shape, or one of a single point.
    case tripsWithoutShape(trips: Int)
    /// Nothing is priced: taps are recorded and wait.
    case noFares
    /// Trips without `block_id`: they were chained by terminal and time.
    case tripsWithoutBlock(trips: Int)
    /// Trips that call at fewer than two stops: they never run.
    case tripsWithoutCalls(trips: Int)
    /// Records of `stop_times.txt` that name an area instead of a stop.
    case flexibleCalls(calls: Int)
    case stopsWithoutName(stops: Int)
    case stopsWithoutPosition(stops: Int)
    /// Calls at stops that lie over 300 m from their trip's shape.
    case callsFarFromShape(calls: Int)

    /// A stable word for programs.
    package var code: String {
        switch self {
        case .noTimetable: "no_timetable"
        case .noCalendar: "no_calendar"
        case .calendarOver: "calendar_over"
        case .noShapes: "no_shapes"
        case .tripsWithoutShape: "trips_without_shape"
        case .noFares: "no_fares"
        case .tripsWithoutBlock: "trips_without_block"
        case .tripsWithoutCalls: "trips_without_calls"
        case .flexibleCalls: "flexible_calls"
        case .stopsWithoutName: "stops_without_name"
        case .stopsWithoutPosition: "stops_without_position"
        case .callsFarFromShape: "calls_far_from_shape"
        }
    }

    /// How many records have the gap; `nil` where the whole feed does.
    package var count: Int? {
        switch self {
        case .noTimetable, .noCalendar, .calendarOver, .noFares: nil
        case .noShapes(let count), .tripsWithoutShape(let count), .tripsWithoutBlock(let count),
            .tripsWithoutCalls(let count), .flexibleCalls(let count), .stopsWithoutName(let count),
            .stopsWithoutPosition(let count), .callsFarFromShape(let count):
            count
        }
    }

    /// The gap and what it costs, in plain words.
    package var message: String {
        switch self {
        case .noTimetable: "no timetable: vehicles are shown without trip and delay"
        case .noCalendar: "no calendar: no trip runs on any day"
        case .calendarOver(let lastDate):
            "the calendar ended on \(lastDate): no trip runs any more"
        case .noShapes(let trips):
            "no shapes: \(FeedGap.counted(trips, "trip")) drawn straight from stop to stop"
        case .tripsWithoutShape(let trips):
            "\(FeedGap.counted(trips, "trip")) without a shape: drawn straight from stop to stop"
        case .noFares: "no fares: taps stay unpriced"
        case .tripsWithoutBlock(let trips):
            "\(FeedGap.counted(trips, "trip")) without a block: chained by terminal and time"
        case .tripsWithoutCalls(let trips):
            "\(FeedGap.counted(trips, "trip")) with fewer than two stops: never run"
        case .flexibleCalls(let calls):
            "\(FeedGap.counted(calls, "call")) at areas instead of stops: left out"
        case .stopsWithoutName(let stops):
            "\(FeedGap.counted(stops, "stop")) without a name: shown by id"
        case .stopsWithoutPosition(let stops):
            "\(FeedGap.counted(stops, "stop")) without a position: not on the map"
        case .callsFarFromShape(let calls):
            "\(FeedGap.counted(calls, "call")) over 300 m from the trip's shape: delays are rough"
        }
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

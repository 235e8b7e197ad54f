/// How a timetable's times become instants.
///
/// GTFS counts times of day from noon minus twelve hours, so that they name the same span of
/// service on days when clocks change; 25:30:00 is half past one in the following night.
extension ZoneOffsets {
    /// The instant from which the times of a service day count: midnight, except on days when
    /// clocks change before noon.
    package func serviceDayStart(_ date: ServiceDate) -> Timestamp {
        let noon = Int64(date.daysSince1970) * 86_400 + 43_200
        // No zone changes its clocks around noon, so that the second look always stands.
        let guess = noon - Int64(offsetSeconds(at: Timestamp(secondsSince1970: noon)))
        let offset = Int64(offsetSeconds(at: Timestamp(secondsSince1970: guess)))
        return Timestamp(secondsSince1970: noon - offset - 43_200)
    }

    package func instant(ofSecond second: Int, on date: ServiceDate) -> Timestamp {
        Timestamp(
            millisecondsSince1970: serviceDayStart(date).millisecondsSince1970
                + Int64(second) * 1_000)
    }

    /// The seconds since a service day began; negative before it.
    package func second(of instant: Timestamp, on date: ServiceDate) -> Int {
        let elapsed =
            instant.millisecondsSince1970 - serviceDayStart(date).millisecondsSince1970
        return Int((Double(elapsed) / 1_000).rounded(.down))
    }
}

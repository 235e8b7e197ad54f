/// One rider boards one vehicle.
///
/// Indices are those of the schedule and of the list of riders that the boardings were made from.
package struct Boarding: Hashable, Sendable {
    /// Seconds since the service day began, as the timetable has the departure. Vehicles that run
    /// late board their riders late: see ``RiderDay/boardings(trip:call:)``.
    package let second: Int
    package let rider: Int
    /// In `Schedule.blocks(on:)` of the day.
    package let block: Int
    package let trip: Int
    /// Counted within the trip.
    package let call: Int
    package let stop: Int
    /// The rider changes here from another vehicle.
    package let isTransfer: Bool
}

import Feeds
import SwiftProtobuf
import Timetable
import Tracking
import TransitModel

/// Where vehicles are, as a GTFS-Realtime 2.0 message.
///
/// It goes with the feed at `/gtfs/feed.zip`: nothing in it names a record that the feed does not
/// have. A vehicle that still runs by the feed before is shown with its position alone.
struct VehiclePositions {
    /// Older positions are not where the vehicle is (GTFS-Realtime best practices).
    static let ageLimit: Duration = .seconds(90)
    /// Within so many metres of its next stop a vehicle is about to arrive.
    private static let arrivingMetres = 100.0

    let snapshot: ScheduleSnapshot?
    /// Translates wall time into the timetable's, for demonstrations.
    let timetableClock: TimetableClock

    /// - Parameter now: The message's own time, in whole seconds; nothing in it is later.
    func message(
        _ vehicles: [OpenVehicle], at now: Timestamp
    ) -> TransitRealtime_FeedMessage {
        let second = UInt64(max(0, now.millisecondsSince1970 / 1_000))
        var message = TransitRealtime_FeedMessage()
        message.header.gtfsRealtimeVersion = "2.0"
        message.header.incrementality = .fullDataset
        message.header.timestamp = second
        if let version = snapshot?.current.schedule.feedInfo?.version {
            message.header.feedVersion = version
        }
        message.entity =
            vehicles
            .filter {
                now.elapsed(since: $0.location.recordedAt) <= Self.ageLimit
                    && $0.location.point.isOnEarth
            }
            .sorted { $0.id < $1.id }
            .map { entity($0, notAfter: second) }
        return message
    }

    private func entity(
        _ vehicle: OpenVehicle, notAfter second: UInt64
    ) -> TransitRealtime_FeedEntity {
        let location = vehicle.location
        var position = TransitRealtime_VehiclePosition()
        position.vehicle.id = vehicle.id.rawValue
        position.vehicle.label = vehicle.id.rawValue
        position.position.latitude = Float(location.point.latitude)
        position.position.longitude = Float(location.point.longitude)
        if let bearing = location.bearing, (0...360).contains(bearing) {
            position.position.bearing = Float(bearing)
        }
        if let speed = location.speedMetresPerSecond, speed >= 0, speed.isFinite {
            position.position.speed = Float(speed)
        }
        position.timestamp = min(
            second, UInt64(max(0, location.recordedAt.millisecondsSince1970 / 1_000)))
        describeService(of: vehicle, in: &position)
        var entity = TransitRealtime_FeedEntity()
        entity.id = vehicle.id.rawValue
        entity.vehicle = position
        return entity
    }

    private func describeService(
        of vehicle: OpenVehicle, in position: inout TransitRealtime_VehiclePosition
    ) {
        let location = vehicle.location
        guard let loaded = snapshot?.current else { return }
        let schedule = loaded.schedule
        let instant = timetableClock.timetable(at: location.recordedAt)
        guard let id = location.trip, let trip = schedule.trip(id),
            let day = TripDay(of: trip, in: schedule, at: instant, zone: loaded.zone),
            let deviation = ScheduleDeviation(
                of: day, in: schedule,
                VehicleObservation(
                    point: location.point, bearing: location.bearing,
                    previousMetres: vehicle.distanceMetres),
                at: instant, zone: loaded.zone),
            !deviation.isOffRoute
        else {
            // Off its line, or on a trip that the feed does not run today: the route at most.
            let route = location.route ?? location.trip.flatMap { schedule.routeID(of: $0) }
            if let route, schedule.route(route) != nil { position.trip.routeID = route.rawValue }
            return
        }
        describe(day, in: schedule, &position.trip)
        describe(deviation, of: trip, in: schedule, &position)
    }

    private func describe(
        _ day: TripDay, in schedule: Schedule, _ descriptor: inout TransitRealtime_TripDescriptor
    ) {
        let record = schedule.trips[day.trip]
        descriptor.tripID = (record.repetition?.template ?? record.id).rawValue
        descriptor.startDate = day.date.description.filter { $0 != "-" }
        descriptor.routeID = schedule.routes[record.route].id.rawValue
        if let direction = record.direction { descriptor.directionID = UInt32(direction.rawValue) }
        if let repetition = record.repetition {
            descriptor.startTime = Self.clock(repetition.startsAt)
            if !repetition.isExact { descriptor.scheduleRelationship = .unscheduled }
        }
    }

    private func describe(
        _ deviation: ScheduleDeviation, of trip: Int, in schedule: Schedule,
        _ position: inout TransitRealtime_VehiclePosition
    ) {
        let calls = schedule.calls(of: trip)
        let number = deviation.isAtStop ? deviation.previousCall : deviation.nextCall
        guard let number, number < calls.count else { return }
        let call = calls[calls.startIndex + number]
        position.currentStopSequence = UInt32(call.sequence)
        position.stopID = schedule.stops[call.stop].id.rawValue
        let ahead = call.distanceMetres - deviation.distanceMetres
        position.currentStatus =
            deviation.isAtStop
            ? .stoppedAt : ahead <= Self.arrivingMetres ? .incomingAt : .inTransitTo
    }

    /// `06:10:00`; hours grow beyond 24.
    private static func clock(_ second: Int) -> String {
        [second / 3_600, second / 60 % 60, second % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}

extension Schedule {
    fileprivate func routeID(of trip: TripID) -> RouteID? {
        self.trip(trip).map { routes[trips[$0].route].id }
    }
}

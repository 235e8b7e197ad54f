package import Timetable
package import TransitModel

/// Where every vehicle of a feed is at any instant of a service day: along its shape, with
/// traffic, dwell, and delays that grow and are made good.
///
/// A value that follows from schedule, date and seed. Vehicles never leap, keep the order of
/// their stops, and stand where they stop. Works on every feed: blocks that are not stated were
/// chained by the schedule, and shapes that are missing run straight from stop to stop.
package struct FleetMotion: Sendable {
    /// One vehicle at one instant.
    package struct Moment: Hashable, Sendable {
        package let point: GeoPoint
        /// The way that the vehicle faces, in degrees clockwise from north.
        package let bearing: Double
        package let speedMetresPerSecond: Double
        /// An index of the schedule's trips; absent on the way from one trip to the next.
        package let trip: Int?
        /// The call at which the vehicle stands or to which it goes, counted within the trip.
        package let call: Int?
        package let stopStatus: VehicleLocation.StopStatus
        /// By how much the vehicle left its last stop late, or by how much it stands there too
        /// long; negative when early.
        package let delaySeconds: Double
    }

    /// A vehicle opens its doors.
    package struct Visit: Hashable, Sendable {
        package let block: Int
        package let trip: Int
        /// Counted within the trip.
        package let call: Int
        /// An index of the schedule's stops.
        package let stop: Int
        package let arrival: Double
        package let departure: Double
        package let isLastOfTrip: Bool
    }

    /// How long before its first departure a vehicle is seen, and after its last arrival.
    static let showingUpSeconds = 240.0
    private static let leavingSeconds = 60.0
    /// The share of a run in which the vehicle speeds up, and as much in which it brakes.
    private static let ramp = 0.22
    /// Nearer than this a vehicle is coming in.
    private static let incomingMetres = 60.0

    package let schedule: Schedule
    package let date: ServiceDate
    /// As `Schedule.blocks(on:)` orders them.
    package let blocks: [Block]
    private let timelines: [BlockTimeline]

    package init(schedule: Schedule, date: ServiceDate, seed: UInt64) {
        self.schedule = schedule
        self.date = date
        blocks = schedule.blocks(on: date)
        let traffic = Traffic(seed: seed, date: date)
        timelines = blocks.enumerated().map { number, block in
            BlockTimeline(number, of: schedule, trips: block.trips, in: traffic)
        }
    }

    /// The seconds of the service day in which a block's vehicle is on the street.
    package func span(of block: Int) -> ClosedRange<Double>? {
        let visits = timelines[block].visits
        guard let first = visits.first, let last = visits.last else { return nil }
        return first.arrival...(last.departure + Self.leavingSeconds)
    }

    /// - Returns: `nil` while the vehicle is not on the street.
    package func moment(of block: Int, at second: Double) -> Moment? {
        guard let span = span(of: block), span.contains(second) else { return nil }
        let timeline = timelines[block]
        let next = timeline.firstIndex(arrivingAfter: second)
        let here = timeline.visits[next - 1]
        if second <= here.departure || next == timeline.visits.count {
            return standing(at: here, second)
        }
        let there = timeline.visits[next]
        let progress = (second - here.departure) / (there.arrival - here.departure)
        return here.trip == there.trip
            ? driving(from: here, to: there, progress)
            : goingOver(from: here, to: there, progress)
    }

    /// The visits that begin in a span of seconds, its end left out.
    package func visits(of block: Int, arriving span: Range<Double>) -> [Visit] {
        let visits = timelines[block].visits
        var index = timelines[block].firstIndex(arrivingAfter: span.lowerBound.nextDown)
        var found: [Visit] = []
        while index < visits.count, visits[index].arrival < span.upperBound {
            let visit = visits[index]
            let calls = schedule.calls(of: Int(visit.trip))
            found.append(
                Visit(
                    block: block, trip: Int(visit.trip), call: Int(visit.call),
                    stop: calls[calls.startIndex + Int(visit.call)].stop, arrival: visit.arrival,
                    departure: visit.departure,
                    isLastOfTrip: Int(visit.call) == calls.count - 1))
            index += 1
        }
        return found
    }

    /// How many vehicles are on the street.
    package func count(at second: Double) -> Int {
        blocks.indices.count { span(of: $0)?.contains(second) ?? false }
    }

    // MARK: - One vehicle

    private func standing(at visit: BlockTimeline.Visit, _ second: Double) -> Moment {
        let shape = schedule.shapes[Int(visit.shape)]
        let planned = call(of: visit).departure
        let isLast = Int(visit.call) == schedule.calls(of: Int(visit.trip)).count - 1
        let reference = isLast ? call(of: visit).arrival : planned
        let late = (isLast ? visit.arrival : second) - Double(reference)
        return Moment(
            point: shape.point(atMetres: visit.metres),
            bearing: shape.bearing(atMetres: visit.metres), speedMetresPerSecond: 0,
            trip: Int(visit.trip), call: Int(visit.call), stopStatus: .stoppedAt,
            // Who waits for the departure is not early.
            delaySeconds: isLast ? late : max(late, min(0, visit.departure - Double(planned))))
    }

    private func driving(
        from here: BlockTimeline.Visit, to there: BlockTimeline.Visit, _ progress: Double
    ) -> Moment {
        let shape = schedule.shapes[Int(here.shape)]
        let way = there.metres - here.metres
        let (share, pace) = Self.ease(progress)
        let metres = here.metres + way * share
        let isNear = there.metres - metres < Self.incomingMetres
        return Moment(
            point: shape.point(atMetres: metres),
            bearing: shape.bearing(atMetres: metres),
            speedMetresPerSecond: pace * way / (there.arrival - here.departure),
            trip: Int(there.trip), call: Int(there.call),
            stopStatus: isNear ? .incomingAt : .inTransitTo,
            delaySeconds: here.departure - Double(call(of: here).departure))
    }

    private func goingOver(
        from here: BlockTimeline.Visit, to there: BlockTimeline.Visit, _ progress: Double
    ) -> Moment {
        let start = BlockTimeline.place(of: here, in: schedule)
        let end = BlockTimeline.place(of: there, in: schedule)
        let (share, pace) = Self.ease(progress)
        return Moment(
            point: start.interpolated(to: end, fraction: share), bearing: start.bearing(to: end),
            speedMetresPerSecond: pace * start.distanceMetres(to: end)
                / (there.arrival - here.departure),
            trip: nil, call: nil, stopStatus: .inTransitTo, delaySeconds: 0)
    }

    /// The share of the way after a share of the time, and the speed there against the average:
    /// speeding up evenly, going on, braking evenly.
    private static func ease(_ progress: Double) -> (share: Double, pace: Double) {
        let top = 1 / (1 - ramp)
        let time = min(max(progress, 0), 1)
        if time < ramp { return (top * time * time / (2 * ramp), top * time / ramp) }
        if time > 1 - ramp {
            let rest = 1 - time
            return (1 - top * rest * rest / (2 * ramp), top * rest / ramp)
        }
        return (top * (time - ramp / 2), top)
    }

    private func call(of visit: BlockTimeline.Visit) -> Call {
        let calls = schedule.calls(of: Int(visit.trip))
        return calls[calls.startIndex + Int(visit.call)]
    }
}

internal import Timetable
internal import TransitModel

/// Which station each stop belongs to.
struct StationIndex: Sendable {
    private let parents: [StopID: StopID]

    init(_ stops: [Stop]) {
        var parents: [StopID: StopID] = [:]
        for stop in stops { parents[stop.id] = stop.parentStation }
        self.parents = parents
    }

    /// The station of a platform or boarding area; a stop without one is its own.
    func station(of stop: StopID) -> StopID {
        var current = stop
        // A boarding area lies on a platform, which lies in a station: two steps at most.
        for _ in 0..<2 {
            guard let parent = parents[current] else { return current }
            current = parent
        }
        return current
    }
}

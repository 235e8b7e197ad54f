internal import Timetable
internal import TransitModel

/// What each stop is part of.
struct StopTree: Sendable {
    private let parents: [StopID: StopID]

    init(_ stops: [Stop]) {
        var parents: [StopID: StopID] = [:]
        for stop in stops { parents[stop.id] = stop.parentStation }
        self.parents = parents
    }

    /// The stop itself and what it is part of, from the inside out. A boarding area lies on a
    /// platform, which lies in a station: never more than three.
    func chain(of stop: StopID) -> [StopID] {
        var chain = [stop]
        while chain.count < 3, let parent = parents[chain[chain.count - 1]] { chain.append(parent) }
        return chain
    }

    /// The station of a platform or boarding area; a stop without one is its own.
    func station(of stop: StopID) -> StopID { chain(of: stop).last ?? stop }
}

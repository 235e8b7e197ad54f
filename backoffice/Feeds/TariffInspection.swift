import Fares
import Timetable
import TransitModel

/// What is to be said of a feed's tariff before it takes effect.
package struct TariffInspection: Sendable {
    /// By severity, file and line.
    package let findings: [TariffFinding]
    /// The tariff with the version that fixes its prices; `nil` where it cannot be read.
    package let tariff: String?
    /// Whether the feed says where its routes run, so that gaps could be looked for.
    package let knowsRides: Bool

    package var errors: Int { findings.count { $0.severity == .error } }
    package var warnings: Int { findings.count - errors }

    /// - Throws: What no finding can stand for: a time zone that this system does not know.
    package init(_ files: FeedFiles) throws {
        do {
            let feed = try LoadedFeed(files, tariff: TariffID(files.name))
            let served = try Self.served(files)
            findings =
                TariffCheck(
                    feed.tables, feed.tariffExtension, try feed.tariff, served: served,
                    zone: feed.zone
                ).findings
            knowsRides = !served.isEmpty
            let id = feed.tariffExtension?.tariff.id?.rawValue
            tariff = (id.map { "\($0) " } ?? "") + feed.tariffVersion
        } catch let error as FeedError {
            (findings, knowsRides, tariff) = ([TariffFinding(error)], true, nil)
        } catch let error as TariffError {
            (findings, knowsRides, tariff) = ([TariffFinding(error.place)], true, nil)
        }
    }

    private static func served(
        _ files: FeedFiles
    ) throws(FeedError) -> [TariffCheck.ServedPattern] {
        guard files.contents["stop_times.txt"] != nil else { return [] }
        let schedule = try Schedule(files: files.contents)
        var seconds: [Int: ClosedRange<Int>] = [:]
        for trip in schedule.trips {
            let known = seconds[trip.route] ?? trip.startsAt...max(trip.startsAt, trip.endsAt)
            seconds[trip.route] =
                min(known.lowerBound, trip.startsAt)...max(known.upperBound, trip.endsAt)
        }
        var patterns: Set<TariffCheck.ServedPattern> = []
        for (index, trip) in schedule.trips.enumerated() {
            patterns.insert(
                TariffCheck.ServedPattern(
                    route: schedule.routes[trip.route].id,
                    stops: schedule.calls(of: index).map { schedule.stops[$0.stop].id },
                    seconds: seconds[trip.route] ?? 0...86_399))
        }
        return Array(patterns)
    }
}

internal import Timetable
internal import TransitModel

/// Rides that no rule prices, found by pricing one of each kind.
extension TariffCheck {
    /// Rides that are the same for the leg rules and sets of legs.
    private struct Kind: Hashable {
        let networks: [Int32]
        let from: [Int32]
        let to: [Int32]
        let type: Int
        let agency: AgencyID?
    }

    private struct Ride {
        let route: RouteID
        let from: StopID
        let to: StopID
        let seconds: ClosedRange<Int>
    }

    /// How many rides are priced at most; a tariff with more kinds is looked at in part.
    private static let trialLimit = 300_000
    private static let findingLimit = 50

    var gaps: [TariffFinding] {
        let rides = distinctRides()
        guard !rides.isEmpty else { return [] }
        let engine = FareEngine(tariff)
        let instants = instants(rides: rides.count)
        let categories: [[RiderCategoryID]] =
            tables.riderCategories.isEmpty
            ? [[]] : tables.riderCategories.map(\.id).sorted().map { [$0] }
        var findings: [TariffFinding] = []
        var untold = 0
        for ride in rides {
            for category in categories {
                guard let gap = firstGap(ride, category, instants, engine) else { continue }
                if findings.count < Self.findingLimit {
                    findings.append(gap)
                } else {
                    untold += 1
                }
            }
        }
        if untold > 0 {
            findings.append(
                TariffFinding(
                    .error, .gap, "fare_leg_rules.txt", "\(untold) more kinds of rides have none"))
        }
        return findings
    }

    private func distinctRides() -> [Ride] {
        let routes = Dictionary(
            tables.routes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var known: Set<Kind> = []
        var rides: [Ride] = []
        for pattern in Set(served).sorted(by: Self.isBefore) {
            let probe = FareLeg(
                boarding: nil, route: pattern.route, fromStop: nil, toStop: nil,
                departedAt: Timestamp(secondsSince1970: 0))
            guard let networks = try? tariff.places.networkKeys(of: probe) else { continue }
            let keys = pattern.stops.map { stop in tariff.places.stopKeys(stop) }
            for (first, from) in keys.enumerated() {
                for last in (first + 1)..<max(keys.count, first + 1) {
                    guard let from, let to = keys[last] else { continue }
                    let kind = Kind(
                        networks: networks, from: from.from, to: to.to,
                        type: routes[pattern.route]?.type ?? 0,
                        agency: routes[pattern.route]?.agency)
                    guard known.insert(kind).inserted else { continue }
                    rides.append(
                        Ride(
                            route: pattern.route, from: pattern.stops[first],
                            to: pattern.stops[last], seconds: pattern.seconds))
                }
            }
        }
        return rides
    }

    private static func isBefore(_ left: ServedPattern, _ right: ServedPattern) -> Bool {
        left.route == right.route
            ? left.stops.map(\.rawValue).lexicographicallyPrecedes(right.stops.map(\.rawValue))
            : left.route < right.route
    }

    /// Every half hour of a week where prices depend on the time, else one instant.
    private func instants(rides: Int) -> [Timestamp] {
        let day =
            source?.tariff.effectiveFrom
            ?? tables.calendar.dates.map { FareDay(daysSince1970: $0.lowerBound.daysSince1970) }
            ?? FareDay(daysSince1970: 20_454)
        let start = zone.serviceDayStart(ServiceDate(daysSince1970: day.daysSince1970))
            .advanced(by: .seconds(tariff.rules?.calendar.dayStart ?? 0))
        guard !tables.timeframes.isEmpty else { return [start.advanced(by: .seconds(43_200))] }
        let people = max(1, tables.riderCategories.count)
        let count = min(336, max(1, Self.trialLimit / (rides * people)))
        return (0..<count).map { index in
            start.advanced(by: .seconds(900 + index * (7 * 86_400 / count)))
        }
    }

    /// Whether the route has vehicles at that time of some day.
    private func runs(_ ride: Ride, at instant: Timestamp) -> Bool {
        let second = zone.local(instant, as: ServiceDate.self).secondsOfDay
        return ride.seconds.contains(second) || ride.seconds.contains(second + 86_400)
    }

    private func firstGap(
        _ ride: Ride, _ category: [RiderCategoryID], _ instants: [Timestamp], _ engine: FareEngine
    ) -> TariffFinding? {
        for instant in instants where tables.timeframes.isEmpty || runs(ride, at: instant) {
            let leg = FareLeg(
                boarding: nil, route: ride.route, fromStop: ride.from, toStop: ride.to,
                departedAt: instant, arrivedAt: instant.advanced(by: .seconds(600)),
                distanceMetres: 1_000)
            let rider = FareRider(categories: category, media: .any)
            do throws(FareRefusal) {
                _ = try engine.quote([RiderLeg(leg, by: rider)])
            } catch {
                if case .tariffNotInForce = error { continue }
                return finding(ride, category, instant, error)
            }
        }
        return nil
    }

    private func finding(
        _ ride: Ride, _ category: [RiderCategoryID], _ instant: Timestamp, _ refusal: FareRefusal
    ) -> TariffFinding {
        let local = zone.local(instant, as: ServiceDate.self)
        let minutes = local.secondsOfDay / 60
        let time = "\(minutes / 60):" + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60)"
        let who = category.first.map { " for \"\($0)\"" } ?? ""
        let when = tables.timeframes.isEmpty ? "" : " on \(local.date) at \(time)"
        return TariffFinding(
            .error, .gap, "fare_leg_rules.txt",
            "route \"\(ride.route)\" from stop \"\(ride.from)\" to \"\(ride.to)\"\(who)\(when): "
                + refusal.message)
    }
}

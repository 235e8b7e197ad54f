internal import Timetable
internal import TransitModel

/// What sets of legs ask about one leg.
struct LegFacts {
    let leg: FareLeg
    let rider: ResolvedRider
    let networkID: NetworkID?
    let routeType: Int?
    let agency: AgencyID?
    /// The fare day of its validation.
    let day: FareDay
    /// Where and when the time of day is judged.
    let judgedAt: Timestamp
    let judgedStop: StopID?
}

/// The sets of legs that rules are about.
struct LegSetIndex: Sendable {
    private struct Row: Sendable {
        let record: LegSetRecord
        let product: Int32
        let group: Int32
        let category: Int32
        let medium: Int32
        let timeframe: Int32
        let within: Set<AreaID>?
        let days: ServiceDays?
    }

    private struct RouteFacts: Sendable {
        let type: Int
        let agency: AgencyID?
        let network: NetworkID?
    }

    let ids: [LegSetID]
    private let rows: [[Row]]
    private let numberOfSet: [LegSetID: Int32]
    private let routes: [RouteID: RouteFacts]
    private let soleAgency: AgencyID?
    private let areasOfStop: [StopID: [AreaID]]

    init(
        _ source: TariffExtension, _ tables: GTFSTables, _ products: ProductIndex,
        _ timeframes: TimeframeIndex, groups: [LegGroupID]
    ) {
        ids = Set(source.legSets.map(\.set)).sorted()
        let numberOfSet = ids.numbered()
        self.numberOfSet = numberOfSet
        let numberOfGroup = groups.numbered()
        var areaSets: [AreaSetID: Set<AreaID>] = [:]
        for member in source.areaSets { areaSets[member.set, default: []].insert(member.area) }
        var rows = Array(repeating: [Row](), count: ids.count)
        for record in source.legSets {
            guard let set = numberOfSet[record.set] else { continue }
            rows[Int(set)].append(
                Row(
                    record: record,
                    product: record.fareProduct.map(products.number) ?? ProductIndex.any,
                    group: record.legGroup.flatMap { numberOfGroup[$0] } ?? ProductIndex.any,
                    category: record.riderCategory.map(products.number) ?? ProductIndex.any,
                    medium: record.fareMedia.map(products.number) ?? ProductIndex.any,
                    timeframe: record.timeframeGroup.flatMap { timeframes.numberOfGroup[$0] }
                        ?? ProductIndex.any,
                    within: record.withinAreaSet.map { areaSets[$0] ?? [] },
                    days: record.service.flatMap { source.calendar.index(of: $0) }
                        .map(source.calendar.days)))
        }
        self.rows = rows
        soleAgency = tables.agencies.count == 1 ? tables.agencies[0].id : nil
        var routes: [RouteID: RouteFacts] = [:]
        for route in tables.routes {
            routes[route.id] = RouteFacts(
                type: route.type, agency: route.agency ?? soleAgency,
                network: tables.networkOfRoute[route.id])
        }
        self.routes = routes
        var ownAreas: [StopID: [AreaID]] = [:]
        for record in tables.stopAreas { ownAreas[record.stop, default: []].append(record.area) }
        let tree = StopTree(tables.stops)
        var areasOfStop: [StopID: [AreaID]] = [:]
        if source.legSets.contains(where: \.asksForAreas) {
            for stop in tables.stops {
                areasOfStop[stop.id] =
                    tree.chain(of: stop.id).lazy.compactMap { ownAreas[$0] }.first ?? []
            }
        }
        self.areasOfStop = areasOfStop
    }

    /// The set's number; ``ProductIndex/any`` where all legs are meant. References were checked.
    func number(_ id: LegSetID?) -> Int32 {
        id.flatMap { numberOfSet[$0] } ?? ProductIndex.any
    }

    func find(_ id: LegSetID) -> Int32? { numberOfSet[id] }

    func facts(
        of leg: FareLeg, _ rider: ResolvedRider, day: FareDay, judgedAt: Timestamp,
        judgedStop: StopID?
    ) -> LegFacts {
        let route = leg.route.flatMap { routes[$0] }
        return LegFacts(
            leg: leg, rider: rider, networkID: leg.network ?? route?.network,
            routeType: route?.type, agency: leg.agency ?? route?.agency ?? soleAgency, day: day,
            judgedAt: judgedAt, judgedStop: judgedStop)
    }

    /// Whether a leg is in a set; every leg is in ``ProductIndex/any``.
    ///
    /// - Parameters:
    ///   - product: ``ProductIndex/any`` before a product is chosen.
    ///   - group: The group of the leg's rule.
    func contains(
        _ set: Int32, _ facts: LegFacts, product: Int32 = ProductIndex.any,
        group: Int32 = ProductIndex.any, _ timeframes: TimeframeIndex
    ) -> Bool {
        guard set != ProductIndex.any else { return true }
        return rows[Int(set)].contains { row in
            matches(row, facts, product: product, group: group, timeframes)
        }
    }

    private func matches(
        _ row: Row, _ facts: LegFacts, product: Int32, group: Int32, _ timeframes: TimeframeIndex
    ) -> Bool {
        let any = ProductIndex.any
        let record = row.record
        if row.product != any, row.product != product { return false }
        if row.group != any, row.group != group { return false }
        if row.category != any, !facts.rider.categories.contains(row.category) { return false }
        if row.medium != any, !facts.rider.media.contains(row.medium) { return false }
        if let network = record.network, network != facts.networkID { return false }
        if let route = record.route, route != facts.leg.route { return false }
        if let type = record.routeType, type != facts.routeType { return false }
        if let agency = record.agency, agency != facts.agency { return false }
        if let weekdays = record.weekdays, weekdays & 1 << UInt8(facts.day.isoWeekday - 1) == 0 {
            return false
        }
        if let days = row.days,
            !days.contains(ServiceDate(daysSince1970: facts.day.daysSince1970))
        {
            return false
        }
        if let area = record.fromArea, !areas(facts.leg.fromStop).contains(area) { return false }
        if let area = record.toArea, !areas(facts.leg.toStop).contains(area) { return false }
        if let within = row.within, !isWithin(within, facts.leg) { return false }
        if row.timeframe != any {
            return timeframes.contains(
                facts.judgedAt, at: facts.judgedStop, group: row.timeframe)
        }
        return true
    }

    private func areas(_ stop: StopID?) -> [AreaID] {
        stop.flatMap { areasOfStop[$0] } ?? []
    }

    /// Both ends lie within; an end that is not known is not held against the rider.
    private func isWithin(_ within: Set<AreaID>, _ leg: FareLeg) -> Bool {
        guard leg.fromStop != nil || leg.toStop != nil else { return false }
        return [leg.fromStop, leg.toStop].allSatisfy { stop in
            stop.map { areas($0).contains(where: within.contains) } ?? true
        }
    }
}

extension LegSetRecord {
    fileprivate var asksForAreas: Bool {
        fromArea != nil || toArea != nil || withinAreaSet != nil
    }
}

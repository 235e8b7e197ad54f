internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// Which rides a rule is about, in words.
extension TariffVoice {
    /// Nothing for all rides; a set's own name where it has one.
    func rides(_ set: LegSetID?) -> String? {
        guard let set else { return nil }
        return named(set) ?? definition(of: set)
    }

    /// The name of a set that has one.
    func named(_ set: LegSetID) -> String? {
        let records = rules.legSets.filter { $0.set == set }
        return records.compactMap { name(.legSetName, set.rawValue, $0.name) }.min().map(quoted)
    }

    /// What makes a ride belong to a set.
    func definition(of set: LegSetID) -> String {
        let records = rules.legSets.filter { $0.set == set }
        return Set(records.map(words)).sorted(by: NaturalOrder.precedes).joined(separator: "; ")
    }

    /// A sentence about some rides: `No more than UAH 45.00 a day on “City buses”, Pupil`.
    func sentence(_ sentence: String, on set: LegSetID?, and others: [String?] = []) -> String {
        var text = sentence
        if let set, let name = named(set) {
            text = say(.on, ["sentence": .text(text), "where": .text(name)])
        } else if let set {
            text += " — " + definition(of: set)
        }
        return ([text] + others.compactMap { $0 }).joined(separator: ", ")
    }

    /// A sentence of several clauses, with the rides that it is about behind it.
    func sentence(_ sentence: String, about set: LegSetID?, and others: [String?] = []) -> String {
        let place = [rides(set)].compactMap { $0 } + others.compactMap { $0 }
        return place.isEmpty ? sentence : "\(sentence) — \(place.joined(separator: ", "))"
    }

    private func words(_ record: LegSetRecord) -> String {
        var clauses: [String] = []
        if let type = record.routeType { clauses.append(mode(type)) }
        if let network = record.network { clauses.append(networks([network])) }
        if let route = record.route {
            clauses.append(say(.routeIs, ["name": .text(name(route))]))
        }
        if let agency = record.agency {
            clauses.append(say(.operatorIs, ["name": .text(name(agency))]))
        }
        if let product = record.fareProduct { clauses.append(quoted(name(product))) }
        if let group = record.legGroup { clauses.append(rides(of: group)) }
        if let area = record.fromArea {
            clauses.append(say(.fromZone, ["names": .text(zone(area))]))
        }
        if let area = record.toArea { clauses.append(say(.toZone, ["names": .text(zone(area))])) }
        if let set = record.withinAreaSet {
            let zones = rules.areaSets.filter { $0.set == set }.map { zone($0.area) }
            clauses.append(say(.allWithin, ["names": .text(names(zones))]))
        }
        if let group = record.timeframeGroup { clauses.append(hours(group)) }
        if let weekdays = record.weekdays { clauses.append(self.weekdays(weekdays)) }
        if let service = record.service { clauses.append(days(of: service, in: rules.calendar)) }
        if let category = record.riderCategory { clauses.append(name(category)) }
        if let medium = record.fareMedia { clauses.append(name(medium)) }
        return clauses.isEmpty ? say(.anyRide) : clauses.joined(separator: ", ")
    }

    func networks(_ ids: [NetworkID]) -> String {
        let names = names(ids.map { quoted(name($0)) })
        return say(ids.count == 1 ? .network : .networks, ["names": .text(names)])
    }

    /// GTFS's basic route types, and the hundreds of its extended ones.
    private func mode(_ type: Int) -> String {
        switch type {
        case 0, 900..<1_000: say(.modeTram)
        case 1, 400..<500: say(.modeMetro)
        case 2, 100..<200: say(.modeRail)
        case 3, 700..<800: say(.modeBus)
        case 200..<300: say(.modeCoach)
        case 4, 1_000..<1_100, 1_200..<1_300: say(.modeFerry)
        case 5, 6, 1_300..<1_400: say(.modeCable)
        case 7, 1_400..<1_500: say(.modeFunicular)
        case 11, 800..<900: say(.modeTrolleybus)
        case 12: say(.modeMonorail)
        default: say(.modeOther, ["number": .text("\(type)")])
        }
    }

    /// The rides of a leg group: by their tickets, or, where two groups have the same ones, by
    /// where they go as well.
    func rides(of group: LegGroupID) -> String {
        let own = rulesOfGroup[group] ?? []
        let products = Set(own.map(\.fareProduct))
        let isShared = products.contains { groupsOfProduct[$0] != [group] }
        let tickets = names(products.map { quoted(name($0)) })
        guard isShared else { return tickets }
        let places = LegRuleBlock.fold(own.map(LegRulePlace.init), in: self).map(\.text)
        guard places.count <= 2 else { return "\(tickets) (\(group))" }
        if products.count > Folding.sample { return places.joined(separator: "; ") }
        return "\(tickets) (\(places.joined(separator: "; ")))"
    }
}

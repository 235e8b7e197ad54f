internal import Fares
internal import Timetable
internal import TransitModel
internal import Wording

/// What rules refer to: sets of rides, networks, zones, hours; and who gets the money.
extension TariffVoice {
    /// Every set; those without a name are told where they are used.
    func legSets() -> [TariffItem] {
        Set(rules.legSets.map(\.set)).map { set in
            let definition = definition(of: set)
            let name = named(set) ?? set.rawValue
            return TariffItem(
                kind: .set, identity: set.rawValue, name: name,
                sentence: "\(name): \(definition)",
                facts: [
                    .init(.fieldName, named(set)),
                    .init(.fieldDefinition, definition, identity: identity(of: set)),
                ])
        }
    }

    private func identity(of set: LegSetID) -> String {
        rules.legSets.filter { $0.set == set }.map { record in
            var parts: [String?] = [record.network?.rawValue, record.route?.rawValue]
            parts += [record.routeType.map(String.init), record.agency?.rawValue]
            parts += [record.fareProduct?.rawValue, record.legGroup?.rawValue]
            parts += [record.fromArea?.rawValue, record.toArea?.rawValue]
            parts += [
                record.withinAreaSet.map { within in
                    rules.areaSets.filter { $0.set == within }.map(\.area.rawValue).sorted()
                        .joined(separator: "\u{1E}")
                }, record.timeframeGroup?.rawValue,
            ]
            parts += [record.riderCategory?.rawValue, record.fareMedia?.rawValue]
            parts += [
                record.weekdays.map { "\($0)" },
                record.service.map { daysIdentity(of: $0, in: rules.calendar) },
            ]
            return parts.map { $0 ?? "" }.joined(separator: "\u{1F}")
        }.sorted().joined(separator: "\n")
    }

    func networkItems() -> [TariffItem] {
        let used = Set(tables.fareLegRules.compactMap(\.network))
            .union(rules.legSets.compactMap(\.network))
            .union(
                tables.fareLegJoinRules.flatMap { [$0.fromNetwork, $0.toNetwork] }.compactMap { $0 }
            )
        let routes = Dictionary(grouping: tables.networkOfRoute.keys) {
            tables.networkOfRoute[$0]
        }
        return used.map { network in
            let names = (routes[network] ?? []).map { name($0) }
            let list = say(
                names.count == 1 ? .routeIs : .routesAre,
                [
                    "name": .text(names.first ?? ""),
                    "names": .text(names.isEmpty ? say(.none) : self.names(names)),
                ])
            return TariffItem(
                kind: .network, identity: network.rawValue, name: quoted(name(network)),
                sentence: "\(name(network)): \(list)",
                facts: [
                    .init(.fieldName, name(network)), .init(.fieldRoutes, members: names),
                ])
        }
    }

    func areaItems() -> [TariffItem] {
        let used = Set(tables.fareLegRules.flatMap { [$0.fromArea, $0.toArea] }.compactMap { $0 })
            .union(rules.legSets.flatMap { [$0.fromArea, $0.toArea] }.compactMap { $0 })
            .union(rules.areaSets.map(\.area))
        let stops = Dictionary(grouping: tables.stopAreas, by: \.area)
        return used.map { area in
            let names = Set((stops[area] ?? []).map { name($0.stop) })
            let labels = (stops[area] ?? []).map { book.stopLabels[$0.stop] ?? name($0.stop) }
            let list =
                (1...8).contains(names.count)
                ? self.names(names) : say(.stopCount, count: stops[area]?.count ?? 0)
            return TariffItem(
                kind: .area, identity: area.rawValue, name: zone(area),
                sentence: "\(name(area)): \(list)",
                facts: [
                    .init(.fieldName, name(area)), .init(.fieldStops, members: labels),
                ])
        }
    }

    func timeframeItems() -> [TariffItem] {
        Set(tables.timeframes.map(\.group)).map { group in
            TariffItem(
                kind: .timeframe, identity: group.rawValue, name: quoted(group.rawValue),
                sentence: hours(group),
                facts: [.init(.fieldHours, hours(group), identity: hoursIdentity(group))])
        }
    }

    func operatorShares() -> [TariffItem] {
        Dictionary(grouping: rules.operatorShares, by: \.legSet).map { set, records in
            let total = records.reduce(0) { $0 + $1.weight }
            let parts = records.sorted {
                ($1.weight, $0.agency.rawValue) < ($0.weight, $1.agency.rawValue)
            }.map { record in
                let share = Rounding.halfUp.quotient(
                    Int128(record.weight) * 10_000, over: Int128(max(total, 1)))
                return "\(name(record.agency)) \(percent(Int(share)))"
            }.joined(separator: ", ")
            let place = rides(set) ?? say(.anyRide)
            let identity = records.map { "\($0.agency)\u{1F}\($0.weight)" }.sorted()
                .joined(separator: "\n")
            return TariffItem(
                kind: .share, identity: set.rawValue, name: place,
                sentence: "\(place): \(parts)",
                facts: [.init(.fieldShares, parts, identity: identity)])
        }
    }

    func people() -> [TariffItem] {
        tables.riderCategories.map { category in
            TariffItem(
                kind: .category, identity: category.id.rawValue, name: quoted(name(category.id)),
                sentence: quoted(name(category.id)),
                facts: [
                    .init(.fieldName, name(category.id)),
                    .init(.fieldDefault, yesOrNo(category.isDefault)),
                ])
        }
            + tables.fareMedia.map { medium in
                TariffItem(
                    kind: .medium, identity: medium.id.rawValue, name: quoted(name(medium.id)),
                    sentence: quoted(name(medium.id)),
                    facts: [.init(.fieldName, name(medium.id))])
            }
    }
}

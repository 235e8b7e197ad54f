internal import Timetable
internal import TransitModel

extension FareEngine {
    /// A state in the form in which it is kept between batches of taps.
    package func bytes(of state: FareState) throws(FareStateError) -> [UInt8] {
        var stored = StoredFareState()
        stored.standing = store(state.standing)
        stored.joinable = state.joinable.map(store)
        var writer = StateWriter()
        var version = StoredFareState.version
        try writer.word(&version)
        try stored.archive(&writer)
        return writer.writer.bytes
    }

    /// Reads what ``bytes(of:)`` gave, under this or under an earlier tariff.
    package func state(bytes: [UInt8]) throws(FareStateError) -> FareState {
        var reader = StateReader(reader: ByteReader(bytes))
        var version: UInt8 = 0
        try reader.word(&version)
        guard version == StoredFareState.version else { throw .unknownVersion(version) }
        var stored = StoredFareState()
        try stored.archive(&reader)
        guard reader.reader.isAtEnd else { throw .malformed }
        var state = FareState(restore(stored.standing))
        if let joinable = stored.joinable, !tariff.joins.isEmpty {
            state.joinable = restore(joinable)
        }
        return state
    }
}

// MARK: - From numbers to identifiers

extension FareEngine {
    private func product(_ number: Int32) -> FareProductID {
        tariff.products.products[Int(number)].id
    }

    private func group(_ number: Int32) -> LegGroupID? {
        number == ProductIndex.any ? nil : tariff.legRules.groups[Int(number)]
    }

    private func category(_ number: Int32) -> RiderCategoryID? {
        number == ProductIndex.any ? nil : tariff.products.categoryIDs[Int(number)]
    }

    private func legSet(_ number: Int32) -> LegSetID? {
        number == ProductIndex.any ? nil : tariff.rules?.legSets.ids[Int(number)]
    }

    private func store(_ standing: FareState.Standing) -> StoredFareState.Standing {
        var stored = StoredFareState.Standing()
        stored.open = standing.open.map(store)
        stored.riders = standing.riders
        guard let rules = tariff.rules else { return stored }
        stored.journey = standing.journey.map { store($0, rules) }
        stored.chain = standing.chain.map { chain in
            .init(
                firstDepartedAt: chain.firstDepartedAt,
                earliestArrival: chain.firstArrival.earliest,
                latestArrival: chain.firstArrival.latest, count: chain.count,
                dearest: chain.dearest, previous: chain.previous, paid: chain.paid,
                sets: chain.sets.compactMap(legSet), route: chain.route, isClosed: chain.isClosed)
        }
        stored.ticket = standing.ticket.map { run in
            .init(
                product: rules.passes.passes[Int(run.pass)].id, start: run.start,
                rides: run.rides, paid: run.paid,
                eligible: run.eligible.map { rules.passes.passes[Int($0)].id },
                openedAt: run.openedAt)
        }
        stored.accounts = standing.accounts.map { account in
            .init(
                cap: rules.caps.caps[Int(account.cap)].id, opening: account.opening,
                due: account.due, paid: account.paid,
                entries: account.entries.map { .init(at: $0.at, due: $0.due, paid: $0.paid) })
        }
        stored.rideCounts = standing.rideCounts.map { count in
            let discount = rules.rideDiscounts.discounts[Int(count.discount)]
            return .init(
                discount: discount.id, category: category(discount.category),
                opening: count.opening, rides: count.rides,
                journeyStart: count.journeyStart, instants: count.instants)
        }
        stored.uses = standing.passUses.map {
            .init(product: product($0.product), start: $0.start, rides: $0.rides)
        }
        return stored
    }

    private func store(_ open: FareState.OpenLeg) -> StoredFareState.OpenLeg {
        .init(
            group: group(open.group), departedAt: open.departedAt, arrivedAt: open.arrivedAt,
            replaceableFare: open.replaceableFare,
            run: open.run.map { run in
                let groups = tariff.transferRules.groups(ofFamily: run.family)
                return .init(
                    family: .init(from: group(groups.from), to: group(groups.to)),
                    count: run.count, firstDepartedAt: run.firstDepartedAt,
                    earliestArrival: run.firstArrival.earliest,
                    latestArrival: run.firstArrival.latest)
            })
    }

    private func store(_ journey: OpenJourney, _ rules: ExtensionRules) -> StoredFareState.Journey {
        let hasRule = journey.rule != ProductIndex.any
        return .init(
            hasRule: hasRule,
            legSet: hasRule ? legSet(rules.journeys.rules[Int(journey.rule)].legSet) : nil,
            startedAt: journey.startedAt, startStop: journey.startStop, legs: journey.legs,
            lastLeftAt: journey.lastLeftAt, lastRoute: journey.lastRoute,
            distances: journey.distances.map {
                .init(product: product($0.product), metres: $0.metres, price: $0.price)
            },
            sums: journey.sums.map { sum in
                let limit = rules.limits.limits[Int(sum.limit)]
                return .init(
                    legSet: legSet(limit.legSet), category: category(limit.category),
                    isJourney: limit.scope == .journey, due: sum.due, charged: sum.charged)
            })
    }

    private func store(_ joinable: FareState.Joinable) -> StoredFareState.Joinable {
        let rider = joinable.leg.rider
        var stored = StoredFareState.Joinable()
        stored.categories = rider.categories
        if case .only(let media) = rider.media { stored.media = media }
        stored.held = rider.held.map {
            .init(
                product: $0.product, validFrom: $0.validFrom, validUntil: $0.validUntil,
                ridesLeft: $0.ridesLeft)
        }
        stored.riders = rider.riders
        stored.whole = .init(joinable.leg.whole)
        stored.last = joinable.leg.lastOfSeveral.map { .init($0) }
        stored.networks = joinable.leg.networks.map(tariff.places.network)
        stored.base = store(joinable.base)
        stored.charged = joinable.charged
        return stored
    }
}

// MARK: - From identifiers to numbers

extension FareEngine {
    private func restore(_ stored: StoredFareState.Standing) -> FareState.Standing {
        var standing = FareState.Standing()
        standing.open = stored.open.map(restore)
        standing.riders = max(1, stored.riders)
        guard let rules = tariff.rules else { return standing }
        var travel = FareState.Travel()
        travel.journey = stored.journey.flatMap { restore($0, rules) }
        travel.chain = stored.chain.map { chain in
            TransferChain(
                firstDepartedAt: chain.firstDepartedAt,
                firstArrival: .init(
                    earliest: chain.earliestArrival, latest: chain.latestArrival),
                count: chain.count, dearest: chain.dearest, previous: chain.previous,
                paid: chain.paid, sets: chain.sets.compactMap(rules.legSets.find).sorted(),
                route: chain.route, isClosed: chain.isClosed)
        }
        travel.ticket = stored.ticket.flatMap { ticket in
            rules.passes.find(ticket.product).map { pass in
                TicketRun(
                    pass: pass, start: ticket.start, rides: ticket.rides, paid: ticket.paid,
                    eligible: ticket.eligible.compactMap(rules.passes.find).sorted(),
                    openedAt: ticket.openedAt)
            }
        }
        standing.set(travel)
        standing.accounts = stored.accounts.compactMap { account in
            rules.caps.caps.firstIndex { $0.id == account.cap }.map { cap in
                CapAccount(
                    cap: Int32(cap), opening: account.opening, due: account.due,
                    paid: account.paid,
                    entries: account.entries.map { .init(at: $0.at, due: $0.due, paid: $0.paid) })
            }
        }.sorted { $0.cap < $1.cap }
        standing.rideCounts = stored.rideCounts.compactMap { count in
            rules.rideDiscounts.discounts.firstIndex {
                $0.id == count.discount && category($0.category) == count.category
            }.map { discount in
                RideCount(
                    discount: Int32(discount), opening: count.opening, rides: count.rides,
                    journeyStart: count.journeyStart, instants: count.instants)
            }
        }.sorted { $0.discount < $1.discount }
        standing.passUses = stored.uses.compactMap { use in
            tariff.products.find(use.product).map {
                PassUse(product: $0, start: use.start, rides: use.rides)
            }
        }.sorted { $0.product < $1.product }
        return standing
    }

    private func restore(_ stored: StoredFareState.OpenLeg) -> FareState.OpenLeg {
        func number(_ group: LegGroupID?) -> Int32? {
            guard let group else { return ProductIndex.any }
            return tariff.legRules.groups.firstIndex(of: group).map(Int32.init)
        }
        let run = stored.run.flatMap { run -> FareState.Run? in
            guard let from = number(run.family.from), let to = number(run.family.to),
                let family = tariff.transferRules.family(keyedFrom: from, to: to)
            else { return nil }
            return FareState.Run(
                family: family, count: run.count, firstDepartedAt: run.firstDepartedAt,
                firstArrival: .init(earliest: run.earliestArrival, latest: run.latestArrival))
        }
        return FareState.OpenLeg(
            group: number(stored.group) ?? ProductIndex.any, departedAt: stored.departedAt,
            arrivedAt: stored.arrivedAt, replaceableFare: stored.replaceableFare, run: run)
    }

    /// `nil` where the tariff no longer has the rule that made the journey.
    private func restore(
        _ stored: StoredFareState.Journey, _ rules: ExtensionRules
    ) -> OpenJourney? {
        var rule = ProductIndex.any
        if stored.hasRule {
            let known = rules.journeys.rules.firstIndex { legSet($0.legSet) == stored.legSet }
            guard let known else { return nil }
            rule = Int32(known)
        }
        var journey = OpenJourney(
            rule: rule, startedAt: stored.startedAt, startStop: stored.startStop,
            legs: stored.legs, lastLeftAt: stored.lastLeftAt, lastRoute: stored.lastRoute)
        journey.distances = stored.distances.compactMap { distance in
            tariff.products.find(distance.product).map {
                .init(product: $0, metres: distance.metres, price: distance.price)
            }
        }.sorted { $0.product < $1.product }
        journey.sums = stored.sums.compactMap { sum in
            rules.limits.limits.firstIndex {
                legSet($0.legSet) == sum.legSet && category($0.category) == sum.category
                    && ($0.scope == .journey) == sum.isJourney
            }.map { .init(limit: Int32($0), due: sum.due, charged: sum.charged) }
        }.sorted { $0.limit < $1.limit }
        return journey
    }

    private func restore(_ stored: StoredFareState.Joinable) -> FareState.Joinable {
        let rider = FareRider(
            categories: stored.categories, media: stored.media.map { .only($0) } ?? .any,
            held: stored.held.map {
                HeldFareProduct(
                    $0.product, validFrom: $0.validFrom, validUntil: $0.validUntil,
                    ridesLeft: $0.ridesLeft)
            }, riders: stored.riders)
        return FareState.Joinable(
            leg: EffectiveLeg(
                rider: rider, whole: stored.whole.leg,
                networks: stored.networks.compactMap { network in
                    guard let network else { return ProductIndex.any }
                    return tariff.places.numberOfNetwork[network]
                }, lastOfSeveral: stored.last.map(\.leg)),
            base: restore(stored.base), charged: stored.charged)
    }
}

extension StoredFareState.Leg {
    fileprivate init(_ leg: FareLeg) {
        self.init(
            route: leg.route, network: leg.network, agency: leg.agency, fromStop: leg.fromStop,
            toStop: leg.toStop, departedAt: leg.departedAt, arrivedAt: leg.arrivedAt,
            metres: leg.distanceMetres)
    }

    fileprivate var leg: FareLeg {
        FareLeg(
            boarding: nil, route: route, network: network, agency: agency, fromStop: fromStop,
            toStop: toStop, departedAt: departedAt, arrivedAt: arrivedAt, distanceMetres: metres)
    }
}

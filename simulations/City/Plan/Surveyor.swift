internal import TransitModel

/// Lays out the streets of a ``CityPlan``.
struct Surveyor {
    let river: River
    let rings: CityPlan.Rings
    var random: SeededGenerator

    /// Streets run past each other by this much, so that they certainly cross; the graph cuts off
    /// what hangs over.
    private static let overshoot = 90.0
    private static let step = 60.0

    func heading(ofRadial index: Int) -> Double {
        river.normalHeading + Double(index) * 360 / Double(CityPlan.radialCount)
    }

    private func isBridge(_ radial: Int) -> Bool { [0, 1, 7].contains(radial) }

    // MARK: - Radials

    struct Radial {
        let line: Polyline
        let streets: [Street]
        let outskirt: CityPlan.Outskirt?
    }

    /// An avenue from the centre past its district; three go on as highways.
    mutating func makeRadial(_ index: Int, names: inout NamePool) -> Radial {
        let isAxis = index.isMultiple(of: 2)
        let outskirt: CityPlan.Outskirt? =
            switch index {
            case 2: .airport
            case 5: .village
            case 6: .secondVillage
            default: nil
            }
        let gate = rings.outer.distance(atHeading: heading(ofRadial: index))
        let cityEnd = gate + random.number(in: 1_050...1_250)
        let end = outskirt == nil ? cityEnd : gate + random.number(in: 3_000...3_700)
        let start = isAxis ? 0 : rings.inner.radius * 0.86 - Self.overshoot
        let points = walk(index, from: start, to: end)
        let line = Polyline(points)
        let isCityWide = isAxis || random.chance(percent: 30)
        let name = names.take(isCityWide ? .avenue : .street)
        let cityPoints = points.filter { $0.length <= cityEnd }
        var streets = [
            Street(name: name, kind: .avenue, points: cityPoints, mayBridge: isBridge(index))
        ]
        if outskirt != nil, let gate = cityPoints.last {
            let highway = [gate] + points.dropFirst(cityPoints.count)
            streets.append(Street(name: names.take(.street), kind: .highway, points: highway))
        }
        return Radial(line: line, streets: streets, outskirt: outskirt)
    }

    /// Walks outwards, swaying a little, and turns away from the river where it has no bridge.
    private mutating func walk(_ index: Int, from start: Double, to end: Double) -> [Spot] {
        let base = heading(ofRadial: index)
        let jitter = index.isMultiple(of: 2) ? 0 : random.number(in: -5...5.0)
        let sway = random.number(in: 5...11.0)
        let swayLength = random.number(in: 4_200...7_000.0)
        let phase = random.number(in: 0...359.0)
        let awayFromRiver = index < 4 ? 1.0 : -1.0
        var dodge = 0.0
        var points = [Spot(heading: base, distance: start)]
        while let last = points.last, last.length < end, points.count < 400 {
            let ramp = min(max((last.length - 900) / 1_500, 0), 1)
            var heading = base + jitter * min(last.length / 1_000, 1)
            heading += ramp * sway * Wave.sine(last.length / swayLength * 360 + phase)
            if !isBridge(index) {
                let ahead = last + Spot(heading: heading + dodge * awayFromRiver, distance: 350)
                let isNear = river.offset(of: ahead) > -520
                dodge = min(max(dodge + (isNear ? 5 : -3), 0), 55)
            }
            points.append(
                last + Spot(heading: heading + dodge * awayFromRiver, distance: Self.step))
        }
        return points
    }

    // MARK: - Rings

    mutating func makeRings(names: inout NamePool) -> [Street] {
        let boulevard = names.claim(
            .init(ukrainian: "Бульвар Незламності", english: "Nezlamnosti Boulevard"))
        let middle = names.claim(.init(ukrainian: "Вулиця Кільцева", english: "Kiltseva Street"))
        let outer = names.claim(.init(ukrainian: "Вулиця Окружна", english: "Okruzhna Street"))
        return [
            Street(name: boulevard, kind: .ring, points: points(of: rings.inner).map(onOwnBank)),
            Street(
                name: middle, kind: .ring, points: points(of: rings.middle), mayBridge: true),
            Street(name: outer, kind: .ring, points: points(of: rings.outer)),
        ]
    }

    /// Pulls a place back over the river until it stands on the embankment.
    private func onOwnBank(_ spot: Spot) -> Spot {
        var spot = spot
        let back = Spot(heading: river.normalHeading, distance: -10)
        while river.offset(of: spot) > -(river.halfWidth + 60) { spot = spot + back }
        return spot
    }

    private func points(of ring: CityPlan.Rings.Ring) -> [Spot] {
        let count = Int(ring.radius * 6.283 / Self.step)
        // Begins between two radials, so that its ends meet away from any crossing.
        let start = heading(ofRadial: 4) + 20
        return (0...count).map { index in
            let heading = start + Double(index % count) * 360 / Double(count)
            return Spot(heading: heading, distance: ring.distance(atHeading: heading))
        }
    }

    // MARK: - Centre

    /// A grid inside the inner ring, along the two axes.
    mutating func makeCentre(names: inout NamePool) -> [Street] {
        let reach = rings.inner.radius * 1.1 + Self.overshoot
        var streets: [Street] = []
        for axis in [0, 2] {
            let along = Spot(heading: heading(ofRadial: axis), distance: 1)
            for offset in [-410.0, 390] {
                let shift = along.right * (offset + random.number(in: -30...30.0))
                streets.append(
                    Street(
                        name: names.take(.street), kind: .street,
                        points: straight(from: along * -reach + shift, to: along * reach + shift)))
            }
        }
        return streets
    }

    private func straight(from start: Spot, to end: Spot) -> [Spot] {
        let count = max(1, Int(start.distance(to: end) / Self.step))
        return (0...count).map { start + (end - start) * (Double($0) / Double(count)) }
    }

    // MARK: - Between the rings

    /// Streets between neighbouring radials, at two distances from the centre.
    mutating func makeChords(radials: [Polyline], names: inout NamePool) -> [Street] {
        var streets: [Street] = []
        for (lower, upper, percent) in [
            (rings.inner, rings.middle, 80), (rings.middle, rings.outer, 70),
        ] {
            for index in radials.indices where random.chance(percent: percent) {
                let next = (index + 1) % radials.count
                func place(_ radial: Int) -> Spot {
                    let heading = heading(ofRadial: radial)
                    let between =
                        lower.distance(atHeading: heading) + upper.distance(atHeading: heading)
                    return radials[radial].firstPoint(
                        beyond: between / 2 + random.number(in: -150...150.0))
                }
                let (start, end) = (place(index), place(next))
                guard isOnOneBank(start, end) else { continue }
                let bulge = (start + end) * random.number(in: 0.02...0.06)
                streets.append(
                    Street(name: names.take(.street), kind: .street, points: arc(start, end, bulge))
                )
            }
        }
        return streets
    }

    private func isOnOneBank(_ spots: Spot...) -> Bool {
        spots.allSatisfy { river.offset(of: $0) < -150 }
            || spots.allSatisfy { river.offset(of: $0) > 150 }
    }

    private func arc(_ start: Spot, _ end: Spot, _ bulge: Spot) -> [Spot] {
        let reach = (end - start).unit * Self.overshoot
        return straight(from: start - reach, to: end + reach).map { spot in
            let fraction = (spot - start).dot((end - start).unit) / start.distance(to: end)
            return spot + bulge * (4 * fraction * (1 - fraction))
        }
    }

    // MARK: - Districts

    /// Streets beside the radial and across it, beyond the outer ring.
    mutating func makeDistrict(
        _ index: Int, along radial: Polyline, names: inout NamePool
    ) -> (District, [Street]) {
        let gate = radial.firstDistance(
            beyond: rings.outer.distance(atHeading: heading(ofRadial: index)))
        let along = radial.direction(at: gate + 500)
        let origin = radial.point(at: gate)
        let across = [random.number(in: 430...500.0), random.number(in: 930...1_000.0)]
        var beside = [-random.number(in: 400...520.0), random.number(in: 400...520.0)]
        if random.chance(percent: 60) { beside.insert(beside[0] - 430, at: 0) }
        if random.chance(percent: 60) { beside.append(beside[beside.count - 1] + 430) }
        func place(_ distance: Double, _ side: Double) -> Spot {
            origin + along * distance + along.right * side
        }
        var streets: [Street] = []
        let far = across[1] + Self.overshoot
        for side in beside {
            let points = straight(from: place(-350, side), to: place(far, side))
            streets.append(Street(name: names.take(.street), kind: .local, points: points))
        }
        for distance in across {
            let points = straight(
                from: place(distance, beside[0] - Self.overshoot),
                to: place(distance, beside[beside.count - 1] + Self.overshoot))
            streets.append(Street(name: names.take(.street), kind: .local, points: points))
        }
        let isAcrossRiver = river.offset(of: place(500, 0)) > 0
        let district = District(
            name: names.take(isAcrossRiver ? .farDistrict : .district), centre: place(500, 0),
            terminals: [
                place(across[1], beside[0]), place(across[1], beside[beside.count - 1]),
            ],
            isAcrossRiver: isAcrossRiver)
        return (district, streets)
    }
}

extension Polyline {
    /// The distance along the line at which it leaves a circle around the square.
    fileprivate func firstDistance(beyond radius: Double) -> Double {
        zip(points, distances).first { $0.0.length >= radius }?.1 ?? length
    }

    fileprivate func firstPoint(beyond radius: Double) -> Spot {
        point(at: firstDistance(beyond: radius))
    }
}

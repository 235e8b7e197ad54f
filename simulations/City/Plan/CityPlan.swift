internal import TransitModel

/// A street as it was laid out, before crossings are known.
struct Street: Sendable {
    enum Kind: Int, Sendable {
        /// Wide, out of the centre; trams run in some of them.
        case avenue
        /// Around the centre.
        case ring
        case street
        /// Between the houses of a district.
        case local
        /// Beyond the last houses.
        case highway
    }

    let name: DemoCity.Name
    let kind: Kind
    var points: [Spot]
    /// Whether it may cross the river; whether it does depends on the bridges beside it.
    var mayBridge = false
}

/// A part of the city where people live, at the end of a radial avenue.
struct District: Sendable {
    let name: DemoCity.Name
    let centre: Spot
    /// Where lines end.
    let terminals: [Spot]
    let isAcrossRiver: Bool
}

/// The ground plan: a river, a centre with its grid, radial avenues, three rings, districts.
///
/// Headings count counterclockwise from east. Radial 0 leads straight to the river; the others
/// follow every 45 degrees, so that 0 with 4 and 2 with 6 are the two axes through the square.
struct CityPlan: Sendable {
    static let radialCount = 8

    let river: River
    var streets: [Street] = []
    var districts: [District] = []
    /// The villages or the airport at the far ends of the radials that lead there.
    var outskirts: [Outskirt: (name: DemoCity.Name, spot: Spot)] = [:]
    /// Points along each radial, from the centre outwards.
    var radials: [Polyline] = []
    let rings: Rings

    enum Outskirt: Hashable, Sendable {
        case airport
        case village
        case secondVillage
    }

    /// Three closed roads around the square, longer beside the river than across it.
    struct Rings: Sendable {
        struct Ring: Sendable {
            /// Of the circle that it would be.
            let radius: Double
            private let alongRiver: Double
            private let phases: [Double]
            private let wobble: Double

            fileprivate init(
                radius: Double, wobble: Double, river: River, random: inout SeededGenerator
            ) {
                self.radius = radius
                self.wobble = wobble
                alongRiver = river.normalHeading + 90
                phases = (0..<2).map { _ in random.number(in: 0...359.0) }
            }

            /// How far from the square it runs.
            func distance(atHeading heading: Double) -> Double {
                let swing = Wave.sine(heading * 2 + phases[0]) + Wave.sine(heading * 3 + phases[1])
                let stretch = 0.1 * Wave.cosine(2 * (heading - alongRiver))
                return radius * (1 + stretch + wobble * swing / 1.6)
            }
        }

        let inner: Ring
        let middle: Ring
        let outer: Ring
    }

    init(names: inout NamePool, seed: UInt64) {
        var random = SeededGenerator(seed: seed, for: "plan")
        river = River(random: &random)
        let river = river
        func ring(_ radius: ClosedRange<Double>, wobble: Double) -> Rings.Ring {
            Rings.Ring(
                radius: random.number(in: radius), wobble: wobble, river: river, random: &random)
        }
        rings = Rings(
            inner: ring(740...840, wobble: 0.04), middle: ring(2_150...2_450, wobble: 0.06),
            outer: ring(3_850...4_150, wobble: 0.05))
        var surveyor = Surveyor(river: river, rings: rings, random: random)
        for index in 0..<Self.radialCount {
            let radial = surveyor.makeRadial(index, names: &names)
            streets.append(contentsOf: radial.streets)
            radials.append(radial.line)
            guard let outskirt = radial.outskirt else { continue }
            let name =
                outskirt == .airport
                ? DemoCity.Name(ukrainian: "Аеропорт", english: "Airport") : names.take(.village)
            outskirts[outskirt] = (name, radial.line.last)
        }
        streets += surveyor.makeRings(names: &names)
        streets += surveyor.makeCentre(names: &names)
        streets += surveyor.makeChords(radials: radials, names: &names)
        for index in 0..<Self.radialCount {
            let (district, local) = surveyor.makeDistrict(
                index, along: radials[index], names: &names)
            districts.append(district)
            streets += local
        }
        let ground = UnevenGround(random: &surveyor.random)
        for index in streets.indices {
            streets[index].points = streets[index].points.map(ground.moved)
        }
        radials = radials.map { Polyline($0.points.map(ground.moved)) }
    }
}

/// Moves every place a little, the same way for its neighbours: nothing in an old city is quite
/// straight.
private struct UnevenGround {
    private let waves: [(heading: Double, length: Double, phase: Double, drift: Spot)]

    init(random: inout SeededGenerator) {
        waves = (0..<4).map { _ in
            (
                heading: random.number(in: 0...359.0), length: random.number(in: 1_400...2_900.0),
                phase: random.number(in: 0...359.0),
                drift: Spot(
                    heading: random.number(in: 0...359.0), distance: random.number(in: 14...26.0))
            )
        }
    }

    func moved(_ spot: Spot) -> Spot {
        waves.reduce(spot) { moved, wave in
            let along = Spot(heading: wave.heading, distance: 1).dot(spot)
            return moved + wave.drift * Wave.sine(along / wave.length * 360 + wave.phase)
        }
    }
}

internal import Timetable
internal import TransitModel

/// The products whose price grows with the distance.
struct DistanceIndex: Sendable {
    struct Scale: Sendable {
        let type: DistanceType
        let sum: DistanceSum
        /// For each category that has bands of its own, and for all others.
        let bands: [Int32: [FareDistanceBandRecord]]
    }

    private let scales: [Int32: Scale]
    private let rounding: Rounding
    private let unit: Int64
    private let positions: [StopID: GeoPoint]

    var isEmpty: Bool { scales.isEmpty }

    init(
        _ source: TariffExtension, _ tables: GTFSTables, _ products: ProductIndex
    ) throws(TariffError) {
        rounding = source.tariff.rounding
        unit = source.tariff.roundingUnit
        var scales: [Int32: Scale] = [:]
        for record in source.distances {
            if record.sum == .journey, source.journeys.isEmpty {
                throw .contradiction(
                    RecordPlace("fare_distances.txt", record.line).failure(
                        "sum_over", .forbidden("fare_journeys.txt does not say what a journey is"))
                )
            }
            var bands: [Int32: [FareDistanceBandRecord]] = [:]
            for band in source.distanceBands where band.product == record.product {
                let category = band.riderCategory.map(products.number) ?? ProductIndex.any
                bands[category, default: []].append(band)
            }
            scales[products.number(of: record.product)] = Scale(
                type: record.type, sum: record.sum,
                bands: bands.mapValues { bands in
                    bands.sorted { ($0.upTo ?? .max, $0.line) < ($1.upTo ?? .max, $1.line) }
                })
        }
        self.scales = scales
        var positions: [StopID: GeoPoint] = [:]
        if scales.values.contains(where: { $0.type == .straightLine }) {
            for stop in tables.stops { positions[stop.id] = stop.position }
        }
        self.positions = positions
    }

    func scale(of product: Int32) -> Scale? { scales.isEmpty ? nil : scales[product] }

    /// A leg's length in whole metres.
    func metres(of leg: FareLeg, _ scale: Scale) throws(FareRefusal) -> Int {
        if scale.type == .travelled {
            guard let metres = leg.distanceMetres else { throw .distanceNotGiven }
            return metres
        }
        guard let from = leg.fromStop else { throw .boardingStopNotGiven }
        guard let to = leg.toStop else { throw .alightingStopNotGiven }
        guard let start = positions[from], let end = positions[to] else {
            throw .distanceNotGiven
        }
        return Int(start.distanceMetres(to: end).rounded())
    }

    /// The price of a whole distance in minor units; `nil` where no band reaches so far.
    func price(of metres: Int, _ scale: Scale, category: Int32) -> Int64? {
        let bands = scale.bands[category] ?? scale.bands[ProductIndex.any] ?? []
        var start = 0
        for band in bands {
            guard let upTo = band.upTo, metres > upTo else {
                return price(band, beyond: metres - start)
            }
            start = upTo
        }
        return nil
    }

    private func price(_ band: FareDistanceBandRecord, beyond metres: Int) -> Int64 {
        var price = Int128(band.amount.minorUnits) * 10_000 * 1_000
        if let step = band.step, let amount = band.stepAmount {
            price += Int128((metres + step - 1) / step) * Int128(amount.minorUnits) * 10_000_000
        }
        if let perKilometre = band.perKilometre { price += Int128(perKilometre) * Int128(metres) }
        return ExactAmount(price, over: 10_000_000).rounded(rounding, to: unit)
    }
}

/// A fraction of minor units, rounded once.
struct ExactAmount {
    let numerator: Int128
    let denominator: Int128

    init(_ numerator: Int128, over denominator: Int128) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The nearest multiple of a unit, as the rounding names it.
    func rounded(_ rounding: Rounding, to unit: Int64) -> Int64 {
        Int64(rounding.quotient(numerator, over: denominator * Int128(unit))) * unit
    }
}

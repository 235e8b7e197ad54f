package import Timetable
package import TransitModel

/// Looks through a tariff for what its authors cannot have meant.
///
/// Reading and compiling refuse what has no meaning; this finds what has one, but a wrong one.
package struct TariffCheck {
    /// Stops in the order in which a route serves them.
    package struct ServedPattern: Hashable, Sendable {
        package let route: RouteID
        package let stops: [StopID]
        /// Of the service day: when the route's first vehicle leaves and its last arrives.
        package let seconds: ClosedRange<Int>

        package init(
            route: RouteID, stops: [StopID], seconds: ClosedRange<Int> = 0...86_399
        ) {
            self.route = route
            self.stops = stops
            self.seconds = seconds
        }
    }

    let tables: GTFSTables
    let source: TariffExtension?
    let tariff: Tariff
    let served: [ServedPattern]
    let zone: ZoneOffsets

    /// - Parameters:
    ///   - served: Where rides are possible; without any, gaps are not looked for.
    ///   - zone: The agencies' time zone.
    package init(
        _ tables: GTFSTables, _ source: TariffExtension?, _ tariff: Tariff,
        served: [ServedPattern], zone: ZoneOffsets
    ) {
        self.tables = tables
        self.source = source
        self.tariff = tariff
        self.served = served
        self.zone = zone
    }

    /// By severity, file and line.
    package var findings: [TariffFinding] {
        let all =
            dearerConcessions + absurdFares + absurdTerms + absurdCaps + endlessTransfers + gaps
            + unused + identity
        return all.sorted { left, right in
            (left.severity == .error ? 0 : 1, left.file, left.line ?? 0, left.message)
                < (right.severity == .error ? 0 : 1, right.file, right.line ?? 0, right.message)
        }
    }

    private var identity: [TariffFinding] {
        guard let source, source.hasTariffFile else {
            return [
                TariffFinding(
                    .warning, .incompleteTariff, "tariff.txt",
                    "the tariff has no tariff.txt: it has no identifier, version and dates")
            ]
        }
        var findings: [TariffFinding] = []
        func missing(_ field: String) {
            findings.append(
                TariffFinding(
                    .warning, .incompleteTariff, "tariff.txt", line: source.tariff.line,
                    field: field, "a tariff that takes effect needs one"))
        }
        if source.tariff.version == nil { missing("tariff_version") }
        if source.tariff.effectiveFrom == nil { missing("effective_from") }
        return findings
    }
}

// MARK: - Concessions

extension TariffCheck {
    /// The categories that pay the full fare.
    private var full: Set<RiderCategoryID> {
        Set(tables.riderCategories.filter(\.isDefault).map(\.id))
    }

    private var dearerConcessions: [TariffFinding] {
        guard !full.isEmpty else { return [] }
        return dearerProducts + dearerCaps + dearerBands
    }

    private func dearer(
        _ file: String, _ line: Int, _ category: RiderCategoryID, _ amount: Money,
        than fullAmount: Money, for what: String
    ) -> TariffFinding? {
        guard amount > fullAmount else { return nil }
        return TariffFinding(
            .error, .concessionDearer, file, line: line, field: "amount",
            "\(what) costs \"\(category)\" \(amount.decimal), and at the full fare "
                + "\(fullAmount.decimal)")
    }

    private var dearerProducts: [TariffFinding] {
        var fullPrices: [FareProductID: [FareProduct]] = [:]
        for record in tables.fareProducts
        where record.riderCategory.map(full.contains) ?? true {
            fullPrices[record.id, default: []].append(record)
        }
        return tables.fareProducts.compactMap { record in
            guard let category = record.riderCategory, !full.contains(category) else { return nil }
            let comparable = (fullPrices[record.id] ?? []).filter { other in
                other.fareMedia == nil || record.fareMedia == nil
                    || other.fareMedia == record.fareMedia
            }
            guard let cheapest = comparable.map(\.amount).min() else { return nil }
            return dearer(
                "fare_products.txt", record.line, category, record.amount, than: cheapest,
                for: "\"\(record.id)\"")
        }
    }

    private var dearerCaps: [TariffFinding] {
        let caps = source?.caps ?? []
        return caps.compactMap { record in
            guard let category = record.riderCategory, !full.contains(category) else { return nil }
            let others = caps.filter {
                $0.cap == record.cap && ($0.riderCategory.map(full.contains) ?? true)
                    && ($0.fareMedia == nil || record.fareMedia == nil
                        || $0.fareMedia == record.fareMedia)
            }
            guard let fullCap = others.map(\.amount).min() else { return nil }
            return dearer(
                "fare_caps.txt", record.line, category, record.amount, than: fullCap,
                for: "cap \"\(record.cap)\"")
        }
    }

    /// Compared where one of the two scales has a corner.
    private var dearerBands: [TariffFinding] {
        guard let rules = tariff.rules, let source else { return [] }
        var findings: [TariffFinding] = []
        for record in source.distances {
            let bands = source.distanceBands.filter { $0.product == record.product }
            guard
                let scale = rules.distances.scale(of: tariff.products.number(of: record.product))
            else { continue }
            let corners = Set(
                bands.flatMap { band in
                    let end = band.upTo ?? 100_000
                    return [end, end + 1, end + (band.step ?? 1)]
                }
            ).union([0, 1_000]).sorted()
            for band in bands {
                guard let category = band.riderCategory, !full.contains(category) else { continue }
                let reduced = tariff.products.number(category)
                let fullCategory =
                    full.sorted().first.map(tariff.products.number) ?? ProductIndex.any
                let worse = corners.first { metres in
                    guard
                        let own = rules.distances.price(of: metres, scale, category: reduced),
                        let whole = rules.distances.price(
                            of: metres, scale, category: fullCategory)
                    else { return false }
                    return own > whole
                }
                guard let worse,
                    !findings.contains(where: { $0.message.contains("\"\(category)\"") })
                else { continue }
                findings.append(
                    TariffFinding(
                        .error, .concessionDearer, "fare_distance_bands.txt", line: band.line,
                        field: "amount",
                        "\"\(record.product)\" over \(worse) m costs \"\(category)\" more than "
                            + "the full fare"))
            }
        }
        return findings
    }
}

// MARK: - Amounts

extension TariffCheck {
    /// The products that legs are charged for.
    private var legProducts: Set<FareProductID> {
        Set(tables.fareLegRules.map(\.fareProduct))
            .subtracting((source?.passes ?? []).map(\.product))
    }

    private var absurdFares: [TariffFinding] {
        let products = legProducts
        let fares = tables.fareProducts.filter { products.contains($0.id) }
        let positive = fares.map(\.amount.minorUnits).filter { $0 > 0 }.sorted()
        let middle = positive.isEmpty ? 0 : positive[(positive.count - 1) / 2]
        return fares.compactMap { record in
            func finding(_ severity: TariffFinding.Severity, _ message: String) -> TariffFinding {
                TariffFinding(
                    severity, .absurdAmount, "fare_products.txt", line: record.line,
                    field: "amount", message)
            }
            if record.amount.minorUnits < 0 {
                return finding(.error, "a ride on \"\(record.id)\" costs less than nothing")
            }
            if middle > 0, record.amount.minorUnits > middle * Self.absurdFactor {
                return finding(
                    .error,
                    "\(record.amount.decimal) is over \(Self.absurdFactor) times what rides "
                        + "usually cost")
            }
            if record.amount.isZero, record.riderCategory.map(full.contains) ?? true {
                return finding(.warning, "the full fare of \"\(record.id)\" is nothing")
            }
            return nil
        }
    }

    private static let absurdFactor: Int64 = 100

    /// A discount below zero would be a surcharge, and a surcharge below zero a discount.
    private var absurdTerms: [TariffFinding] {
        (source?.transferTerms ?? []).compactMap { record in
            guard let product = record.product,
                let price = tables.fareProducts.first(where: {
                    $0.id == product && $0.amount.minorUnits < 0
                })
            else { return nil }
            return TariffFinding(
                .error, .absurdAmount, "transfer_terms.txt", line: record.line,
                field: "fare_product_id",
                "a \(record.terms.rawValue) of less than nothing (fare_products.txt:\(price.line))")
        }
    }

    private var absurdCaps: [TariffFinding] {
        guard let rules = tariff.rules, let source else { return [] }
        var findings: [TariffFinding] = []
        let products = legProducts
        for record in source.caps {
            let fares = tables.fareProducts.filter { product in
                products.contains(product.id)
                    && (record.riderCategory == nil || product.riderCategory == nil
                        || product.riderCategory == record.riderCategory)
                    && product.amount.minorUnits > 0
            }
            if let cheapest = fares.map(\.amount).min(), record.amount < cheapest,
                record.amount.minorUnits > 0
            {
                findings.append(
                    TariffFinding(
                        .error, .absurdCap, "fare_caps.txt", line: record.line, field: "amount",
                        "the cap is \(record.amount.decimal), and the cheapest ride costs "
                            + "\(cheapest.decimal)"))
            }
            let number = rules.caps.caps.first { $0.id == record.cap }
            let shorter = source.caps.first { other in
                other.legSet == record.legSet && other.riderCategory == record.riderCategory
                    && other.fareMedia == record.fareMedia
                    && other.window.rank < (number?.window.rank ?? 0)
                    && other.amount > record.amount
            }
            if let shorter {
                findings.append(
                    TariffFinding(
                        .error, .absurdCap, "fare_caps.txt", line: record.line, field: "amount",
                        "the cap of \(record.amount.decimal) holds for longer than "
                            + "\"\(shorter.cap)\" (line \(shorter.line)), which is "
                            + "\(shorter.amount.decimal)"))
            }
        }
        return findings
    }
}

import Fares
import Feeds
import Foundation
import SignedDocuments
import Timetable
import TransitModel

/// What the scheme tells its validators, made from the tariff in force and the issuers' keys.
struct SchemeDescription: Sendable {
    let scheme: SchemeID
    let timeZoneName: String
    let passbackWindow: Duration
    let issuerKeys: [IssuerKeyID: [UInt8]]
    let tariffs: PublishedTariffs

    /// Why there is nothing to tell.
    enum Failure: Error, CustomStringConvertible {
        case noTariff
        case unsuitable(TariffID)

        var description: String {
            switch self {
            case .noTariff: "no tariff is in force yet: run kvytok-backoffice gtfs import"
            case .unsuitable(let tariff):
                "tariff \(tariff) has no fare for the default rider category, or too many entries"
            }
        }
    }

    func configuration(at now: Timestamp) async throws -> SchemeConfiguration {
        guard let period = try await tariffs.listPeriods().last(where: { $0.effectiveFrom <= now })
        else { throw Failure.noTariff }
        let feed = period.feed
        // A feed without fares still lets validators take taps, which then wait for a price.
        let tariff = try? feed.tariff
        let tables = feed.tables
        let defaultCategory = tables.defaultRiderCategory
        let fares =
            tariff == nil
            ? [:] : tables.highestFares(under: tables.fareLegRules, for: defaultCategory)
        guard
            let configuration = SchemeConfiguration(
                scheme: scheme, timeZoneName: timeZoneName,
                passbackWindowSeconds: UInt32(clamping: passbackWindow.components.seconds),
                defaultRiderCategory: defaultCategory, currency: tariff?.currency ?? .uah,
                displayedFares: fares,
                routeFares: tables.routeFares(otherThan: fares, for: defaultCategory),
                issuerKeys: issuerKeys)
        else { throw Failure.unsuitable(feed.tariffID) }
        return configuration
    }
}

extension GTFSTables {
    /// A feed without rider categories has one kind of rider.
    fileprivate var defaultRiderCategory: RiderCategoryID {
        riderCategories.first(where: \.isDefault)?.id ?? riderCategories.first?.id ?? "default"
    }

    /// The dearest single ride of each category by e-ticket: the display must never promise too
    /// little.
    fileprivate func highestFares(
        under rules: [FareLegRule], for defaultCategory: RiderCategoryID
    ) -> [RiderCategoryID: Int64] {
        let sold = Set(rules.map(\.fareProduct))
        let cards = Set(fareMedia.filter { $0.type == .transitCard }.map(\.id))
        let offers = fareProducts.filter { product in
            sold.contains(product.id) && product.fareMedia.map(cards.contains) ?? true
        }
        var fares: [RiderCategoryID: Int64] = [:]
        for category in Set(riderCategories.map(\.id) + [defaultCategory]) {
            fares[category] =
                offers.filter { $0.riderCategory == nil || $0.riderCategory == category }
                .map(\.amount.minorUnits).max()
        }
        return fares
    }

    /// The routes on which the dearest ride costs less than anywhere. A rule that names no
    /// network may apply to every route. A scheme with more of them than a configuration holds
    /// shows the general fare, which is never too low.
    fileprivate func routeFares(
        otherThan general: [RiderCategoryID: Int64], for defaultCategory: RiderCategoryID
    ) -> [RouteID: [RiderCategoryID: Int64]] {
        guard !general.isEmpty else { return [:] }
        var ofNetwork: [NetworkID?: [RiderCategoryID: Int64]] = [:]
        var fares: [RouteID: [RiderCategoryID: Int64]] = [:]
        for route in routes {
            let network = networkOfRoute[route.id]
            let highest =
                ofNetwork[network]
                ?? highestFares(
                    under: fareLegRules.filter { $0.network == nil || $0.network == network },
                    for: defaultCategory)
            ofNetwork[network] = highest
            if highest != general, highest[defaultCategory] != nil { fares[route.id] = highest }
        }
        let count = fares.values.map(\.count).reduce(0, +)
        let isHeld =
            fares.count <= SchemeConfiguration.routeLimit
            && count <= SchemeConfiguration.routeFareLimit
        return isHeld ? fares : [:]
    }
}

/// The public keys of e-ticket issuers, as an operator hands them over:
/// `[{"issuer_key": 1, "public_key": "<64 hexadecimal digits>"}]`.
enum IssuerKeysFile {
    private struct Entry: Decodable {
        let issuerKey: UInt32
        let publicKey: String
    }

    static func read(_ path: String) throws(BackOfficeFailure) -> [IssuerKeyID: [UInt8]] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .fileSystem(path: path, reason: "it cannot be read")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let entries = try? decoder.decode([Entry].self, from: data) else {
            throw .issuerKeysMalformed(path: path, entry: nil)
        }
        var keys: [IssuerKeyID: [UInt8]] = [:]
        for (index, entry) in entries.enumerated() {
            guard let key = [UInt8](hex: entry.publicKey), key.count == 32,
                keys.updateValue(key, forKey: IssuerKeyID(entry.issuerKey)) == nil
            else { throw .issuerKeysMalformed(path: path, entry: index + 1) }
        }
        return keys
    }
}

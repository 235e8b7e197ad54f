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
        let defaultCategory = feed.tables.defaultRiderCategory
        guard
            let configuration = SchemeConfiguration(
                scheme: scheme, timeZoneName: timeZoneName,
                passbackWindowSeconds: UInt32(clamping: passbackWindow.components.seconds),
                defaultRiderCategory: defaultCategory, currency: tariff?.currency ?? .uah,
                displayedFares: tariff == nil
                    ? [:] : feed.tables.highestFares(defaultCategory: defaultCategory),
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
        defaultCategory: RiderCategoryID
    ) -> [RiderCategoryID: Int64] {
        let sold = Set(fareLegRules.map(\.fareProduct))
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

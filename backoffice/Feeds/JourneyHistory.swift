import Fares
import Foundation
import TransitModel

/// A line of a file of journey histories that is not one.
package struct JourneyHistoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field's path, such as `legs[0].departed_at`; empty for the line as a whole.
    package let field: String
    package let reason: String

    package var description: String { field.isEmpty ? reason : "\(field): \(reason)" }
}

/// One rider's legs, as a line of the input of `fares price`.
package struct JourneyHistory: Hashable, Sendable {
    package let id: String
    package let legs: [RiderLeg]

    /// - Throws: ``JourneyHistoryError``.
    package init(jsonLine: [UInt8]) throws {
        let line: Line
        do {
            line = try JSONDecoder().decode(Line.self, from: Data(jsonLine))
        } catch let error as DecodingError {
            throw JourneyHistoryError(error)
        }
        let rider = line.rider
        let categories = (rider?.riderCategoryID.map { [$0] } ?? []) + (rider?.categories ?? [])
        let held =
            (rider?.heldFareProductIDs ?? []).map { HeldFareProduct(FareProductID($0)) }
            + (rider?.heldFareProducts ?? []).map(\.product)
        if let riders = rider?.riders, !(1...1_000).contains(riders) {
            throw JourneyHistoryError(field: "rider.riders", reason: "is not from 1 to 1000")
        }
        let fareRider = FareRider(
            categories: categories.map { RiderCategoryID($0) },
            media: rider?.fareMediaID.map { .only([FareMediaID($0)]) } ?? .any, held: held,
            riders: rider?.riders ?? 1)
        id = line.id
        legs = line.legs.map { RiderLeg($0.fareLeg, by: fareRider) }
    }
}

private struct Line: Decodable {
    let id: String
    let rider: Rider?
    let legs: [Leg]

    struct Rider: Decodable {
        let riderCategoryID: String?
        let categories: [String]?
        let fareMediaID: String?
        let heldFareProductIDs: [String]?
        let heldFareProducts: [Held]?
        /// How many people ride on the medium.
        let riders: Int?

        enum CodingKeys: String, CodingKey {
            case heldFareProducts = "held_fare_products"
            case riders
            case riderCategoryID = "rider_category_id"
            case categories = "rider_category_ids"
            case fareMediaID = "fare_media_id"
            case heldFareProductIDs = "held_fare_product_ids"
        }
    }

    struct Held: Decodable {
        let product: HeldFareProduct

        enum CodingKeys: String, CodingKey {
            case product = "fare_product_id"
            case validFrom = "valid_from"
            case validUntil = "valid_until"
            case ridesLeft = "rides_left"
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            product = HeldFareProduct(
                FareProductID(try fields.decode(String.self, forKey: .product)),
                validFrom: try fields.instant(.validFrom),
                validUntil: try fields.instant(.validUntil),
                ridesLeft: try fields.wholeNumber(.ridesLeft))
        }
    }

    struct Leg: Decodable {
        let fareLeg: FareLeg

        enum CodingKeys: String, CodingKey {
            case route = "route_id"
            case network = "network_id"
            case trip = "trip_id"
            case agency = "operator_id"
            case fromStop = "from_stop_id"
            case toStop = "to_stop_id"
            case departedAt = "departed_at"
            case arrivedAt = "arrived_at"
            case distance = "distance_m"
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            func id<Kind>(_ key: CodingKeys) throws -> Identifier<Kind>? {
                try fields.decodeIfPresent(String.self, forKey: key).map { Identifier($0) }
            }
            guard let departedAt = try fields.instant(.departedAt) else {
                throw DecodingError.keyNotFound(
                    CodingKeys.departedAt,
                    .init(codingPath: decoder.codingPath, debugDescription: "required"))
            }
            fareLeg = FareLeg(
                boarding: nil, route: try id(.route), network: try id(.network),
                trip: try id(.trip), agency: try id(.agency), fromStop: try id(.fromStop),
                toStop: try id(.toStop), departedAt: departedAt,
                arrivedAt: try fields.instant(.arrivedAt),
                distanceMetres: try fields.metres(.distance))
        }
    }
}

extension KeyedDecodingContainer {
    fileprivate func instant(_ key: Key) throws -> Timestamp? {
        guard let text = try decodeIfPresent(String.self, forKey: key) else { return nil }
        guard let instant = Timestamp(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self,
                debugDescription: "\"\(text)\" is not an instant with its offset from UTC")
        }
        return instant
    }

    fileprivate func wholeNumber(_ key: Key) throws -> Int? {
        guard let number = try decodeIfPresent(Int.self, forKey: key) else { return nil }
        guard (0...1_000_000).contains(number) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self,
                debugDescription: "\(number) is not a whole number from 0 to 1000000")
        }
        return number
    }

    /// A length with or without decimals, to the nearest metre.
    fileprivate func metres(_ key: Key) throws -> Int? {
        guard let number = try decodeIfPresent(Double.self, forKey: key) else { return nil }
        guard (0...100_000_000).contains(number) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self,
                debugDescription: "\(number) is not a length from 0 to 100000000 metres")
        }
        return Int(number.rounded())
    }
}

extension JourneyHistoryError {
    fileprivate init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(field: Self.path(context.codingPath + [key]), reason: "a value is required")
        case .valueNotFound(_, let context):
            self.init(field: Self.path(context.codingPath), reason: "a value is required")
        case .typeMismatch(let type, let context) where !context.codingPath.isEmpty:
            self.init(
                field: Self.path(context.codingPath), reason: "is not \(Self.word(for: type))")
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            self.init(field: Self.path(context.codingPath), reason: context.debugDescription)
        default:
            self.init(field: "", reason: "the line is not a JSON object")
        }
    }

    private static func word(for type: any Any.Type) -> String {
        if type == String.self { return "a text" }
        if type == Int.self || type == Double.self { return "a number" }
        return "\(type)".hasPrefix("Array") ? "a list" : "an object"
    }

    /// `legs[0].departed_at`.
    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }
}

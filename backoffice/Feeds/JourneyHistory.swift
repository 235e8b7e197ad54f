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
    /// Passes and the like, which are not priced yet.
    package let heldFareProducts: [FareProductID]

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
        let fareRider = FareRider(
            categories: categories.map { RiderCategoryID($0) },
            media: rider?.fareMediaID.map { .only([FareMediaID($0)]) } ?? .any)
        id = line.id
        legs = line.legs.map { RiderLeg($0.fareLeg, by: fareRider) }
        heldFareProducts = (rider?.heldFareProductIDs ?? []).map { FareProductID($0) }
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

        enum CodingKeys: String, CodingKey {
            case riderCategoryID = "rider_category_id"
            case categories = "rider_category_ids"
            case fareMediaID = "fare_media_id"
            case heldFareProductIDs = "held_fare_product_ids"
        }
    }

    struct Leg: Decodable {
        let fareLeg: FareLeg

        enum CodingKeys: String, CodingKey {
            case route = "route_id"
            case network = "network_id"
            case trip = "trip_id"
            case fromStop = "from_stop_id"
            case toStop = "to_stop_id"
            case departedAt = "departed_at"
            case arrivedAt = "arrived_at"
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            func id<Kind>(_ key: CodingKeys) throws -> Identifier<Kind>? {
                try fields.decodeIfPresent(String.self, forKey: key).map { Identifier($0) }
            }
            func instant(_ key: CodingKeys) throws -> Timestamp? {
                guard let text = try fields.decodeIfPresent(String.self, forKey: key) else {
                    return nil
                }
                guard let instant = Timestamp(rfc3339: text) else {
                    throw DecodingError.dataCorruptedError(
                        forKey: key, in: fields,
                        debugDescription: "\"\(text)\" is not an instant with its offset from UTC")
                }
                return instant
            }
            guard let departedAt = try instant(.departedAt) else {
                throw DecodingError.keyNotFound(
                    CodingKeys.departedAt,
                    .init(codingPath: decoder.codingPath, debugDescription: "required"))
            }
            fareLeg = FareLeg(
                boarding: nil, route: try id(.route), network: try id(.network),
                trip: try id(.trip), fromStop: try id(.fromStop), toStop: try id(.toStop),
                departedAt: departedAt, arrivedAt: try instant(.arrivedAt))
        }
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

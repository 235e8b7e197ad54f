import Crypto
import Foundation
import TransitModel

/// Water, streets and districts for maps to draw below the vehicles: GeoJSON (RFC 7946) of the
/// operator's own, so that a map needs no server of pictures.
///
/// Features are told apart by their property `kind`: `river`, `water`, `park`, `street` and
/// `district`; what else there is stays undrawn. Names are `name_uk`, `name_en` or `name`.
package struct Landscape: Sendable {
    package enum Failure: Error, CustomStringConvertible {
        case unreadable(path: String)
        case tooLarge(path: String)
        case noFeatures(path: String)

        package var description: String {
            switch self {
            case .unreadable(let path): "cannot read \(path)"
            case .tooLarge(let path):
                "\(path) has more than \(Landscape.byteLimit >> 20) MB: simplify it"
            case .noFeatures(let path): "\(path) is no GeoJSON FeatureCollection"
            }
        }
    }

    private struct Collection: Decodable {
        let type: String
    }

    static let byteLimit = 16 << 20

    let bytes: [UInt8]
    /// Changes with the content.
    let version: String

    package init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure.unreadable(path: path)
        }
        guard data.count <= Self.byteLimit else { throw Failure.tooLarge(path: path) }
        let collection = try? JSONDecoder().decode(Collection.self, from: data)
        guard collection?.type == "FeatureCollection" else {
            throw Failure.noFeatures(path: path)
        }
        bytes = Array(data)
        version = String(Array(SHA256.hash(data: data)).hex.prefix(16))
    }
}

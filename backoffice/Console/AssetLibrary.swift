import Crypto
import Foundation
import TransitModel
import Wording

/// Styles, scripts and icons, read once. A request can name one of these files and nothing else.
package struct AssetLibrary: Sendable {
    struct Asset: Sendable {
        let bytes: [UInt8]
        let mediaType: String
        /// The start of the content's SHA-256: a changed file gets a new address.
        let version: String
    }

    package enum Failure: Error, CustomStringConvertible {
        case unreadable(path: String)

        package var description: String {
            switch self {
            case .unreadable(let path) where path.hasPrefix(AssetLibrary.leafletFolder):
                "cannot read \(path): install Debian's libjs-leaflet"
            case .unreadable(let path): "cannot read \(path)"
            }
        }
    }

    private static let mediaTypes = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    ]

    /// Where Debian puts the map library.
    static let leafletFolder = "/usr/share/javascript/leaflet"

    private let assets: [String: Asset]

    /// Our own files, and of the map library the two that our pages name.
    package init(_ share: ShareDirectory) throws {
        let own = try AssetLibrary(folder: share.consoleWeb + "/assets")
        let leaflet = try AssetLibrary(
            folder: Self.leafletFolder, names: ["leaflet.css", "leaflet.esm.min.js"])
        assets = own.assets.merging(leaflet.assets) { ours, _ in ours }
    }

    /// - Parameter folder: Files of other kinds than styles, scripts and SVG are left alone.
    package init(folder: String) throws {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw Failure.unreadable(path: folder)
        }
        try self.init(folder: folder, names: names)
    }

    private init(folder: String, names: [String]) throws {
        var assets: [String: Asset] = [:]
        for name in names {
            guard let mediaType = Self.mediaTypes[(name as NSString).pathExtension] else {
                continue
            }
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
                throw Failure.unreadable(path: "\(folder)/\(name)")
            }
            assets[name] = Asset(
                bytes: Array(data), mediaType: mediaType,
                version: String(Array(SHA256.hash(data: data)).hex.prefix(16)))
        }
        self.assets = assets
    }

    subscript(name: String) -> Asset? { assets[name] }

    /// The address of a file, which changes with its content. A name without its dot serves as
    /// the key in templates: `{{asset.console_css}}`.
    var addresses: [String: String] {
        var addresses: [String: String] = [:]
        for (name, asset) in assets {
            let key = name.replacing(".", with: "_").replacing("-", with: "_")
            addresses[key] = "/console/assets/\(name)?v=\(asset.version)"
        }
        return addresses
    }
}

import HTTPTypes
import Hummingbird

/// Headers that every answer of ours carries.
enum SecurityHeaders {
    /// Nothing but our own files; nothing inline; no frames; forms only to ourselves.
    ///
    /// - Parameter tiles: Whose pictures maps may show besides. The map library frees a picture
    ///   by giving it an empty one, written out in its address.
    static func contentPolicy(tiles: TileServer?) -> String {
        let pictures = tiles.map { "img-src 'self' data: \($0.source)" } ?? "img-src 'self'"
        return [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", pictures,
            "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
            "frame-ancestors 'none'",
        ].joined(separator: "; ")
    }

    /// The same, and one other origin may be shown in a frame.
    static func contentPolicy(tiles: TileServer?, framing origin: String) -> String {
        "\(contentPolicy(tiles: tiles)); frame-src \(origin)"
    }

    private static let fixed: [(name: String, value: String)] = [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        // Not "no-referrer": that would make the browser send `Origin: null` with our forms.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ]

    static func add(to response: inout Response, usesTLS: Bool, tiles: TileServer?) {
        // A page that needs more than others has said so itself.
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = contentPolicy(tiles: tiles)
        }
        for (name, value) in fixed {
            guard let field = HTTPField.Name(name) else { continue }
            response.headers[field] = value
        }
        if usesTLS {
            response.headers[.strictTransportSecurity] = "max-age=31536000"
        }
        if response.headers[.cacheControl] == nil {
            response.headers[.cacheControl] = "no-store"
        }
    }
}

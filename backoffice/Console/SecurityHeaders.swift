import HTTPTypes
import Hummingbird

/// Headers that every answer of ours carries.
enum SecurityHeaders {
    /// Nothing but our own files; nothing inline; no frames; forms only to ourselves.
    static let contentPolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
        "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// The same, and one other origin may be shown in a frame.
    static func contentPolicy(framing origin: String) -> String {
        "\(contentPolicy); frame-src \(origin)"
    }

    private static let fixed: [(name: String, value: String)] = [
        ("Content-Security-Policy", contentPolicy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        // Not "no-referrer": that would make the browser send `Origin: null` with our forms.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ]

    static func add(to response: inout Response, usesTLS: Bool) {
        for (name, value) in fixed {
            guard let field = HTTPField.Name(name) else { continue }
            // A page that needs more than others has said so itself.
            if field == .contentSecurityPolicy, response.headers[field] != nil { continue }
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

import HTTPTypes
import TransitModel

/// What tells a client's copy of a resource from ours (RFC 9110, 8.8).
struct Validators: Hashable, Sendable {
    /// Without its quotes.
    let entityTag: String
    let modifiedAt: Timestamp

    /// Whether the client has what we would send: then 304 is the answer.
    ///
    /// As RFC 9110, 13.2.2 has it, tags decide alone where the client gives any; dates count to
    /// the second.
    func match(_ headers: HTTPFields) -> Bool {
        if let tags = headers[.ifNoneMatch] {
            return tags.split(separator: ",").contains { tag in
                var tag = tag.drop { $0 == " " || $0 == "\t" }
                while tag.last == " " || tag.last == "\t" { tag.removeLast() }
                if tag == "*" { return true }
                if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
                return tag == "\"\(entityTag)\""
            }
        }
        guard let since = headers[.ifModifiedSince].flatMap(HTTPDate.instant) else { return false }
        return modifiedAt.millisecondsSince1970 / 1_000 <= since.millisecondsSince1970 / 1_000
    }

    var fields: HTTPFields {
        [.eTag: "\"\(entityTag)\"", .lastModified: HTTPDate.text(modifiedAt)]
    }
}

import PostgresClient
import TransitModel

/// Signed documents as they were published, and what the deny list is made from.
package enum DocumentStore {
    package struct Published: Hashable, Sendable {
        package let version: UInt64
        package let bytes: [UInt8]
        /// SHA-256 of what the document says, without its version and dates.
        package let contentHash: [UInt8]
        package let issuedAt: Timestamp
        package let expiresAt: Timestamp

        package init(
            version: UInt64, bytes: [UInt8], contentHash: [UInt8], issuedAt: Timestamp,
            expiresAt: Timestamp
        ) {
            self.version = version
            self.bytes = bytes
            self.contentHash = contentHash
            self.issuedAt = issuedAt
            self.expiresAt = expiresAt
        }
    }

    /// Lets one publisher at a time work until its transaction ends.
    package static func lock(on connection: isolated PostgresConnection) throws {
        try connection.run(
            script: "select pg_advisory_xact_lock(hashtext('kvytok signed_document'))")
    }

    package static func findNewest(
        role: String, after version: UInt64 = 0, on connection: isolated PostgresConnection
    ) throws -> Published? {
        try connection.query(
            """
            select version, bytes, content_hash, issued_at, expires_at from signed_document
            where role = \(role) and version > \(Int64(clamping: version))
            order by version desc limit 1
            """
        ).first.map { row in
            Published(
                version: UInt64(try row.decode("version", as: Int64.self)),
                bytes: try row.decode("bytes"), contentHash: try row.decode("content_hash"),
                issuedAt: try row.decode("issued_at"), expiresAt: try row.decode("expires_at"))
        }
    }

    /// - Throws: A unique violation when the version was published before.
    package static func insert(
        _ document: Published, role: String, on connection: isolated PostgresConnection
    ) throws {
        try connection.execute(
            """
            insert into signed_document
                (role, version, bytes, content_hash, issued_at, expires_at)
            values (\(role), \(Int64(document.version)), \(document.bytes),
                \(document.contentHash), \(document.issuedAt), \(document.expiresAt))
            """)
    }

    /// The media keys of all denied media, every generation that is known of them.
    package static func listDeniedKeys(
        on connection: isolated PostgresConnection
    ) throws -> [MediaKey] {
        try connection.query(
            """
            select distinct m.generation, m.media_key from deny_entry d
            join vault.media m on m.media_token = d.media_token
            """
        ).compactMap { row in
            let generation = try row.decode("generation", as: Int32.self)
            return MediaKey(
                bytes: try row.decode("media_key"),
                generation: KeyGeneration(UInt16(clamping: generation)))
        }
    }

    /// Denies a medium from now on; the publisher wakes once the transaction commits.
    package static func deny(
        _ media: MediaToken, reason: String, at now: Timestamp,
        on connection: isolated PostgresConnection
    ) throws {
        try connection.execute(
            """
            insert into deny_entry (media_token, reason, denied_at)
            values (\(media), \(reason), \(now))
            on conflict (media_token) do update set reason = excluded.reason
            """)
        try connection.notify(Channel.documents)
    }

    package static func allow(
        _ media: MediaToken, on connection: isolated PostgresConnection
    ) throws {
        try connection.execute("delete from deny_entry where media_token = \(media)")
        try connection.notify(Channel.documents)
    }

    /// Denied media whose reason begins with a text, by reason.
    package static func listDenied(
        because prefix: String, on connection: isolated PostgresConnection
    ) throws -> [(media: MediaToken, reason: String)] {
        try connection.query(
            """
            select media_token, reason from deny_entry
            where starts_with(reason, \(prefix)) order by reason
            """
        ).map { (media: try $0.decode("media_token"), reason: try $0.decode("reason")) }
    }
}

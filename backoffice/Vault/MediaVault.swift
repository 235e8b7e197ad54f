import PostgresClient
import TransitModel

/// The only place that knows which token stands for which media key.
///
/// It works through a database handle of its own, under the role ``role`` where the installation
/// has it: the rest of the back office sees tokens only.
package struct MediaVault: Sendable {
    package static let role = "kvytok_vault"

    private let database: PostgresClient
    private let tokenizer: MediaTokenizer

    package init(_ database: PostgresClient, tokenizer: MediaTokenizer) {
        self.database = database
        self.tokenizer = tokenizer
    }

    /// Whether this installation has the vault's role and lets us take it on.
    package static func hasRole(_ database: PostgresClient) async throws -> Bool {
        let rows = try await database.query(
            """
            select 1 from pg_roles
            where rolname = \(role)::text and pg_has_role(current_user, oid, 'member')
            """)
        return !rows.isEmpty
    }

    /// Gives the token of each medium, and remembers the media that are new.
    ///
    /// Idempotent; it commits before it returns.
    package func tokens(
        for media: [MediaKey: MediaKind]
    ) async throws -> [MediaKey: MediaToken] {
        guard !media.isEmpty else { return [:] }
        let tokens = media.mapKeysToValues(tokenizer.token)
        // One order for all writers, or two of them could each wait for the other.
        let sorted = media.keys.sorted()
        try await database.execute(
            """
            insert into vault.media (media_token, media_kind, generation, media_key)
            select * from unnest(\(PostgresArray(sorted.map(tokenizer.token))),
                \(PostgresArray(sorted.map { Int16(media[$0]?.rawValue ?? 0) })),
                \(PostgresArray(sorted.map { Int32($0.generation.number) })),
                \(PostgresArray(sorted.map(\.bytes))))
            on conflict (media_token) do nothing
            """)
        return tokens
    }

    /// The keys behind tokens, for lists that devices look keys up in. Unknown tokens are left
    /// out.
    package func keys(of tokens: [MediaToken]) async throws -> [MediaToken: MediaKey] {
        let rows = try await database.query(
            """
            select media_token, generation, media_key from vault.media
            where media_token = any(\(PostgresArray(tokens)))
            """)
        var keys: [MediaToken: MediaKey] = [:]
        for row in rows {
            let generation: Int = try row.decode("generation")
            keys[try row.decode("media_token")] = MediaKey(
                bytes: try row.decode("media_key"),
                generation: KeyGeneration(UInt16(clamping: generation)))
        }
        return keys
    }
}

extension Dictionary {
    fileprivate func mapKeysToValues<NewValue>(
        _ transform: (Key) -> NewValue
    ) -> [Key: NewValue] {
        Dictionary<Key, NewValue>(uniqueKeysWithValues: keys.map { ($0, transform($0)) })
    }
}

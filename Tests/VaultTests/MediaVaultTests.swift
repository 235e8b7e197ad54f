import LocalStack
import PostgresClient
import Store
import Testing
import TransitModel
import Vault

@Suite("Media vault")
struct MediaVaultTests {
    private func makeKey(_ first: UInt8, generation: UInt16 = 1) throws -> MediaKey {
        try #require(
            MediaKey(
                bytes: [first] + [UInt8](repeating: 7, count: 15),
                generation: KeyGeneration(generation)))
    }

    /// HMAC-SHA256 by OpenSSL 3.0: `printf '\x00\x01\x00\x01…\x0f' | openssl dgst -sha256 -mac HMAC
    /// -macopt hexkey:4b4b…`.
    @Test("A token is HMAC-SHA256 over generation and key, cut to 16 bytes")
    func knownAnswer() throws {
        let tokenizer = try #require(
            MediaTokenizer(secret: [UInt8](repeating: 0x4B, count: 32)))
        let key = try #require(
            MediaKey(bytes: (0..<16).map(UInt8.init), generation: KeyGeneration(1)))
        #expect(tokenizer.token(for: key).bytes.hex == "d68e9d136ba7fa16f34a1a1c3d430061")
    }

    @Test("Another secret, generation or key gives another token; a short secret gives none")
    func separation() throws {
        let one = try #require(MediaTokenizer(secret: [UInt8](repeating: 1, count: 32)))
        let two = try #require(MediaTokenizer(secret: [UInt8](repeating: 2, count: 32)))
        let tokens = [
            one.token(for: try makeKey(1)), two.token(for: try makeKey(1)),
            one.token(for: try makeKey(1, generation: 2)), one.token(for: try makeKey(2)),
        ]
        #expect(Set(tokens).count == 4)
        #expect(MediaTokenizer(secret: [1, 2, 3]) == nil)
    }

    @Test("Under its own role it remembers media once and finds their keys again")
    func remembers() async throws {
        let url = try await TestDatabase.make()
        let database = PostgresClient(url)
        try await Migrator().migrate(database)
        #expect(try await MediaVault.hasRole(database))
        let own = PostgresClient(url, role: MediaVault.role)
        let tokenizer = try #require(
            MediaTokenizer(secret: [UInt8](repeating: 1, count: 32)))
        let vault = MediaVault(own, tokenizer: tokenizer)

        let keys = [try makeKey(1), try makeKey(2, generation: 3)]
        let tokens = try await vault.tokens(for: [keys[0]: .eTicketCard, keys[1]: .bankCard])
        let again = try await vault.tokens(for: [keys[1]: .bankCard])
        #expect(again[keys[1]] == tokens[keys[1]])
        let found = try await vault.keys(of: Array(tokens.values))
        #expect(Set(found.values) == Set(keys))

        let failure = await #expect(throws: PostgresFailure.self) {
            try await own.query("select 1 from charge")
        }
        #expect(failure?.sqlState == "42501", "The vault's role sees nothing else")
        await own.close()
        await database.close()
    }
}

import PostgresClient
import TransitModel

/// Staff, their sessions and the audit of sign-ins.
package struct StaffStore: Sendable {
    private let database: PostgresClient

    package init(_ database: PostgresClient) {
        self.database = database
    }

    /// Adds a member of staff, or gives an existing one this password and role and ends the
    /// sessions that the old ones had opened.
    ///
    /// - Returns: Whether the name is new.
    package func save(_ user: StaffUser, at now: Timestamp) async throws -> Bool {
        try await database.withTransaction { connection in
            let rows = try connection.query(
                """
                insert into staff_user (user_name, role, password_hash, created_at)
                values (\(user.name), \(user.role.rawValue), \(user.passwordHash), \(now))
                on conflict (user_name) do update
                set role = excluded.role, password_hash = excluded.password_hash,
                    disabled_at = null
                returning (xmax = 0) as is_new
                """)
            try connection.execute("delete from staff_session where user_name = \(user.name)")
            return try rows.first?.decode("is_new") ?? false
        }
    }

    /// - Returns: `nil` for a name that nobody has, or whose bearer left.
    package func findUser(named name: String) async throws -> StaffUser? {
        try await database.query(
            """
            select user_name, role, password_hash from staff_user
            where user_name = \(name) and disabled_at is null
            """
        ).first.flatMap(Self.user)
    }

    package func record(_ event: SignInEvent) async throws {
        try await database.execute(
            """
            insert into staff_sign_in (user_name, address, outcome, occurred_at)
            values (\(event.userName), \(event.address), \(event.outcome.rawValue),
                    \(event.occurredAt))
            """)
    }

    /// Refused attempts since an instant, for a name and for an address.
    ///
    /// A successful sign-in forgives its account's earlier failures, but not its address's: else
    /// one known account would buy unlimited guesses at the others.
    package func countFailures(
        userName: String, address: String, since: Timestamp
    ) async throws -> (account: Int64, address: Int64) {
        let rows = try await database.query(
            """
            select
                (select count(*) from staff_sign_in
                 where user_name = \(userName) and outcome = 'refused' and occurred_at > \(since)
                   and occurred_at > coalesce(
                       (select max(occurred_at) from staff_sign_in
                        where user_name = \(userName) and outcome = 'signed_in'), '-infinity')
                ) as by_account,
                (select count(*) from staff_sign_in
                 where address = \(address) and outcome = 'refused' and occurred_at > \(since)
                ) as by_address
            """)
        guard let row = rows.first else { return (0, 0) }
        return (try row.decode("by_account"), try row.decode("by_address"))
    }

    /// Opens a session and clears away those begun before `obsoleteBefore`.
    package func open(_ session: StaffSession, obsoleteBefore: Timestamp) async throws {
        try await database.withTransaction { connection in
            try connection.execute(
                "delete from staff_session where created_at < \(obsoleteBefore)")
            try connection.execute(
                """
                insert into staff_session (token_hash, user_name, created_at, last_seen_at)
                values (\(session.tokenHash), \(session.userName), \(session.createdAt),
                        \(session.lastSeenAt))
                """)
        }
    }

    package func findSession(
        tokenHash: [UInt8]
    ) async throws -> (session: StaffSession, user: StaffUser)? {
        let rows = try await database.query(
            """
            select s.created_at, s.last_seen_at, u.user_name, u.role, u.password_hash
            from staff_session s join staff_user u using (user_name)
            where s.token_hash = \(tokenHash) and u.disabled_at is null
            """)
        guard let row = rows.first, let user = try Self.user(row) else { return nil }
        let session = StaffSession(
            tokenHash: tokenHash, userName: user.name, createdAt: try row.decode("created_at"),
            lastSeenAt: try row.decode("last_seen_at"))
        return (session, user)
    }

    package func touchSession(tokenHash: [UInt8], at now: Timestamp) async throws {
        try await database.execute(
            "update staff_session set last_seen_at = \(now) where token_hash = \(tokenHash)")
    }

    package func closeSession(tokenHash: [UInt8]) async throws {
        try await database.execute("delete from staff_session where token_hash = \(tokenHash)")
    }

    /// A role that a newer program stored is nobody's here: the account cannot sign in.
    private static func user(_ row: PostgresRow) throws -> StaffUser? {
        guard let role = StaffRole(rawValue: try row.decode("role")) else { return nil }
        return StaffUser(
            name: try row.decode("user_name"), role: role,
            passwordHash: try row.decode("password_hash"))
    }
}

/// A database, reached through a bounded pool of connections.
///
/// It repeats nothing by itself: a caller that sees ``PostgresFailure/isConnectionLost`` tries
/// again when it sees fit, and then gets a fresh connection. A database that was away for a
/// while therefore needs no restart of ours.
package struct PostgresClient: Sendable {
    private let pool: ConnectionPool
    let conninfo: String
    let applicationName: String

    /// - Parameters:
    ///   - conninfo: A libpq connection string or URI. Several hosts with
    ///     `target_session_attrs=read-write` follow a failover.
    ///   - role: Whose rights the sessions take on, from the program's own code.
    ///   - connectionLimit: The most connections at once. Callers beyond it wait in line.
    ///   - waiterLimit: The longest that line may be; who comes then is turned away.
    package init(
        _ conninfo: String, applicationName: String = "kvytok", role: String? = nil,
        connectionLimit: Int = 8, waiterLimit: Int = 1_000
    ) {
        self.conninfo = conninfo
        self.applicationName = applicationName
        pool = ConnectionPool(
            conninfo: conninfo, applicationName: applicationName, role: role,
            limit: connectionLimit, waiterLimit: waiterLimit)
    }

    /// Lends a connection to `body` alone. It is discarded when it comes back broken or with a
    /// transaction still open.
    @discardableResult
    package func withConnection<Value: Sendable>(
        _ body: @Sendable (isolated PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let connection = try await pool.lease()
        do {
            let value = try await body(connection)
            await pool.giveBack(connection)
            return value
        } catch {
            await pool.giveBack(connection)
            throw error
        }
    }

    /// Runs `body` in a transaction of its own: see ``PostgresConnection/transaction(isolation:_:)``.
    @discardableResult
    package func withTransaction<Value: Sendable>(
        isolation: PostgresConnection.Isolation = .readCommitted,
        _ body: @Sendable (isolated PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await withConnection { connection in
            try await connection.transaction(isolation: isolation, body)
        }
    }

    /// One statement on any connection.
    package func query(_ statement: SQL) async throws -> [PostgresRow] {
        try await withConnection { connection in try connection.query(statement) }
    }

    /// One statement on any connection.
    ///
    /// - Returns: How many rows were touched.
    @discardableResult
    package func execute(_ statement: SQL) async throws -> Int {
        try await withConnection { connection in try connection.execute(statement) }
    }

    /// Closes what idles and turns away what waits; connections in use close when given back.
    package func close() async {
        await pool.close()
    }
}

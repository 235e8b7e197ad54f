/// One connection to PostgreSQL.
///
/// The actor runs on a queue of its own, because every call blocks until the server has answered.
/// A closure that is given the connection `isolated` runs there too: its statements follow each
/// other without a hop between them and need no `await`.
package actor PostgresConnection {
    private nonisolated let executor: ConnectionExecutor
    private let conninfo: String
    private let applicationName: String
    private let role: String?
    private var handle: ConnectionHandle?

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// - Throws: ``PostgresFailure`` of kind `unreachable`.
    package static func open(
        _ conninfo: String, applicationName: String = "kvytok", role: String? = nil
    ) async throws -> PostgresConnection {
        let connection = PostgresConnection(
            conninfo: conninfo, applicationName: applicationName, role: role)
        try await connection.open()
        return connection
    }

    private init(conninfo: String, applicationName: String, role: String?) {
        self.conninfo = conninfo
        self.applicationName = applicationName
        self.role = role
        executor = ConnectionExecutor(label: "kvytok.postgres.connection")
    }

    private func open() throws(PostgresFailure) {
        handle = try ConnectionHandle(
            conninfo: conninfo, applicationName: applicationName, role: role)
    }

    /// Ends the session; statements after this fail as on a lost connection.
    package func close() {
        handle = nil
    }

    private func live() throws(PostgresFailure) -> ConnectionHandle {
        guard let handle else { throw PostgresFailure(.connectionLost) }
        return handle
    }

    /// Whether the connection stands and no transaction is open on it; asks no server.
    var isReusable: Bool { handle?.isReusable ?? false }

    /// As ``isReusable``, and notices a server that said farewell while the connection idled.
    func checkIsReusable() -> Bool { handle?.checkIsReusable() ?? false }

    // MARK: Statements

    package func query(_ statement: SQL) throws(PostgresFailure) -> [PostgresRow] {
        try live().query(statement)
    }

    /// - Returns: How many rows were touched.
    @discardableResult
    package func execute(_ statement: SQL) throws(PostgresFailure) -> Int {
        try live().execute(statement)
    }

    /// Runs statements without parameters; several may stand together.
    package func run(script: String) throws(PostgresFailure) {
        try live().run(script: script)
    }

    /// Wakes whoever listens to a channel, once the transaction commits.
    package func notify(_ channel: String, payload: String = "") throws(PostgresFailure) {
        _ = try live().query("select pg_notify(\(channel)::text, \(payload)::text)")
    }

    /// Appends rows by COPY in binary format.
    ///
    /// - Parameters:
    ///   - table: A table's name, from the program's own code.
    ///   - columns: Each row gives a cell for each of them, in this order and of exactly the
    ///     column's type: `Int64` for `bigint`, `Int32` for `integer`, `Int16` for `smallint`.
    ///   - write: Gives the rows. When it throws, nothing is copied.
    /// - Returns: How many rows were copied.
    @discardableResult
    package func copy(
        into table: String, columns: [String], _ write: (inout CopyWriter) throws -> Void
    ) throws -> Int {
        let handle = try live()
        let names = columns.joined(separator: ", ")
        try handle.run(script: "copy \(table) (\(names)) from stdin (format binary)")
        var writer = CopyWriter(handle: handle, columnCount: columns.count)
        do {
            try write(&writer)
            try writer.finish()
        } catch {
            _ = try? handle.endCopy(abandonedBecause: "abandoned by the client")
            throw error
        }
        return try handle.endCopy()
    }

    // MARK: Transactions

    package enum Isolation: String, Sendable {
        case readCommitted = "read committed"
        case repeatableRead = "repeatable read"
        case serializable
    }

    /// Runs `body` in a transaction, committed when it returns and rolled back when it throws.
    ///
    /// - Throws: What `body` throws. A failure of kind `connectionLost` leaves open whether the
    ///   commit took place: what runs here must be safe to run again.
    @discardableResult
    package func transaction<Value: Sendable>(
        isolation: Isolation = .readCommitted,
        _ body: (isolated PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try run(script: "begin isolation level \(isolation.rawValue)")
        do {
            let value = try await body(self)
            try live().commit()
            return value
        } catch {
            // A connection on which even this fails is discarded by the pool.
            _ = try? run(script: "rollback")
            throw error
        }
    }

    /// Runs `body` so that what it did is undone, and only that, when it throws.
    @discardableResult
    package func savepoint<Value: Sendable>(
        _ body: (isolated PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try run(script: "savepoint attempt")
        do {
            let value = try await body(self)
            try run(script: "release savepoint attempt")
            return value
        } catch {
            try run(script: "rollback to savepoint attempt; release savepoint attempt")
            throw error
        }
    }
}

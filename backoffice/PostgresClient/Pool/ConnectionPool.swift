/// Obeys a ``PoolState``: opens, checks, hands out and closes connections.
actor ConnectionPool {
    /// What a waiter is woken with: a connection, or leave to open one.
    private enum Turn: Sendable {
        case use(PostgresConnection)
        case open
    }

    private let conninfo: String
    private let applicationName: String
    private let role: String?
    private var state: PoolState<PostgresConnection, CheckedContinuation<Turn, any Error>>

    init(
        conninfo: String, applicationName: String, role: String?, limit: Int, waiterLimit: Int
    ) {
        self.conninfo = conninfo
        self.applicationName = applicationName
        self.role = role
        state = PoolState(limit: limit, waiterLimit: waiterLimit)
    }

    /// A connection that nobody else uses until it is given back with ``giveBack(_:)``.
    func lease() async throws -> PostgresConnection {
        try Task.checkCancellation()
        switch state.lease() {
        case .use(let connection): return try await checked(connection)
        case .open: return try await open()
        case .refuse: throw PostgresFailure(.tooManyWaiting)
        case .wait:
            switch try await waitForTurn() {
            case .use(let connection): return try await checked(connection)
            case .open: return try await open()
            }
        }
    }

    func giveBack(_ connection: PostgresConnection) async {
        if await connection.isReusable {
            obey(state.giveBack(connection))
        } else {
            obey(state.discard())
            await connection.close()
        }
    }

    func close() async {
        let (waiters, idle) = state.close()
        for waiter in waiters { waiter.resume(throwing: CancellationError()) }
        for connection in idle { await connection.close() }
    }

    private func waitForTurn() async throws -> Turn {
        let id = state.makeWaiterID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    state.wait(continuation, as: id)
                }
            }
        } onCancel: {
            Task { await self.abandonWait(id) }
        }
    }

    private func abandonWait(_ id: UInt64) {
        state.abandonWait(id)?.resume(throwing: CancellationError())
    }

    /// Replaces a connection whose server went away while it idled.
    private func checked(_ connection: PostgresConnection) async throws -> PostgresConnection {
        if await connection.checkIsReusable() { return connection }
        await connection.close()
        return try await open()
    }

    private func open() async throws -> PostgresConnection {
        do {
            return try await PostgresConnection.open(
                conninfo, applicationName: applicationName, role: role)
        } catch {
            obey(state.discard())
            throw error
        }
    }

    private func obey(
        _ action: PoolState<PostgresConnection, CheckedContinuation<Turn, any Error>>.Return
    ) {
        switch action {
        case .hand(let connection, let waiter): waiter.resume(returning: .use(connection))
        case .replace(let waiter): waiter.resume(returning: .open)
        case .keep, .drop: break
        }
    }
}

/// Decides who uses which connection; opens and closes nothing itself.
///
/// The pool counts a connection from the moment it is about to be opened until it is closed, so
/// that no more than ``limit`` ever exist.
struct PoolState<Connection, Waiter> {
    enum Lease {
        case use(Connection)
        case open
        /// Call ``wait(_:as:)`` next.
        case wait
        case refuse
    }

    enum Return {
        case hand(Connection, to: Waiter)
        case keep
        /// Close the connection, open another for the waiter.
        case replace(for: Waiter)
        case drop
    }

    let limit: Int
    let waiterLimit: Int
    private var idle: [Connection] = []
    private var count = 0
    private var waiters: [(id: UInt64, waiter: Waiter)] = []
    private var nextWaiter: UInt64 = 0
    private var isClosed = false

    init(limit: Int, waiterLimit: Int) {
        precondition(limit > 0, "A pool holds at least one connection")
        self.limit = limit
        self.waiterLimit = waiterLimit
    }

    mutating func lease() -> Lease {
        if isClosed { return .refuse }
        // The one used last is the likeliest to be warm and alive.
        if let connection = idle.popLast() { return .use(connection) }
        if count < limit {
            count += 1
            return .open
        }
        return waiters.count < waiterLimit ? .wait : .refuse
    }

    mutating func makeWaiterID() -> UInt64 {
        nextWaiter += 1
        return nextWaiter
    }

    mutating func wait(_ waiter: Waiter, as id: UInt64) {
        waiters.append((id, waiter))
    }

    /// - Returns: The waiter, unless it was already served.
    mutating func abandonWait(_ id: UInt64) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return waiters.remove(at: index).waiter
    }

    /// A connection comes back fit for use.
    mutating func giveBack(_ connection: Connection) -> Return {
        if isClosed { return discard() }
        if !waiters.isEmpty { return .hand(connection, to: waiters.removeFirst().waiter) }
        idle.append(connection)
        return .keep
    }

    /// A connection was lost, or could not be opened.
    mutating func discard() -> Return {
        if !waiters.isEmpty, !isClosed { return .replace(for: waiters.removeFirst().waiter) }
        count -= 1
        return .drop
    }

    /// - Returns: What waits and idles; the former are to be turned away, the latter closed.
    mutating func close() -> (waiters: [Waiter], idle: [Connection]) {
        isClosed = true
        defer {
            count -= idle.count
            idle = []
            waiters = []
        }
        return (waiters.map(\.waiter), idle)
    }
}

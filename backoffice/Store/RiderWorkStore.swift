import PostgresClient
import TransitModel

/// A rider whose taps are to be rated anew.
package struct RiderWork: Hashable, Sendable {
    package let rider: RiderAccountID
    /// Nothing of the rider before this instant has changed.
    package let affectedFrom: Timestamp
    /// How often it was begun, this time included. Above one, something went wrong before.
    package let attempts: Int
}

/// The queue of riders to rate. One row a rider: whoever holds its lock holds the rider.
///
/// A claim is written down before the work begins. A defect that ends the process therefore
/// counts as an attempt, the rider comes back later and later, and after
/// ``attemptLimit`` not before staff release it: one poisoned rider is never a crash loop.
package enum RiderWorkStore {
    /// After so many attempts a rider rests until released.
    package static let attemptLimit = 8

    /// Asks for riders to be rated again.
    ///
    /// Waits for a worker that has the rider in hand, and then asks again: it may have read the
    /// taps before ours were there. `do nothing` would lose that.
    package static func enqueue(
        _ riders: [RiderAccountID: Timestamp], on connection: isolated PostgresConnection
    ) throws {
        guard !riders.isEmpty else { return }
        let sorted = riders.sorted { $0.key < $1.key }
        try connection.execute(
            """
            insert into rider_work (rider_id, enqueued_at, affected_from, due_at)
            select rider, now(), affected_from, now()
            from unnest(\(PostgresArray(sorted.map(\.key))), \(PostgresArray(sorted.map(\.value))))
                as work (rider, affected_from)
            on conflict (rider_id) do update set
                affected_from = least(rider_work.affected_from, excluded.affected_from),
                due_at = case when rider_work.attempts < 2
                    then least(rider_work.due_at, excluded.due_at) else rider_work.due_at end
            """)
    }

    /// Asks for every rider with unpriced taps to be rated again.
    package static func enqueueUnpriced(on connection: isolated PostgresConnection) throws {
        let rows = try connection.query(
            """
            select rider_id, min(tapped_at) as affected_from
            from unpriced_tap join rider_tap using (rider_id, device_id, epoch_id, sequence)
            group by rider_id
            """)
        var riders: [RiderAccountID: Timestamp] = [:]
        for row in rows { riders[try row.decode("rider_id")] = try row.decode("affected_from") }
        try enqueue(riders, on: connection)
    }

    /// Takes riders that are due, one attempt each, for `lease`; repeated attempts rest longer.
    ///
    /// - Returns: Riders on their first attempt together, or else a single one on a later, so
    ///   that the healthy never fail along with the sick.
    package static func claim(
        limit: Int, lease: Duration, on connection: isolated PostgresConnection
    ) throws -> [RiderWork] {
        let seconds = Double(lease.components.seconds)
        let due = try connection.query(
            """
            select rider_id, attempts from rider_work
            where due_at <= now() and attempts < \(attemptLimit)
            order by due_at limit \(limit) for update skip locked
            """)
        var riders: [RiderAccountID] = []
        for row in due {
            let attempts: Int = try row.decode("attempts")
            if attempts > 0, !riders.isEmpty { break }
            riders.append(try row.decode("rider_id"))
            if attempts > 0 { break }
        }
        guard !riders.isEmpty else { return [] }
        return try connection.query(
            """
            update rider_work set attempts = attempts + 1,
                due_at = now() + make_interval(secs => \(seconds) * power(3, attempts))
            where rider_id = any(\(PostgresArray(riders)))
            returning rider_id, affected_from, attempts
            """
        ).map(work)
    }

    /// Locks claimed riders until the transaction ends.
    ///
    /// Waits for whoever has one in hand: the router, which asks for it again; a worker that
    /// looked for due riders a moment before the claim, whose look locks what it does not take;
    /// or one whose lease ran out while it worked. To skip those would put a rider off for a
    /// lease, for no fault of anyone.
    ///
    /// - Returns: Those still to be done and still ours. Of the rest, whoever claimed them after
    ///   us took care.
    package static func lock(
        _ claimed: [RiderWork], on connection: isolated PostgresConnection
    ) throws -> [RiderWork] {
        let held = try connection.query(
            """
            select rider_id, affected_from, attempts from rider_work
            where rider_id = any(\(PostgresArray(claimed.map(\.rider))))
            order by rider_id for update
            """
        ).map(work)
        let attempts = Dictionary(
            claimed.map { ($0.rider, $0.attempts) }, uniquingKeysWith: { first, _ in first })
        return held.filter { attempts[$0.rider] == $0.attempts }
    }

    /// Takes finished riders off the queue. The caller holds their locks.
    package static func finish(
        _ riders: [RiderAccountID], on connection: isolated PostgresConnection
    ) throws {
        try connection.execute(
            "delete from rider_work where rider_id = any(\(PostgresArray(riders)))")
    }

    /// Notes why an attempt failed; the rider stays on the queue for its next.
    ///
    /// - Parameter code: A stable code without anything personal.
    package static func recordFailure(
        of rider: RiderAccountID, code: String, on connection: isolated PostgresConnection
    ) throws {
        try connection.execute(
            "update rider_work set failure = \(code) where rider_id = \(rider)")
    }

    /// Lets a resting rider be tried again at once.
    ///
    /// - Returns: Whether the rider was on the queue.
    package static func release(
        _ rider: RiderAccountID, on connection: isolated PostgresConnection
    ) throws -> Bool {
        try connection.execute(
            """
            update rider_work set attempts = 0, due_at = now(), failure = null
            where rider_id = \(rider)
            """) == 1
    }

    private static func work(_ row: PostgresRow) throws -> RiderWork {
        RiderWork(
            rider: try row.decode("rider_id"), affectedFrom: try row.decode("affected_from"),
            attempts: try row.decode("attempts"))
    }
}

import PostgresClient
import TransitModel

/// Riders, the media that lead to them, and their taps.
package enum RiderStore {
    /// Finds the rider of each medium; media never seen get the rider proposed for them.
    ///
    /// - Parameter proposals: Fresh identifiers, in any order; concurrent callers with the same
    ///   media agree on whoever came first.
    package static func findOrCreateRiders(
        _ proposals: [MediaToken: RiderAccountID], on connection: isolated PostgresConnection
    ) throws -> [MediaToken: RiderAccountID] {
        // One order for all writers, or two of them could each wait for the other.
        let sorted = proposals.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
        let tokens = PostgresArray(sorted.map(\.key))
        try connection.execute(
            """
            insert into media_rider (media_token, rider_id, linked_at)
            select token, rider, now()
            from unnest(\(tokens), \(PostgresArray(sorted.map(\.value)))) as proposal (token, rider)
            on conflict (media_token) do nothing
            """)
        let rows = try connection.query(
            "select media_token, rider_id from media_rider where media_token = any(\(tokens))")
        var riders: [MediaToken: RiderAccountID] = [:]
        for row in rows {
            riders[try row.decode("media_token")] = try row.decode("rider_id")
        }
        return riders
    }

    /// Adds taps to their riders' histories; those that are there already change nothing.
    ///
    /// - Returns: The earliest new tap of each rider who has one.
    package static func append(
        _ taps: [RiderTapRow], on connection: isolated PostgresConnection
    ) throws -> [RiderAccountID: Timestamp] {
        guard !taps.isEmpty else { return [:] }
        let rows = try connection.query(
            """
            insert into rider_tap (rider_id, device_id, epoch_id, sequence, tapped_at, vehicle_id,
                route_id, trip_id, stop_id, direction, media_kind, rider_category, riders,
                received_at)
            select * from unnest(
                \(PostgresArray(taps.map(\.rider))), \(PostgresArray(taps.map(\.id.device)))::text[],
                \(PostgresArray(taps.map(\.id.epoch))), \(PostgresArray(taps.map(\.id.sequence))),
                \(PostgresArray(taps.map(\.tappedAt))),
                \(PostgresArray(taps.map(\.service.vehicle)))::text[],
                \(PostgresArray(taps.map(\.service.route)))::text[],
                \(PostgresArray(taps.map(\.service.trip)))::text[],
                \(PostgresArray(taps.map(\.service.stop)))::text[],
                \(PostgresArray(taps.map { $0.service.direction.map { Int16($0.rawValue) } })),
                \(PostgresArray(taps.map { Int16($0.mediaKind.rawValue) })),
                \(PostgresArray(taps.map(\.riderCategory)))::text[],
                \(PostgresArray(taps.map { Int16(clamping: $0.riders) })),
                \(PostgresArray(taps.map(\.receivedAt))))
            on conflict (rider_id, device_id, epoch_id, sequence) do nothing
            returning rider_id, tapped_at
            """)
        var earliest: [RiderAccountID: Timestamp] = [:]
        for row in rows {
            let rider: RiderAccountID = try row.decode("rider_id")
            let tappedAt: Timestamp = try row.decode("tapped_at")
            earliest[rider] = min(earliest[rider] ?? tappedAt, tappedAt)
        }
        return earliest
    }

    package static func append(
        _ taps: [RefusedTapRow], on connection: isolated PostgresConnection
    ) throws {
        guard !taps.isEmpty else { return }
        try connection.execute(
            """
            insert into refused_tap (device_id, epoch_id, sequence, tapped_at, received_at, refusal,
                vehicle_id, route_id)
            select * from unnest(
                \(PostgresArray(taps.map(\.id.device)))::text[],
                \(PostgresArray(taps.map(\.id.epoch))), \(PostgresArray(taps.map(\.id.sequence))),
                \(PostgresArray(taps.map(\.tappedAt))), \(PostgresArray(taps.map(\.receivedAt))),
                \(PostgresArray(taps.map { Int16($0.refusal.rawValue) })),
                \(PostgresArray(taps.map(\.service.vehicle)))::text[],
                \(PostgresArray(taps.map(\.service.route)))::text[])
            on conflict (device_id, epoch_id, sequence) do nothing
            """)
    }

    /// A rider's taps of a span of time, by time and then identity.
    ///
    /// - Parameter range: Half-open; an absent bound is none.
    package static func listTaps(
        of rider: RiderAccountID, from start: Timestamp? = nil, before end: Timestamp? = nil,
        newestFirst: Bool = false, limit: Int, on connection: isolated PostgresConnection
    ) throws -> [RiderTapRow] {
        let order: SQL = newestFirst ? "desc" : "asc"
        return try connection.query(
            """
            select device_id, epoch_id, sequence, tapped_at, vehicle_id, route_id, trip_id, stop_id,
                direction, media_kind, rider_category, riders, received_at
            from rider_tap
            where rider_id = \(rider) and tapped_at >= coalesce(\(start), '-infinity')
                and tapped_at < coalesce(\(end), 'infinity')
            order by tapped_at \(sql: order), device_id, epoch_id, sequence limit \(limit)
            """
        ).map { row in try tap(row, of: rider) }
    }

    private static func tap(_ row: PostgresRow, of rider: RiderAccountID) throws -> RiderTapRow {
        let direction: UInt64? = try row.decodeIfPresent("direction")
        let mediaKind: UInt64 = try row.decode("media_kind")
        return RiderTapRow(
            rider: rider,
            id: TapID(
                device: try row.decode("device_id"), epoch: try row.decode("epoch_id"),
                sequence: try row.decode("sequence")),
            tappedAt: try row.decode("tapped_at"),
            service: ServiceContext(
                vehicle: try row.decode("vehicle_id"), route: try row.decodeIfPresent("route_id"),
                trip: try row.decodeIfPresent("trip_id"), stop: try row.decodeIfPresent("stop_id"),
                direction: direction.flatMap { Direction(rawValue: UInt8(clamping: $0)) }),
            mediaKind: MediaKind(rawValue: UInt8(clamping: mediaKind)) ?? .eTicketCard,
            riderCategory: try row.decodeIfPresent("rider_category"),
            riders: try row.decode("riders"), receivedAt: try row.decode("received_at"))
    }
}

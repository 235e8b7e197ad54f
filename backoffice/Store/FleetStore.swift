import DeviceProtocol
import PostgresClient
import TransitModel

/// Where vehicles are and were, and how their devices fare.
package enum FleetStore {
    /// Writes a batch and tells who listens to ``Channel/fleet``.
    ///
    /// Positions are hints: the transaction does not wait for the disk, so that a second's worth
    /// may go with a power cut, and taps never queue behind it. A state gives way to a newer one
    /// only, whichever gateway writes last.
    package static func write(
        _ batch: FleetBatch, on connection: isolated PostgresConnection
    ) throws {
        try connection.run(script: "set local synchronous_commit = off")
        try append(batch.history, on: connection)
        try renew(batch.states, on: connection)
        try renew(batch.health, on: connection)
        try connection.notify(Channel.fleet)
    }

    private static func append(
        _ history: [ReceivedLocation], on connection: isolated PostgresConnection
    ) throws {
        guard !history.isEmpty else { return }
        try connection.copy(
            into: "vehicle_location",
            columns: [
                "vehicle_id", "device_id", "recorded_at", "received_at", "latitude", "longitude",
                "heading", "speed", "trip_id", "route_id", "stop_id", "current_status", "source",
            ]
        ) { writer in
            for entry in history {
                let location = entry.location
                try writer.row(
                    entry.vehicle, entry.device, location.recordedAt, entry.receivedAt,
                    location.point.latitude, location.point.longitude, location.bearing,
                    location.speedMetresPerSecond, location.trip, location.route, location.stop,
                    location.stopStatus?.code, location.source.code)
            }
        }
    }

    /// Rows go in one order for everybody, so that two gateways never wait for each other in a
    /// circle.
    private static func renew(
        _ states: [ReceivedLocation], on connection: isolated PostgresConnection
    ) throws {
        guard !states.isEmpty else { return }
        let states = states.sorted { $0.vehicle < $1.vehicle }
        let locations = states.map(\.location)
        try connection.execute(
            """
            insert into vehicle_state (vehicle_id, device_id, recorded_at, received_at, latitude,
                longitude, heading, speed, trip_id, route_id, stop_id, current_status, source,
                updated_at)
            select *, clock_timestamp() from unnest(
                \(PostgresArray(states.map(\.vehicle)))::text[],
                \(PostgresArray(states.map(\.device)))::text[],
                \(PostgresArray(locations.map(\.recordedAt)))::timestamptz[],
                \(PostgresArray(states.map(\.receivedAt)))::timestamptz[],
                \(PostgresArray(locations.map(\.point.latitude)))::double precision[],
                \(PostgresArray(locations.map(\.point.longitude)))::double precision[],
                \(PostgresArray(locations.map(\.bearing)))::double precision[],
                \(PostgresArray(locations.map(\.speedMetresPerSecond)))::double precision[],
                \(PostgresArray(locations.map(\.trip)))::text[],
                \(PostgresArray(locations.map(\.route)))::text[],
                \(PostgresArray(locations.map(\.stop)))::text[],
                \(PostgresArray(locations.map(\.stopStatus?.code)))::text[],
                \(PostgresArray(locations.map(\.source.code)))::text[])
            on conflict (vehicle_id) do update set
                device_id = excluded.device_id, recorded_at = excluded.recorded_at,
                received_at = excluded.received_at, latitude = excluded.latitude,
                longitude = excluded.longitude, heading = excluded.heading,
                speed = excluded.speed, trip_id = excluded.trip_id,
                route_id = excluded.route_id, stop_id = excluded.stop_id,
                current_status = excluded.current_status, source = excluded.source,
                updated_at = excluded.updated_at
            where vehicle_state.recorded_at < excluded.recorded_at
            """)
    }

    private static func renew(
        _ reports: [ReceivedHealth], on connection: isolated PostgresConnection
    ) throws {
        guard !reports.isEmpty else { return }
        let reports = reports.sorted { $0.device < $1.device }
        let health = reports.map(\.health)
        try connection.execute(
            """
            insert into device_health (device_id, vehicle_id, waiting_taps, oldest_waiting_since,
                readers, sound_readers, journal_is_sound, deny_list_base, deny_list_overlay,
                configuration_version, software_version, reported_at)
            select * from unnest(
                \(PostgresArray(reports.map(\.device)))::text[],
                \(PostgresArray(reports.map(\.vehicle)))::text[],
                \(PostgresArray(health.map(\.waitingTaps)))::bigint[],
                \(PostgresArray(reports.map(\.oldestWaitingSince)))::timestamptz[],
                \(PostgresArray(health.map { Int16($0.readers) }))::smallint[],
                \(PostgresArray(health.map { Int16($0.soundReaders) }))::smallint[],
                \(PostgresArray(health.map(\.journalIsSound)))::boolean[],
                \(PostgresArray(health.map(\.documents.denyListBase)))::bigint[],
                \(PostgresArray(health.map(\.documents.denyListOverlay)))::bigint[],
                \(PostgresArray(health.map(\.documents.configuration)))::bigint[],
                \(PostgresArray(health.map(\.softwareVersion)))::text[],
                \(PostgresArray(reports.map(\.reportedAt)))::timestamptz[])
            on conflict (device_id) do update set
                vehicle_id = excluded.vehicle_id, waiting_taps = excluded.waiting_taps,
                oldest_waiting_since = excluded.oldest_waiting_since,
                readers = excluded.readers, sound_readers = excluded.sound_readers,
                journal_is_sound = excluded.journal_is_sound,
                deny_list_base = excluded.deny_list_base,
                deny_list_overlay = excluded.deny_list_overlay,
                configuration_version = excluded.configuration_version,
                software_version = excluded.software_version,
                reported_at = excluded.reported_at
            where device_health.reported_at < excluded.reported_at
            """)
    }
}

// MARK: - Reading

extension FleetStore {
    /// The newest location of every vehicle that was written since an instant of the database's
    /// clock; of every vehicle without one.
    ///
    /// - Returns: Also the latest instant of writing among them.
    package static func listStates(
        updatedAfter instant: Timestamp? = nil, on connection: isolated PostgresConnection
    ) throws -> (states: [ReceivedLocation], updatedAt: Timestamp?) {
        let condition: SQL = instant.map { "where updated_at > \($0)" } ?? ""
        let rows = try connection.query(
            """
            select vehicle_id, device_id, recorded_at, received_at, latitude, longitude, heading,
                speed, trip_id, route_id, stop_id, current_status, source, updated_at
            from vehicle_state \(sql: condition)
            """)
        var latest: Timestamp?
        let states = try rows.map { row in
            let updatedAt: Timestamp = try row.decode("updated_at")
            latest = max(latest ?? updatedAt, updatedAt)
            return try ReceivedLocation(row: row)
        }
        return (states, latest)
    }

    /// Every device's last word on how it fares, or those of one vehicle.
    package static func listHealth(
        of vehicle: VehicleID? = nil, on connection: isolated PostgresConnection
    ) throws -> [ReceivedHealth] {
        let condition: SQL = vehicle.map { "where vehicle_id = \($0)" } ?? ""
        return try connection.query(
            """
            select device_id, vehicle_id, waiting_taps, oldest_waiting_since, readers,
                sound_readers, journal_is_sound, deny_list_base, deny_list_overlay,
                configuration_version, software_version, reported_at
            from device_health \(sql: condition) order by device_id
            """
        ).map(ReceivedHealth.init(row:))
    }
}

extension ReceivedHealth {
    /// The instant instead of the age: it stays true while nobody writes.
    fileprivate var oldestWaitingSince: Timestamp? {
        health.oldestWaiting.map { reportedAt.advanced(by: .zero - $0) }
    }

    fileprivate init(row: PostgresRow) throws {
        let reportedAt: Timestamp = try row.decode("reported_at")
        let since: Timestamp? = try row.decodeIfPresent("oldest_waiting_since")
        let readers: Int16 = try row.decode("readers")
        let soundReaders: Int16 = try row.decode("sound_readers")
        self.init(
            device: try row.decode("device_id"), vehicle: try row.decode("vehicle_id"),
            health: DeviceHealth(
                waitingTaps: try row.decode("waiting_taps"),
                oldestWaiting: since.map { reportedAt.elapsed(since: $0) },
                readers: UInt8(clamping: readers), soundReaders: UInt8(clamping: soundReaders),
                journalIsSound: try row.decode("journal_is_sound"),
                documents: DocumentVersions(
                    denyListBase: try row.decode("deny_list_base"),
                    denyListOverlay: try row.decode("deny_list_overlay"),
                    configuration: try row.decode("configuration_version")),
                softwareVersion: try row.decode("software_version")),
            reportedAt: reportedAt)
    }
}

extension ReceivedLocation {
    fileprivate init(row: PostgresRow) throws {
        let status: String? = try row.decodeIfPresent("current_status")
        guard let source = VehicleLocation.Source(code: try row.decode("source")) else {
            throw StoreFailure.unreadable(table: "vehicle_state")
        }
        self.init(
            vehicle: try row.decode("vehicle_id"), device: try row.decode("device_id"),
            location: VehicleLocation(
                recordedAt: try row.decode("recorded_at"),
                point: GeoPoint(
                    latitude: try row.decode("latitude"), longitude: try row.decode("longitude")),
                bearing: try row.decodeIfPresent("heading"),
                speedMetresPerSecond: try row.decodeIfPresent("speed"),
                trip: try row.decodeIfPresent("trip_id"),
                route: try row.decodeIfPresent("route_id"),
                stop: try row.decodeIfPresent("stop_id"),
                stopStatus: status.flatMap(VehicleLocation.StopStatus.init(code:)),
                source: source),
            receivedAt: try row.decode("received_at"))
    }
}

// MARK: - Codes

extension VehicleLocation.StopStatus {
    package var code: String {
        switch self {
        case .incomingAt: "incoming_at"
        case .stoppedAt: "stopped_at"
        case .inTransitTo: "in_transit_to"
        }
    }

    init?(code: String) {
        guard let status = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = status
    }
}

extension VehicleLocation.Source {
    package var code: String {
        switch self {
        case .gnss: "gnss"
        case .simulated: "simulated"
        }
    }

    init?(code: String) {
        guard let source = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = source
    }
}

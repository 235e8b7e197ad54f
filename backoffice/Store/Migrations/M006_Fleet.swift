extension Migration {
    /// Where vehicles were and are, and how their devices fare.
    ///
    /// `vehicle_location` has the columns of TIDES' table of that name and, like `tap_log`, is
    /// partitioned by the month of receipt. Everything of a vehicle is distributed by
    /// `vehicle_id`. The two tables of what is now are rewritten every second: half-empty pages
    /// let a row's next version stand beside it, so that no index is touched. Taps are found by
    /// vehicle as well: who tapped here, and when.
    static let fleet = Migration(
        name: "006_fleet",
        script: """
            create table vehicle_location (
                vehicle_id text not null,
                device_id text not null,
                recorded_at timestamptz not null,
                received_at timestamptz not null,
                latitude double precision not null check (latitude between -90 and 90),
                longitude double precision not null check (longitude between -180 and 180),
                heading double precision check (heading >= 0 and heading < 360),
                speed double precision check (speed >= 0),
                trip_id text,
                route_id text,
                stop_id text,
                current_status text
                    check (current_status in ('incoming_at', 'stopped_at', 'in_transit_to')),
                source text not null check (source in ('gnss', 'simulated'))
            ) partition by range (received_at);
            create index vehicle_location_by_vehicle
                on vehicle_location (vehicle_id, recorded_at);
            create table vehicle_location_default partition of vehicle_location default;

            create table vehicle_state (
                vehicle_id text primary key,
                device_id text not null,
                recorded_at timestamptz not null,
                received_at timestamptz not null,
                latitude double precision not null,
                longitude double precision not null,
                heading double precision,
                speed double precision,
                trip_id text,
                route_id text,
                stop_id text,
                current_status text,
                source text not null,
                updated_at timestamptz not null
            ) with (fillfactor = 50);

            create table device_health (
                device_id text primary key,
                vehicle_id text not null,
                waiting_taps bigint not null,
                oldest_waiting_since timestamptz,
                readers smallint not null,
                sound_readers smallint not null,
                journal_is_sound boolean not null,
                deny_list_base bigint not null,
                deny_list_overlay bigint not null,
                configuration_version bigint not null,
                software_version text not null,
                reported_at timestamptz not null
            ) with (fillfactor = 50);
            create index device_health_by_vehicle on device_health (vehicle_id);

            create index rider_tap_by_vehicle on rider_tap (vehicle_id, tapped_at);
            create index refused_tap_by_vehicle on refused_tap (vehicle_id, tapped_at);
            """)
}

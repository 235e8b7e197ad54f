extension Migration {
    /// Riders, their taps, what they were charged and their sub-ledger.
    ///
    /// Everything of a rider is distributed by `rider_id`, which therefore stands in every key;
    /// media by their token. `rider_work` is a queue and stays on one node, where its rows can be
    /// locked and skipped. The vault is a schema of its own with a role of its own, as far as
    /// this installation lets us create roles.
    static let riders = Migration(
        name: "002_riders",
        script: """
            create schema vault;

            create table vault.media (
                media_token bytea primary key check (length(media_token) = 16),
                media_kind smallint not null,
                generation integer not null,
                media_key bytea not null check (length(media_key) = 16),
                first_seen_at timestamptz not null default now()
            );

            do $$
            begin
                create role kvytok_vault nologin;
            exception when duplicate_object or unique_violation or insufficient_privilege then
                null;
            end $$;
            do $$
            begin
                grant usage on schema vault to kvytok_vault;
                grant select, insert on vault.media to kvytok_vault;
                if not pg_has_role(current_user, 'kvytok_vault', 'member') then
                    grant kvytok_vault to current_user;
                end if;
            exception when undefined_object or insufficient_privilege then
                null;
            end $$;

            create table media_rider (
                media_token bytea primary key check (length(media_token) = 16),
                rider_id uuid not null,
                linked_at timestamptz not null default now()
            );
            create index media_rider_by_rider on media_rider (rider_id);

            create table rider_tap (
                rider_id uuid not null,
                device_id text not null,
                epoch_id uuid not null,
                sequence bigint not null,
                tapped_at timestamptz not null,
                vehicle_id text not null,
                route_id text,
                trip_id text,
                stop_id text,
                direction smallint,
                media_kind smallint not null,
                rider_category text,
                riders smallint not null,
                received_at timestamptz not null,
                primary key (rider_id, device_id, epoch_id, sequence)
            );
            create index rider_tap_by_time on rider_tap (rider_id, tapped_at);
            create index rider_tap_by_receipt on rider_tap (received_at);

            create table refused_tap (
                device_id text not null,
                epoch_id uuid not null,
                sequence bigint not null,
                tapped_at timestamptz not null,
                received_at timestamptz not null,
                refusal smallint not null,
                vehicle_id text not null,
                route_id text,
                primary key (device_id, epoch_id, sequence)
            );
            create index refused_tap_by_time on refused_tap (tapped_at);
            create index refused_tap_by_receipt on refused_tap (received_at);

            create table rider_work (
                rider_id uuid primary key,
                enqueued_at timestamptz not null,
                affected_from timestamptz not null,
                attempts integer not null default 0,
                due_at timestamptz not null,
                failure text
            );
            create index rider_work_by_due on rider_work (due_at);

            create table unpriced_tap (
                rider_id uuid not null,
                device_id text not null,
                epoch_id uuid not null,
                sequence bigint not null,
                cause text not null,
                detail text not null,
                noticed_at timestamptz not null,
                primary key (rider_id, device_id, epoch_id, sequence)
            );

            create table charge (
                rider_id uuid not null,
                charge_id uuid not null,
                revision integer not null check (revision >= 1),
                fare_day date not null,
                service_date date not null,
                amount_minor bigint not null,
                currency text not null,
                tariff_id text not null,
                tariff_version text not null,
                explanation jsonb not null,
                charged_at timestamptz not null,
                superseded_at timestamptz,
                primary key (rider_id, charge_id, revision)
            );
            create unique index charge_in_force on charge (rider_id, charge_id)
                where superseded_at is null;
            create index charge_by_service_date on charge (service_date);
            create index charge_by_time on charge (charged_at);

            create table charge_tap (
                rider_id uuid not null,
                charge_id uuid not null,
                revision integer not null,
                device_id text not null,
                epoch_id uuid not null,
                sequence bigint not null,
                leg integer not null,
                amount_minor bigint not null,
                primary key (rider_id, charge_id, revision, device_id, epoch_id, sequence),
                foreign key (rider_id, charge_id, revision)
                    references charge (rider_id, charge_id, revision)
            );
            create index charge_tap_by_tap
                on charge_tap (rider_id, device_id, epoch_id, sequence);

            create table rider_entry (
                rider_id uuid not null,
                entry_id uuid not null,
                charge_id uuid not null,
                revision integer not null,
                kind text not null check (kind in ('charge', 'adjustment')),
                amount_minor bigint not null,
                currency text not null,
                service_date date not null,
                posted_at timestamptz not null,
                ledger_batch_id uuid,
                primary key (rider_id, entry_id),
                unique (rider_id, charge_id, revision)
            );
            create index rider_entry_unbatched on rider_entry (posted_at)
                where ledger_batch_id is null;
            create index rider_entry_by_batch on rider_entry (ledger_batch_id);
            create index rider_entry_by_time on rider_entry (posted_at);
            """)
}

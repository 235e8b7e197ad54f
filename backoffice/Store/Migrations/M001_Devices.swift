extension Migration {
    /// Devices, what they have sent, and what is published to them.
    ///
    /// Everything of a device is distributed by `device_id`, which therefore stands in every key.
    /// `tap_log` has no unique key on purpose: duplicates are kept out by the epoch's head, and
    /// appending stays as fast as plain COPY.
    static let devices = Migration(
        name: "001_devices",
        script: """
            create table installation (
                is_only_row boolean primary key default true check (is_only_row),
                scheme_id text not null,
                incarnation uuid not null,
                created_at timestamptz not null default now()
            );

            create table device (
                device_id text primary key,
                vehicle_id text not null,
                status text not null check (status in ('enrolled', 'revoked')),
                enrolled_at timestamptz not null,
                revoked_at timestamptz,
                check ((status = 'revoked') = (revoked_at is not null))
            );

            create table device_certificate (
                device_id text not null,
                serial_number bytea not null,
                fingerprint bytea not null check (length(fingerprint) = 32),
                not_before timestamptz not null,
                not_after timestamptz not null,
                issued_at timestamptz not null,
                primary key (device_id, serial_number),
                foreign key (device_id) references device (device_id)
            );

            create table enrolment_code (
                code_hash bytea primary key check (length(code_hash) = 32),
                device_id text not null,
                vehicle_id text not null,
                created_at timestamptz not null,
                expires_at timestamptz not null,
                used_at timestamptz
            );

            create table epoch_head (
                device_id text not null,
                epoch_id uuid not null,
                parent_epoch_id uuid,
                parent_sequence bigint,
                opening bytea not null,
                head_sequence bigint not null check (head_sequence >= 0),
                head_hash bytea not null check (length(head_hash) = 32),
                state text not null check (state in ('open', 'closed', 'quarantined')),
                quarantine_reason text,
                routed_sequence bigint not null default 0,
                updated_at timestamptz not null,
                primary key (device_id, epoch_id),
                check (routed_sequence between 0 and head_sequence)
            );
            create index epoch_head_by_parent on epoch_head (device_id, parent_epoch_id);
            create index epoch_head_unrouted on epoch_head (updated_at)
                where routed_sequence < head_sequence and state <> 'quarantined';

            create table tap_log (
                device_id text not null,
                epoch_id uuid not null,
                sequence bigint not null,
                record bytea not null,
                record_hash bytea not null,
                received_at timestamptz not null
            ) partition by range (received_at);
            create index tap_log_by_tap on tap_log (device_id, epoch_id, sequence);
            create table tap_log_default partition of tap_log default;

            create table set_aside_tap (
                device_id text not null,
                epoch_id uuid not null,
                sequence bigint not null,
                reason text not null,
                set_aside_at timestamptz not null,
                primary key (device_id, epoch_id, sequence)
            );

            create table quarantined_batch (
                device_id text not null,
                quarantine_id uuid not null,
                epoch_id uuid not null,
                reason text not null,
                batch bytea not null,
                received_at timestamptz not null,
                primary key (device_id, quarantine_id)
            );
            create index quarantined_batch_by_epoch on quarantined_batch (device_id, epoch_id);

            create table signed_document (
                role text not null check (role in ('root', 'deny-list', 'configuration')),
                version bigint not null check (version > 0),
                bytes bytea not null,
                content_hash bytea not null check (length(content_hash) = 32),
                issued_at timestamptz not null,
                expires_at timestamptz not null,
                primary key (role, version)
            );

            create table deny_entry (
                media_token bytea primary key check (length(media_token) = 16),
                reason text not null,
                denied_at timestamptz not null
            );
            """)
}

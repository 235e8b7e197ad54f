CREATE SCHEMA vault;
CREATE TABLE public.charge (
    rider_id uuid NOT NULL,
    charge_id uuid NOT NULL,
    revision integer NOT NULL,
    fare_day date NOT NULL,
    service_date date NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    tariff_id text NOT NULL,
    tariff_version text NOT NULL,
    explanation jsonb NOT NULL,
    charged_at timestamp with time zone NOT NULL,
    superseded_at timestamp with time zone,
    CONSTRAINT charge_revision_check CHECK ((revision >= 1))
);
CREATE TABLE public.charge_tap (
    rider_id uuid NOT NULL,
    charge_id uuid NOT NULL,
    revision integer NOT NULL,
    device_id text NOT NULL,
    epoch_id uuid NOT NULL,
    sequence bigint NOT NULL,
    leg integer NOT NULL,
    amount_minor bigint NOT NULL
);
CREATE TABLE public.deny_entry (
    media_token bytea NOT NULL,
    reason text NOT NULL,
    denied_at timestamp with time zone NOT NULL,
    CONSTRAINT deny_entry_media_token_check CHECK ((length(media_token) = 16))
);
CREATE TABLE public.device (
    device_id text NOT NULL,
    vehicle_id text NOT NULL,
    status text NOT NULL,
    enrolled_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT device_check CHECK (((status = 'revoked'::text) = (revoked_at IS NOT NULL))),
    CONSTRAINT device_status_check CHECK ((status = ANY (ARRAY['enrolled'::text, 'revoked'::text])))
);
CREATE TABLE public.device_certificate (
    device_id text NOT NULL,
    serial_number bytea NOT NULL,
    fingerprint bytea NOT NULL,
    not_before timestamp with time zone NOT NULL,
    not_after timestamp with time zone NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    CONSTRAINT device_certificate_fingerprint_check CHECK ((length(fingerprint) = 32))
);
CREATE TABLE public.device_health (
    device_id text NOT NULL,
    vehicle_id text NOT NULL,
    waiting_taps bigint NOT NULL,
    oldest_waiting_since timestamp with time zone,
    readers smallint NOT NULL,
    sound_readers smallint NOT NULL,
    journal_is_sound boolean NOT NULL,
    deny_list_base bigint NOT NULL,
    deny_list_overlay bigint NOT NULL,
    configuration_version bigint NOT NULL,
    software_version text NOT NULL,
    reported_at timestamp with time zone NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE public.enrolment_code (
    code_hash bytea NOT NULL,
    device_id text NOT NULL,
    vehicle_id text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT enrolment_code_code_hash_check CHECK ((length(code_hash) = 32))
);
CREATE TABLE public.epoch_head (
    device_id text NOT NULL,
    epoch_id uuid NOT NULL,
    parent_epoch_id uuid,
    parent_sequence bigint,
    opening bytea NOT NULL,
    head_sequence bigint NOT NULL,
    head_hash bytea NOT NULL,
    state text NOT NULL,
    quarantine_reason text,
    routed_sequence bigint DEFAULT 0 NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT epoch_head_check CHECK (((routed_sequence >= 0) AND (routed_sequence <= head_sequence))),
    CONSTRAINT epoch_head_head_hash_check CHECK ((length(head_hash) = 32)),
    CONSTRAINT epoch_head_head_sequence_check CHECK ((head_sequence >= 0)),
    CONSTRAINT epoch_head_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text, 'quarantined'::text])))
);
CREATE TABLE public.feed_period (
    feed_id text NOT NULL,
    effective_from timestamp with time zone NOT NULL,
    sha256 bytea NOT NULL,
    decided_at timestamp with time zone NOT NULL
);
CREATE TABLE public.feed_version (
    feed_id text NOT NULL,
    sha256 bytea NOT NULL,
    tariff_version text NOT NULL,
    published_version text,
    archive bytea NOT NULL,
    imported_at timestamp with time zone NOT NULL,
    CONSTRAINT feed_version_sha256_check CHECK ((length(sha256) = 32))
);
CREATE TABLE public.installation (
    is_only_row boolean DEFAULT true NOT NULL,
    scheme_id text NOT NULL,
    incarnation uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT installation_is_only_row_check CHECK (is_only_row)
);
CREATE TABLE public.journal_entry (
    journal_entry_id uuid NOT NULL,
    accounting_date date NOT NULL,
    kind text NOT NULL,
    description text NOT NULL,
    posted_at timestamp with time zone NOT NULL
);
CREATE TABLE public.ledger_batch (
    batch_number bigint NOT NULL,
    journal_entry_id uuid NOT NULL,
    entry_count bigint NOT NULL,
    CONSTRAINT ledger_batch_batch_number_check CHECK ((batch_number >= 1)),
    CONSTRAINT ledger_batch_entry_count_check CHECK ((entry_count >= 1))
);
CREATE TABLE public.media_rider (
    media_token bytea NOT NULL,
    rider_id uuid NOT NULL,
    linked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT media_rider_media_token_check CHECK ((length(media_token) = 16))
);
CREATE TABLE public.migration (
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.posting (
    journal_entry_id uuid NOT NULL,
    posting_number integer NOT NULL,
    account text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    CONSTRAINT posting_amount_minor_check CHECK ((amount_minor <> 0)),
    CONSTRAINT posting_posting_number_check CHECK ((posting_number >= 1))
);
CREATE TABLE public.quarantined_batch (
    device_id text NOT NULL,
    quarantine_id uuid NOT NULL,
    epoch_id uuid NOT NULL,
    reason text NOT NULL,
    batch bytea NOT NULL,
    received_at timestamp with time zone NOT NULL
);
CREATE TABLE public.refused_tap (
    device_id text NOT NULL,
    epoch_id uuid NOT NULL,
    sequence bigint NOT NULL,
    tapped_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    refusal smallint NOT NULL,
    vehicle_id text NOT NULL,
    route_id text,
    routed_at timestamp with time zone DEFAULT now()
);
CREATE TABLE public.rider_entry (
    rider_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    charge_id uuid NOT NULL,
    revision integer NOT NULL,
    kind text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    service_date date NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    ledger_batch_id uuid,
    CONSTRAINT rider_entry_kind_check CHECK ((kind = ANY (ARRAY['charge'::text, 'adjustment'::text])))
);
CREATE TABLE public.rider_tap (
    rider_id uuid NOT NULL,
    device_id text NOT NULL,
    epoch_id uuid NOT NULL,
    sequence bigint NOT NULL,
    tapped_at timestamp with time zone NOT NULL,
    vehicle_id text NOT NULL,
    route_id text,
    trip_id text,
    stop_id text,
    direction smallint,
    media_kind smallint NOT NULL,
    rider_category text,
    riders smallint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    routed_at timestamp with time zone DEFAULT now()
);
CREATE TABLE public.rider_work (
    rider_id uuid NOT NULL,
    enqueued_at timestamp with time zone NOT NULL,
    affected_from timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    failure text
);
CREATE TABLE public.set_aside_tap (
    device_id text NOT NULL,
    epoch_id uuid NOT NULL,
    sequence bigint NOT NULL,
    reason text NOT NULL,
    set_aside_at timestamp with time zone NOT NULL
);
CREATE TABLE public.signed_document (
    role text NOT NULL,
    version bigint NOT NULL,
    bytes bytea NOT NULL,
    content_hash bytea NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT signed_document_content_hash_check CHECK ((length(content_hash) = 32)),
    CONSTRAINT signed_document_role_check CHECK ((role = ANY (ARRAY['root'::text, 'deny-list'::text, 'configuration'::text]))),
    CONSTRAINT signed_document_version_check CHECK ((version > 0))
);
CREATE TABLE public.staff_session (
    token_hash bytea NOT NULL,
    user_name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_session_token_hash_check CHECK ((length(token_hash) = 32))
);
CREATE TABLE public.staff_sign_in (
    sign_in_id bigint NOT NULL,
    user_name text NOT NULL,
    address text NOT NULL,
    outcome text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_sign_in_outcome_check CHECK ((outcome = ANY (ARRAY['signed_in'::text, 'refused'::text, 'limited'::text, 'signed_out'::text])))
);
CREATE SEQUENCE public.staff_sign_in_sign_in_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.staff_sign_in_sign_in_id_seq OWNED BY public.staff_sign_in.sign_in_id;
CREATE TABLE public.staff_user (
    user_name text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    disabled_at timestamp with time zone,
    CONSTRAINT staff_user_role_check CHECK ((role = ANY (ARRAY['operator'::text, 'accountant'::text, 'dispatcher'::text, 'inspector'::text]))),
    CONSTRAINT staff_user_user_name_check CHECK (((length(user_name) >= 1) AND (length(user_name) <= 64)))
);
CREATE TABLE public.tap_log (
    device_id text NOT NULL,
    epoch_id uuid NOT NULL,
    sequence bigint NOT NULL,
    record bytea NOT NULL,
    record_hash bytea NOT NULL,
    received_at timestamp with time zone NOT NULL
)
PARTITION BY RANGE (received_at);
CREATE TABLE public.tap_log_default (
    device_id text NOT NULL,
    epoch_id uuid NOT NULL,
    sequence bigint NOT NULL,
    record bytea NOT NULL,
    record_hash bytea NOT NULL,
    received_at timestamp with time zone NOT NULL
);
CREATE TABLE public.unpriced_tap (
    rider_id uuid NOT NULL,
    device_id text NOT NULL,
    epoch_id uuid NOT NULL,
    sequence bigint NOT NULL,
    cause text NOT NULL,
    detail text NOT NULL,
    noticed_at timestamp with time zone NOT NULL
);
CREATE TABLE public.vehicle_location (
    vehicle_id text NOT NULL,
    device_id text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    heading double precision,
    speed double precision,
    trip_id text,
    route_id text,
    stop_id text,
    current_status text,
    source text NOT NULL,
    CONSTRAINT vehicle_location_current_status_check CHECK ((current_status = ANY (ARRAY['incoming_at'::text, 'stopped_at'::text, 'in_transit_to'::text]))),
    CONSTRAINT vehicle_location_heading_check CHECK (((heading >= (0)::double precision) AND (heading < (360)::double precision))),
    CONSTRAINT vehicle_location_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT vehicle_location_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT vehicle_location_source_check CHECK ((source = ANY (ARRAY['gnss'::text, 'simulated'::text]))),
    CONSTRAINT vehicle_location_speed_check CHECK ((speed >= (0)::double precision))
)
PARTITION BY RANGE (received_at);
CREATE TABLE public.vehicle_location_default (
    vehicle_id text NOT NULL,
    device_id text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    heading double precision,
    speed double precision,
    trip_id text,
    route_id text,
    stop_id text,
    current_status text,
    source text NOT NULL,
    CONSTRAINT vehicle_location_current_status_check CHECK ((current_status = ANY (ARRAY['incoming_at'::text, 'stopped_at'::text, 'in_transit_to'::text]))),
    CONSTRAINT vehicle_location_heading_check CHECK (((heading >= (0)::double precision) AND (heading < (360)::double precision))),
    CONSTRAINT vehicle_location_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT vehicle_location_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT vehicle_location_source_check CHECK ((source = ANY (ARRAY['gnss'::text, 'simulated'::text]))),
    CONSTRAINT vehicle_location_speed_check CHECK ((speed >= (0)::double precision))
);
CREATE TABLE public.vehicle_state (
    vehicle_id text NOT NULL,
    device_id text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    heading double precision,
    speed double precision,
    trip_id text,
    route_id text,
    stop_id text,
    current_status text,
    source text NOT NULL,
    updated_at timestamp with time zone NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE vault.media (
    media_token bytea NOT NULL,
    media_kind smallint NOT NULL,
    generation integer NOT NULL,
    media_key bytea NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT media_media_key_check CHECK ((length(media_key) = 16)),
    CONSTRAINT media_media_token_check CHECK ((length(media_token) = 16))
);
ALTER TABLE ONLY public.tap_log ATTACH PARTITION public.tap_log_default DEFAULT;
ALTER TABLE ONLY public.vehicle_location ATTACH PARTITION public.vehicle_location_default DEFAULT;
ALTER TABLE ONLY public.staff_sign_in ALTER COLUMN sign_in_id SET DEFAULT nextval('public.staff_sign_in_sign_in_id_seq'::regclass);
ALTER TABLE ONLY public.charge
    ADD CONSTRAINT charge_pkey PRIMARY KEY (rider_id, charge_id, revision);
ALTER TABLE ONLY public.charge_tap
    ADD CONSTRAINT charge_tap_pkey PRIMARY KEY (rider_id, charge_id, revision, device_id, epoch_id, sequence);
ALTER TABLE ONLY public.deny_entry
    ADD CONSTRAINT deny_entry_pkey PRIMARY KEY (media_token);
ALTER TABLE ONLY public.device_certificate
    ADD CONSTRAINT device_certificate_pkey PRIMARY KEY (device_id, serial_number);
ALTER TABLE ONLY public.device_health
    ADD CONSTRAINT device_health_pkey PRIMARY KEY (device_id);
ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_pkey PRIMARY KEY (device_id);
ALTER TABLE ONLY public.enrolment_code
    ADD CONSTRAINT enrolment_code_pkey PRIMARY KEY (code_hash);
ALTER TABLE ONLY public.epoch_head
    ADD CONSTRAINT epoch_head_pkey PRIMARY KEY (device_id, epoch_id);
ALTER TABLE ONLY public.feed_period
    ADD CONSTRAINT feed_period_pkey PRIMARY KEY (feed_id, effective_from);
ALTER TABLE ONLY public.feed_version
    ADD CONSTRAINT feed_version_pkey PRIMARY KEY (feed_id, sha256);
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (is_only_row);
ALTER TABLE ONLY public.journal_entry
    ADD CONSTRAINT journal_entry_pkey PRIMARY KEY (journal_entry_id);
ALTER TABLE ONLY public.ledger_batch
    ADD CONSTRAINT ledger_batch_journal_entry_id_key UNIQUE (journal_entry_id);
ALTER TABLE ONLY public.ledger_batch
    ADD CONSTRAINT ledger_batch_pkey PRIMARY KEY (batch_number);
ALTER TABLE ONLY public.media_rider
    ADD CONSTRAINT media_rider_pkey PRIMARY KEY (media_token);
ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (journal_entry_id, posting_number);
ALTER TABLE ONLY public.quarantined_batch
    ADD CONSTRAINT quarantined_batch_pkey PRIMARY KEY (device_id, quarantine_id);
ALTER TABLE ONLY public.refused_tap
    ADD CONSTRAINT refused_tap_pkey PRIMARY KEY (device_id, epoch_id, sequence);
ALTER TABLE ONLY public.rider_entry
    ADD CONSTRAINT rider_entry_pkey PRIMARY KEY (rider_id, entry_id);
ALTER TABLE ONLY public.rider_entry
    ADD CONSTRAINT rider_entry_rider_id_charge_id_revision_key UNIQUE (rider_id, charge_id, revision);
ALTER TABLE ONLY public.rider_tap
    ADD CONSTRAINT rider_tap_pkey PRIMARY KEY (rider_id, device_id, epoch_id, sequence);
ALTER TABLE ONLY public.rider_work
    ADD CONSTRAINT rider_work_pkey PRIMARY KEY (rider_id);
ALTER TABLE ONLY public.set_aside_tap
    ADD CONSTRAINT set_aside_tap_pkey PRIMARY KEY (device_id, epoch_id, sequence);
ALTER TABLE ONLY public.signed_document
    ADD CONSTRAINT signed_document_pkey PRIMARY KEY (role, version);
ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.staff_sign_in
    ADD CONSTRAINT staff_sign_in_pkey PRIMARY KEY (sign_in_id);
ALTER TABLE ONLY public.staff_user
    ADD CONSTRAINT staff_user_pkey PRIMARY KEY (user_name);
ALTER TABLE ONLY public.unpriced_tap
    ADD CONSTRAINT unpriced_tap_pkey PRIMARY KEY (rider_id, device_id, epoch_id, sequence);
ALTER TABLE ONLY public.vehicle_state
    ADD CONSTRAINT vehicle_state_pkey PRIMARY KEY (vehicle_id);
ALTER TABLE ONLY vault.media
    ADD CONSTRAINT media_pkey PRIMARY KEY (media_token);
CREATE INDEX charge_by_service_date ON public.charge USING btree (service_date);
CREATE INDEX charge_by_time ON public.charge USING btree (charged_at);
CREATE UNIQUE INDEX charge_in_force ON public.charge USING btree (rider_id, charge_id) WHERE (superseded_at IS NULL);
CREATE INDEX charge_tap_by_tap ON public.charge_tap USING btree (rider_id, device_id, epoch_id, sequence);
CREATE INDEX device_health_by_vehicle ON public.device_health USING btree (vehicle_id);
CREATE INDEX epoch_head_by_parent ON public.epoch_head USING btree (device_id, parent_epoch_id);
CREATE INDEX epoch_head_unrouted ON public.epoch_head USING btree (updated_at) WHERE ((routed_sequence < head_sequence) AND (state <> 'quarantined'::text));
CREATE INDEX journal_entry_by_date ON public.journal_entry USING btree (accounting_date);
CREATE INDEX media_rider_by_rider ON public.media_rider USING btree (rider_id);
CREATE INDEX posting_by_account ON public.posting USING btree (account);
CREATE INDEX quarantined_batch_by_epoch ON public.quarantined_batch USING btree (device_id, epoch_id);
CREATE INDEX refused_tap_by_receipt ON public.refused_tap USING btree (received_at);
CREATE INDEX refused_tap_by_time ON public.refused_tap USING btree (tapped_at);
CREATE INDEX refused_tap_by_vehicle ON public.refused_tap USING btree (vehicle_id, tapped_at);
CREATE INDEX rider_entry_by_batch ON public.rider_entry USING btree (ledger_batch_id);
CREATE INDEX rider_entry_by_time ON public.rider_entry USING btree (posted_at);
CREATE INDEX rider_entry_unbatched ON public.rider_entry USING btree (posted_at) WHERE (ledger_batch_id IS NULL);
CREATE INDEX rider_tap_by_receipt ON public.rider_tap USING btree (received_at);
CREATE INDEX rider_tap_by_time ON public.rider_tap USING btree (rider_id, tapped_at);
CREATE INDEX rider_tap_by_vehicle ON public.rider_tap USING btree (vehicle_id, tapped_at);
CREATE INDEX rider_work_by_due ON public.rider_work USING btree (due_at);
CREATE INDEX staff_session_by_age ON public.staff_session USING btree (created_at);
CREATE INDEX staff_session_by_user ON public.staff_session USING btree (user_name);
CREATE INDEX staff_sign_in_by_address ON public.staff_sign_in USING btree (address, occurred_at);
CREATE INDEX staff_sign_in_by_user ON public.staff_sign_in USING btree (user_name, occurred_at);
CREATE INDEX tap_log_by_tap ON ONLY public.tap_log USING btree (device_id, epoch_id, sequence);
CREATE INDEX tap_log_default_device_id_epoch_id_sequence_idx ON public.tap_log_default USING btree (device_id, epoch_id, sequence);
CREATE INDEX vehicle_location_by_vehicle ON ONLY public.vehicle_location USING btree (vehicle_id, recorded_at);
CREATE INDEX vehicle_location_default_vehicle_id_recorded_at_idx ON public.vehicle_location_default USING btree (vehicle_id, recorded_at);
ALTER INDEX public.tap_log_by_tap ATTACH PARTITION public.tap_log_default_device_id_epoch_id_sequence_idx;
ALTER INDEX public.vehicle_location_by_vehicle ATTACH PARTITION public.vehicle_location_default_vehicle_id_recorded_at_idx;
ALTER TABLE ONLY public.charge_tap
    ADD CONSTRAINT charge_tap_rider_id_charge_id_revision_fkey FOREIGN KEY (rider_id, charge_id, revision) REFERENCES public.charge(rider_id, charge_id, revision);
ALTER TABLE ONLY public.device_certificate
    ADD CONSTRAINT device_certificate_device_id_fkey FOREIGN KEY (device_id) REFERENCES public.device(device_id);
ALTER TABLE ONLY public.feed_period
    ADD CONSTRAINT feed_period_feed_id_sha256_fkey FOREIGN KEY (feed_id, sha256) REFERENCES public.feed_version(feed_id, sha256);
ALTER TABLE ONLY public.ledger_batch
    ADD CONSTRAINT ledger_batch_journal_entry_id_fkey FOREIGN KEY (journal_entry_id) REFERENCES public.journal_entry(journal_entry_id);
ALTER TABLE ONLY public.posting
    ADD CONSTRAINT posting_journal_entry_id_fkey FOREIGN KEY (journal_entry_id) REFERENCES public.journal_entry(journal_entry_id);
ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_user_name_fkey FOREIGN KEY (user_name) REFERENCES public.staff_user(user_name) ON DELETE CASCADE;

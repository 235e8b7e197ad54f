extension Migration {
    /// Who may use the staff pages, which browsers are signed in, and every attempt.
    ///
    /// All of it is small and read everywhere: reference tables where the database is spread.
    static let staff = Migration(
        name: "004_staff",
        script: """
            create table staff_user (
                user_name text primary key check (length(user_name) between 1 and 64),
                role text not null
                    check (role in ('operator', 'accountant', 'dispatcher', 'inspector')),
                password_hash text not null,
                created_at timestamptz not null,
                disabled_at timestamptz
            );

            create table staff_session (
                token_hash bytea primary key check (length(token_hash) = 32),
                user_name text not null references staff_user on delete cascade,
                created_at timestamptz not null,
                last_seen_at timestamptz not null
            );
            create index staff_session_by_user on staff_session (user_name);
            create index staff_session_by_age on staff_session (created_at);

            create table staff_sign_in (
                sign_in_id bigserial primary key,
                user_name text not null,
                address text not null,
                outcome text not null
                    check (outcome in ('signed_in', 'refused', 'limited', 'signed_out')),
                occurred_at timestamptz not null
            );
            create index staff_sign_in_by_user on staff_sign_in (user_name, occurred_at);
            create index staff_sign_in_by_address on staff_sign_in (address, occurred_at);
            """)
}

extension Migration {
    /// Published feeds, whole, and from when each is in force.
    ///
    /// A version is never changed or removed: charges name the tariff that it gave. Reference
    /// tables where the database is spread.
    static let feeds = Migration(
        name: "005_feeds",
        script: """
            create table feed_version (
                feed_id text not null,
                sha256 bytea not null check (length(sha256) = 32),
                tariff_version text not null,
                published_version text,
                archive bytea not null,
                imported_at timestamptz not null,
                primary key (feed_id, sha256)
            );

            create table feed_period (
                feed_id text not null,
                effective_from timestamptz not null,
                sha256 bytea not null,
                decided_at timestamptz not null,
                primary key (feed_id, effective_from),
                foreign key (feed_id, sha256) references feed_version (feed_id, sha256)
            );
            """)
}

extension Migration {
    /// When a tap reached its rider's history, or the list of refusals. Rows of before have none.
    static let routingTime = Migration(
        name: "007_routing_time",
        script: """
            alter table rider_tap add column routed_at timestamptz;
            alter table rider_tap alter column routed_at set default now();
            alter table refused_tap add column routed_at timestamptz;
            alter table refused_tap alter column routed_at set default now();
            """)
}

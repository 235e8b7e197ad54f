extension Migration {
    /// Every step that this program knows, in the order in which they run.
    package static let all: [Migration] = [
        devices,
        riders,
        ledger,
        staff,
        feeds,
        fleet,
        routingTime,
    ]
}

import TransitModel

/// What a store refuses or cannot make sense of.
package enum StoreFailure: Error, Hashable, Sendable {
    /// A row holds what this program never writes.
    case unreadable(table: String)
    /// The database belongs to another scheme.
    case otherScheme(SchemeID)
    case deviceRevoked
}

/// Channels of LISTEN and NOTIFY. A notification is a hint to look, never the news itself.
package enum Channel {
    /// New records in `tap_log`.
    package static let taps = "kvytok_taps"
    /// Taps were routed: riders wait to be rated, and refusals are there to show.
    package static let riders = "kvytok_riders"
    /// Something that a signed document is made from has changed.
    package static let documents = "kvytok_documents"
    /// A feed was imported.
    package static let feeds = "kvytok_feeds"
    /// New or changed charges.
    package static let charges = "kvytok_charges"
    /// Vehicles moved, or devices said how they fare: at most once a second from each gateway.
    package static let fleet = "kvytok_fleet"
}

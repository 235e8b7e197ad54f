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
    /// Something that a signed document is made from has changed.
    package static let documents = "kvytok_documents"
    /// New or changed charges.
    package static let charges = "kvytok_charges"
}

import TransitModel

/// A medium that was read and proven, as the verdict needs it.
package struct MediaPresentation: Hashable, Sendable {
    package let mediaKey: MediaKey
    package let mediaKind: MediaKind
    /// Signed by a known issuer for this very card. Its scheme and validity are not judged yet.
    package let ticket: ETicket

    package init(mediaKey: MediaKey, mediaKind: MediaKind, ticket: ETicket) {
        self.mediaKey = mediaKey
        self.mediaKind = mediaKind
        self.ticket = ticket
    }
}

/// What one presentation at a reader gave.
package enum MediaReading: Hashable, Sendable {
    case presentation(MediaPresentation)
    /// The media key is known only from the moment the card has proven who it is.
    case failed(CardReadFailure, MediaKey?)
}

/// Everything that reading tickets takes from keys and signed configuration.
package struct ETicketReading: Sendable {
    package let cardKeys: any CardKeys
    package let mediaKeys: MediaKeyDeriver
    /// Raw 32-byte Ed25519 public keys of accepted issuers.
    package let issuerKeys: [IssuerKeyID: [UInt8]]

    package init(
        cardKeys: any CardKeys, mediaKeys: MediaKeyDeriver, issuerKeys: [IssuerKeyID: [UInt8]]
    ) {
        self.cardKeys = cardKeys
        self.mediaKeys = mediaKeys
        self.issuerKeys = issuerKeys
    }
}

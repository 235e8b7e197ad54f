import TransitModel

/// Why a medium could not be read as a ticket of this scheme.
///
/// Nothing here names the card: failures go to displays and logs.
package enum CardReadFailure: Error, Hashable, Sendable {
    /// The medium left the field before the end.
    case torn
    /// The medium or its reader stopped answering.
    case silent
    /// It answers, but it is not a card with our application.
    case unknownCard
    /// The card does not know its key, or an answer was altered on its way.
    case authenticationFailed
    /// The card is genuine, its ticket file cannot be understood.
    case malformedTicket(ETicketMalformation)
    /// The ticket names an issuer key that is not in the signed configuration; the scheme is
    /// what the unproven ticket claims.
    case unknownIssuer(scheme: SchemeID)
    /// The issuer's signature does not cover this card and this ticket.
    case forgedTicket(scheme: SchemeID)
    /// An answer that the protocol does not allow at this point; the status word helps service
    /// staff.
    case unexpectedStatus(UInt16)
    /// The answer's length or order breaks the protocol.
    case protocolViolation
    /// The key store behind ``CardKeys`` could not give a key: the device's fault, not the
    /// card's.
    case keyUnavailable
}

/// What is wrong with a ticket file.
package enum ETicketMalformation: UInt8, Error, Hashable, Sendable {
    case wrongLength = 1
    case unknownVersion = 2
    case badText = 3
    case badValidity = 4
    case reservedBitsSet = 5
}

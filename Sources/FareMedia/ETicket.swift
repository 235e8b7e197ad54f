import TransitModel

/// A stored ticket: who issued it, for whom, and for how long.
package struct ETicket: Hashable, Sendable {
    package let scheme: SchemeID
    /// The number that the scheme gave the ticket; it stands on the card's back.
    package let serial: UInt64
    package let issuerKey: IssuerKeyID
    /// The category that the card proves, such as a pupil's; absent for the default one.
    package let riderCategory: RiderCategoryID?
    /// The first instant of validity.
    package let validFrom: Timestamp
    /// The first instant after validity.
    package let validUntil: Timestamp

    /// - Throws: ``ETicketMalformation/badText`` when an identifier does not fit its field,
    ///   ``ETicketMalformation/badValidity`` when the validity is empty.
    package init(
        scheme: SchemeID, serial: UInt64, issuerKey: IssuerKeyID,
        riderCategory: RiderCategoryID? = nil, validFrom: Timestamp, validUntil: Timestamp
    ) throws(ETicketMalformation) {
        guard ETicketCodec.canHold(scheme.rawValue),
            riderCategory.map({ ETicketCodec.canHold($0.rawValue) }) ?? true
        else { throw .badText }
        guard validFrom < validUntil else { throw .badValidity }
        self.scheme = scheme
        self.serial = serial
        self.issuerKey = issuerKey
        self.riderCategory = riderCategory
        self.validFrom = validFrom
        self.validUntil = validUntil
    }

    /// Whether the ticket is valid at an instant.
    package func isValid(at instant: Timestamp) -> Bool {
        validFrom <= instant && instant < validUntil
    }
}

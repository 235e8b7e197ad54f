import Crypto
import FareMedia
import TransitModel

/// Personalises cards as the scheme's card bureau does: keys diversified from the UID, a ticket
/// signed for that UID.
package struct CardIssuer: Sendable {
    package let scheme: SchemeID
    package let issuerKey: IssuerKeyID
    let masterKey: AESKey
    private let signingKey: Curve25519.Signing.PrivateKey

    package init(
        scheme: SchemeID, masterKey: AESKey, issuerKey: IssuerKeyID,
        signingKey: Curve25519.Signing.PrivateKey
    ) {
        self.scheme = scheme
        self.masterKey = masterKey
        self.issuerKey = issuerKey
        self.signingKey = signingKey
    }

    /// The issuer's public key as signed configuration lists it.
    package var publicKey: [UInt8] { Array(signingKey.publicKey.rawRepresentation) }

    /// - Throws: ``ETicketMalformation`` when scheme, category or validity cannot be written.
    package func issue(
        uid: CardUID, serial: UInt64, riderCategory: RiderCategoryID? = nil,
        validFrom: Timestamp, validUntil: Timestamp
    ) throws -> IssuedCard {
        let ticket = try ETicket(
            scheme: scheme, serial: serial, issuerKey: issuerKey, riderCategory: riderCategory,
            validFrom: validFrom, validUntil: validUntil)
        return IssuedCard(
            uid: uid, readKey: readKey(for: uid), ticket: ticket,
            ticketFile: try IssuerSignature.seal(ticket, onto: uid, with: signingKey))
    }

    /// The same ticket with one bit of the issuer's signature turned: what a forger without the
    /// issuer's key can write onto a card whose keys leaked.
    package func forge(_ card: IssuedCard) -> IssuedCard {
        var file = card.ticketFile
        file[ETicketCodec.payloadSize] ^= 1
        return IssuedCard(
            uid: card.uid, readKey: card.readKey, ticket: card.ticket, ticketFile: file)
    }

    private func readKey(for uid: CardUID) -> AESKey {
        AN10922.diversify(masterKey, by: ETicketApplication.diversificationInput(for: uid))
    }
}

/// What the bureau wrote onto one card.
package struct IssuedCard: Hashable, Sendable {
    package let uid: CardUID
    package let readKey: AESKey
    package let ticket: ETicket
    package let ticketFile: [UInt8]

    package init(uid: CardUID, readKey: AESKey, ticket: ETicket, ticketFile: [UInt8]) {
        self.uid = uid
        self.readKey = readKey
        self.ticket = ticket
        self.ticketFile = ticketFile
    }
}

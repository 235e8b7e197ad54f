import Crypto
import TransitModel

/// Binds a ticket to one card: an Ed25519 signature (RFC 8032) over the card's UID and the
/// ticket's payload, so that a copied file is worthless on another card.
package enum IssuerSignature {
    /// Keeps the signature from meaning anything in another protocol.
    private static let context = Array("kvytok/e-ticket/1".utf8)

    /// What is signed. The UID's length is part of it, so that no two pairs give one message.
    package static func message(uid: CardUID, payload: [UInt8]) -> [UInt8] {
        context + [UInt8(uid.bytes.count)] + uid.bytes + payload
    }

    /// The ticket file's contents for one card, made by the issuer.
    package static func seal(
        _ ticket: ETicket, onto uid: CardUID, with key: Curve25519.Signing.PrivateKey
    ) throws -> [UInt8] {
        let payload = ETicketCodec.encode(ticket)
        return try payload + Array(key.signature(for: message(uid: uid, payload: payload)))
    }

    /// The proven ticket in a file that was read from a card.
    ///
    /// - Parameter issuerKeys: Raw 32-byte public keys; one that is not a key proves nothing.
    package static func open(
        _ file: [UInt8], from uid: CardUID, issuerKeys: [IssuerKeyID: [UInt8]]
    ) throws(CardReadFailure) -> ETicket {
        guard file.count == ETicketCodec.fileSize else { throw .malformedTicket(.wrongLength) }
        let payload = Array(file[..<ETicketCodec.payloadSize])
        let ticket: ETicket
        do {
            ticket = try ETicketCodec.decode(payload)
        } catch {
            throw .malformedTicket(error)
        }
        guard let raw = issuerKeys[ticket.issuerKey],
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
        else { throw .unknownIssuer(scheme: ticket.scheme) }
        let signature = Array(file[ETicketCodec.payloadSize...])
        guard key.isValidSignature(signature, for: message(uid: uid, payload: payload)) else {
            throw .forgedTicket(scheme: ticket.scheme)
        }
        return ticket
    }
}

import Crypto
import FareMedia
import TransitModel

/// Makes cards by name: the same name gives the same UID and serial at every start, so that its
/// trips, transfers and charges go on where they were.
package struct CardDeck: Sendable {
    private static let validity = Duration.seconds(365 * 86_400)

    private let issuer: CardIssuer
    private let neighbour: CardIssuer
    private let stranger: CardIssuer

    package init(issuer: CardIssuer) {
        self.issuer = issuer
        neighbour = issuer.neighbour()
        stranger = issuer.stranger()
    }

    /// - Parameter now: Validity is reckoned from here.
    package func makeCard(_ order: CardOrder, at now: Timestamp) throws -> VirtualCard {
        let digest = Array(SHA256.hash(data: Array(order.name.utf8)))
        // 04 is NXP's manufacturer number (ISO/IEC 7816-6), as on real cards of the family.
        guard let uid = CardUID(bytes: [0x04] + digest[..<6]) else {
            preconditionFailure("Seven bytes are a UID")
        }
        let serial = digest[6..<10].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let seed = digest[10..<18].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if order.kind == .unknown { return VirtualCard(.nothingOfOurs(uid), seed: seed) }
        let (from, until) = validity(of: order.kind, at: now)
        let maker =
            switch order.kind {
            case .otherScheme: neighbour
            case .otherKeys: stranger
            default: issuer
            }
        let card = try maker.issue(
            uid: uid, serial: serial, riderCategory: order.riderCategory, validFrom: from,
            validUntil: until)
        // The challenges of two presentations must differ, so the time is part of the seed.
        return VirtualCard(
            .eTicket(order.kind == .forged ? maker.forge(card) : card),
            seed: seed ^ UInt64(bitPattern: now.millisecondsSince1970))
    }

    private func validity(of kind: CardKind, at now: Timestamp) -> (Timestamp, Timestamp) {
        switch kind {
        case .expired:
            (now.advanced(by: .zero - Self.validity), now.advanced(by: .seconds(-86_400)))
        case .notYetValid:
            (now.advanced(by: .seconds(86_400)), now.advanced(by: Self.validity))
        default: (now.advanced(by: .seconds(-86_400)), now.advanced(by: Self.validity))
        }
    }
}

extension CardIssuer {
    /// Another scheme that shares the card keys, with an issuer key of its own.
    fileprivate func neighbour() -> CardIssuer {
        CardIssuer(
            scheme: "next-town", masterKey: masterKey,
            issuerKey: IssuerKeyID(issuerKey.number &+ 1),
            signingKey: Curve25519.Signing.PrivateKey())
    }

    /// Somebody who built our application without our keys.
    fileprivate func stranger() -> CardIssuer {
        CardIssuer(
            scheme: scheme, masterKey: AN10922.diversify(masterKey, by: Array("stranger".utf8)),
            issuerKey: issuerKey, signingKey: Curve25519.Signing.PrivateKey())
    }
}

import FareMedia
import Testing
import TransitModel
import VirtualCards

@Suite("Card deck")
struct CardDeckTests {
    private let now = Timestamp(secondsSince1970: 1_800_000_000)

    private func read(_ order: CardOrder) throws -> MediaReading {
        let scheme = try Scheme()
        let deck = CardDeck(issuer: scheme.issuer)
        return HookedChannel(try deck.makeCard(order, at: now))
            .readETicket(scheme.reading, challenge: try makeChallenge())
    }

    @Test("Tickets by kind", arguments: [CardKind.ticket, .expired, .notYetValid])
    func tickets(kind: CardKind) throws {
        guard
            case .presentation(let presentation) = try read(
                CardOrder(name: "anna", kind: kind, riderCategory: "pupil"))
        else { throw UnexpectedReading() }
        let ticket = presentation.ticket
        #expect(ticket.riderCategory == "pupil")
        #expect(ticket.isValid(at: now) == (kind == .ticket))
        #expect((ticket.validUntil < now) == (kind == .expired))
        #expect((now < ticket.validFrom) == (kind == .notYetValid))
    }

    @Test("What is no good ticket")
    func bad() throws {
        let readings = try [CardKind.forged, .otherScheme, .otherKeys, .unknown].map { kind in
            guard case .failed(let failure, _) = try read(CardOrder(name: "anna", kind: kind))
            else { throw UnexpectedReading() }
            return failure
        }
        #expect(
            readings == [
                .forgedTicket(scheme: "kvytok-demo"), .unknownIssuer(scheme: "next-town"),
                .authenticationFailed, .unknownCard,
            ])
    }

    @Test("The same name is the same card, another name another")
    func names() throws {
        let deck = CardDeck(issuer: try Scheme().issuer)
        let uids = try ["anna", "ivan", "anna"].map {
            try deck.makeCard(CardOrder(name: $0), at: now).uid
        }
        #expect(uids[0] == uids[2] && uids[0] != uids[1])
    }

    @Test("A category that no card can hold is refused")
    func category() throws {
        let deck = CardDeck(issuer: try Scheme().issuer)
        #expect(throws: ETicketMalformation.badText) {
            try deck.makeCard(
                CardOrder(name: "anna", riderCategory: "a category too long"), at: now)
        }
    }
}

/// A card was read otherwise than its kind says.
struct UnexpectedReading: Error {}

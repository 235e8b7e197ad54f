import Crypto
import FareMedia
import Testing
import TransitModel
import VirtualCards

/// A small scheme with fixed keys: an issuer for its cards, a reader's side for reading them.
struct Scheme {
    static let uid = "04782e21801d80"

    let issuer: CardIssuer
    let reading: ETicketReading

    init(
        _ name: SchemeID = "kvytok-demo", masterKeyByte: UInt8 = 0x11, issuerSeed: UInt8 = 0x22
    ) throws {
        let masterKey = try #require(AESKey(bytes: [UInt8](repeating: masterKeyByte, count: 16)))
        issuer = CardIssuer(
            scheme: name, masterKey: masterKey, issuerKey: IssuerKeyID(1),
            signingKey: try Curve25519.Signing.PrivateKey(
                rawRepresentation: [UInt8](repeating: issuerSeed, count: 32)))
        reading = ETicketReading(
            cardKeys: InMemoryCardKeys(masterKey: masterKey),
            mediaKeys: try #require(
                MediaKeyDeriver(
                    secret: [UInt8](repeating: 0x33, count: 32), generation: KeyGeneration(1))),
            issuerKeys: [IssuerKeyID(1): issuer.publicKey])
    }

    func issue(uid: String = Scheme.uid, serial: UInt64 = 1) throws -> IssuedCard {
        let number = try #require([UInt8](hex: uid))
        return try issuer.issue(
            uid: try #require(CardUID(bytes: number)), serial: serial,
            riderCategory: "pupil", validFrom: Timestamp(secondsSince1970: 0),
            validUntil: Timestamp(secondsSince1970: 2_000_000_000))
    }

    var uidMediaKey: MediaKey {
        reading.mediaKeys.mediaKey(
            kind: .eTicketCard, number: [UInt8](hex: Scheme.uid) ?? [])
    }
}

/// A reader that hands each answer through a hook, which may alter it or tear the card out.
final class HookedChannel: CardChannel {
    typealias Hook = (_ index: Int, _ answer: APDUResponse) -> APDUResponse?

    private var card: VirtualCard
    private let hook: Hook
    private(set) var answers: [APDUResponse] = []

    init(_ card: VirtualCard, hook: @escaping Hook = { $1 }) {
        self.card = card
        self.hook = hook
    }

    func transmit(_ command: APDUCommand) throws(CardReadFailure) -> APDUResponse {
        let answer = card.respond(to: command.serialized)
        answers.append(answer)
        guard let heard = hook(answers.count - 1, answer) else { throw .torn }
        return heard
    }
}

func makeChallenge(_ byte: UInt8 = 0x44) throws -> ReaderChallenge {
    try #require(ReaderChallenge(bytes: [UInt8](repeating: byte, count: 16)))
}

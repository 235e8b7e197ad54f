import FareMedia
import Synchronization
import TransitModel
import ValidatorApp
import VirtualCards

/// What a rider's card gives at a reader.
///
/// Each card is made by the scheme's issuer and read once, by the validator's own machine against
/// the virtual card: authentication, secure messaging and the issuer's signature are the real ones.
/// Later presentations of the same card give the same reading again without repeating the
/// cryptography, which is what lets hundreds of vehicles tap in one debug process.
package final class TicketCounter: Sendable {
    /// A card of the city, by a number that is the same at every start.
    package struct Card: Hashable, Sendable {
        package enum Condition: Hashable, Sendable {
            case sound
            case expired
            /// None of the scheme's.
            case foreign
        }

        package let number: UInt32
        package let category: RiderCategoryID?
        package let condition: Condition

        package init(
            number: UInt32, category: RiderCategoryID? = nil, condition: Condition = .sound
        ) {
            self.number = number
            self.category = category
            self.condition = condition
        }
    }

    private static let year = Duration.seconds(365 * 86_400)

    private let issuer: CardIssuer
    private let reading: ETicketReading
    private let clock: @Sendable () -> Timestamp
    private let known = Mutex<[Card: MediaReading]>([:])

    /// - Parameters:
    ///   - keys: The development keys' folder.
    ///   - cardKeys: The file in it that validators read.
    package init(
        keys: String, cardKeys: String, clock: @escaping @Sendable () -> Timestamp
    ) throws {
        issuer = try DevelopmentKeys.issuer(in: keys)
        let file = try CardKeyFile(path: cardKeys)
        reading = ETicketReading(
            cardKeys: file.cardKeys, mediaKeys: file.mediaKeys,
            issuerKeys: [issuer.issuerKey: issuer.publicKey])
        self.clock = clock
    }

    package func present(_ card: Card) throws -> MediaReading {
        if let reading = known.withLock({ $0[card] }) { return reading }
        let channel = CardInProcess(try makeCard(card))
        var random = SystemRandomNumberGenerator()
        let result = channel.readETicket(reading, challenge: ReaderChallenge(using: &random))
        known.withLock { $0[card] = result }
        return result
    }

    /// The card itself, for a reader of its own.
    package func makeCard(_ card: Card) throws -> VirtualCard {
        let uid = try Self.uid(card.number)
        if card.condition == .foreign { return VirtualCard(.nothingOfOurs(uid)) }
        let now = clock()
        let until = now.advanced(by: card.condition == .expired ? .seconds(-86_400) : Self.year)
        return VirtualCard(
            .eTicket(
                try issuer.issue(
                    uid: uid, serial: UInt64(card.number), riderCategory: card.category,
                    validFrom: now.advanced(by: .zero - Self.year), validUntil: until)),
            frameSize: 250, seed: UInt64(bitPattern: now.millisecondsSince1970))
    }

    private struct NoSuchCard: Error {
        let number: UInt32
    }

    private static func uid(_ number: UInt32) throws -> CardUID {
        let bytes: [UInt8] = [
            0x04, 0xC1, UInt8(truncatingIfNeeded: number >> 24),
            UInt8(truncatingIfNeeded: number >> 16), UInt8(truncatingIfNeeded: number >> 8),
            UInt8(truncatingIfNeeded: number), 0x80,
        ]
        guard let uid = CardUID(bytes: bytes) else { throw NoSuchCard(number: number) }
        return uid
    }
}

/// A virtual card in the field of no reader: commands reach it by a call.
private final class CardInProcess: CardChannel {
    private let card: Mutex<VirtualCard>

    init(_ card: VirtualCard) {
        self.card = Mutex(card)
    }

    func transmit(_ command: APDUCommand) throws(CardReadFailure) -> APDUResponse {
        card.withLock { $0.respond(to: command.serialized) }
    }
}

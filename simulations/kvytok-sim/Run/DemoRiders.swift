import FareMedia
import LocalStack
import TransitModel
import VirtualCards

/// The riders of the demonstration: the same cards at every start, so that their transfers and
/// charges go on where they were.
actor DemoRiders {
    /// One card at one reader.
    struct Presentation: Sendable {
        let card: VirtualCard
        var fault: CardFault?
    }

    static let count = 48

    private let issuer: CardIssuer
    private var lastSeen: [Int: ContinuousClock.Instant] = [:]
    private var random = SystemRandomNumberGenerator()

    init(issuer: CardIssuer) {
        self.issuer = issuer
    }

    /// Whoever boards next: mostly an honest card that has not been seen for a while; now and then
    /// one that is presented twice, is none of ours, or is pulled away too early.
    func next(at now: Timestamp) throws -> Presentation {
        let instant = ContinuousClock.now
        let chance = Int.random(in: 0..<100, using: &random)
        if chance < 4 {
            return Presentation(card: VirtualCard(.nothingOfOurs(try Self.uid(0))))
        }
        if chance < 8, let again = lastSeen.keys.randomElement(using: &random) {
            return Presentation(card: try card(again, at: now))
        }
        let rested = (1...Self.count).filter { rider in
            lastSeen[rider].map { $0.duration(to: instant) > .seconds(120) } ?? true
        }
        let rider = rested.randomElement(using: &random) ?? Int.random(in: 1...Self.count)
        lastSeen[rider] = instant
        return Presentation(
            card: try card(rider, at: now), fault: chance < 11 ? .tear(afterCommands: 3) : nil)
    }

    private func card(_ number: Int, at now: Timestamp) throws -> VirtualCard {
        let day: Duration = .seconds(86_400)
        // Every sixteenth ticket ran out yesterday.
        let hasExpired = number.isMultiple(of: 16)
        return VirtualCard(
            .eTicket(
                try issuer.issue(
                    uid: try Self.uid(number), serial: UInt64(number),
                    validFrom: now.advanced(by: day * -400),
                    validUntil: now.advanced(by: hasExpired ? day * -1 : day * 335))),
            seed: .random(in: .min ... .max, using: &random))
    }

    private static func uid(_ number: Int) throws -> CardUID {
        let bytes: [UInt8] = [0x04, 0xDE, 0x30, 0, UInt8(number >> 8), UInt8(number & 0xFF), 0x80]
        guard let uid = CardUID(bytes: bytes) else {
            throw InstallationFailure("no card \(number)")
        }
        return uid
    }
}

import FareMedia
import LocalStack
import TransitModel
import VirtualCards

/// Cards of the town, as many as a test needs.
package struct Riders: Sendable {
    private let issuer: CardIssuer
    private let now: Timestamp

    /// - Parameter now: Tickets are valid around it.
    package init(of town: Town, now: Timestamp) throws {
        issuer = try DevelopmentKeys.issuer(in: town.installation.folders.keys)
        self.now = now
    }

    /// The card of one rider; the same number is the same card.
    package func card(_ number: Int, category: RiderCategoryID? = nil, hasExpired: Bool = false)
        throws
        -> VirtualCard
    {
        let bytes: [UInt8] = [0x04, 0xE2, 0xE0, 0, UInt8(number >> 8), UInt8(number & 0xFF), 0x80]
        guard let uid = CardUID(bytes: bytes) else { throw NoSuchCard(number: number) }
        let year: Duration = .seconds(365 * 86_400)
        return VirtualCard(
            .eTicket(
                try issuer.issue(
                    uid: uid, serial: UInt64(number), riderCategory: category,
                    validFrom: now.advanced(by: .zero - year),
                    validUntil: now.advanced(by: hasExpired ? .seconds(-86_400) : year))),
            seed: UInt64(number))
    }

    private struct NoSuchCard: Error {
        let number: Int
    }
}

import Foundation
import Synchronization
import TransitModel
import VirtualCards

/// The readers in front of a person, and the cards in their hand.
final class CardTable: Sendable {
    /// One thing that happened in one reader's field.
    struct Happening: Sendable {
        let at: Duration
        let reader: Int
        let card: String
        let event: VPCDClient.Event
        /// Commands that the card has answered since it was inserted.
        let commands: Int
    }

    /// What one reader's field holds; shared with the threads of its cards.
    private final class Field: Sendable {
        struct Card {
            var name = ""
            var commands = 0
        }

        let card = Mutex(Card())
    }

    private let deck: CardDeck
    private let fields: [(client: VPCDClient, field: Field)]
    private let startedAt: ContinuousClock.Instant

    var readerCount: Int { fields.count }
    var ports: [UInt16] { fields.map(\.client.port) }

    /// - Parameter report: Called on the threads of the cards.
    init(
        ports: [UInt16], deck: CardDeck, report: @escaping @Sendable (Happening) -> Void
    ) {
        let startedAt = ContinuousClock.now
        self.startedAt = startedAt
        self.deck = deck
        fields = ports.enumerated().map { reader, port in
            let field = Field()
            let client = VPCDClient(port: port) { event in
                let card = field.card.withLock { card in
                    if case .exchanged = event { card.commands += 1 }
                    return card
                }
                report(
                    Happening(
                        at: startedAt.duration(to: .now), reader: reader, card: card.name,
                        event: event, commands: card.commands))
            }
            return (client, field)
        }
    }

    /// - Precondition: The instruction's reader exists.
    func obey(_ instruction: CardInstruction) throws {
        let (client, field) = fields[instruction.reader]
        client.remove()
        guard case .insert(let order) = instruction.action else { return }
        let card = try deck.makeCard(order, at: .now)
        field.card.withLock { $0 = Field.Card(name: order.name) }
        try client.insert(card, fault: order.fault)
    }

    func sleep(until moment: Duration) async throws {
        try await Task.sleep(until: startedAt + moment, clock: .continuous)
    }

    func removeAll() {
        for (client, _) in fields { client.remove() }
    }
}

import LocalStack
import TransitModel
import VirtualCards

/// The cards in the hands of whoever stands before the demonstration page. The same names at every
/// start, so the same cards with the same riders behind them.
struct DemoHand {
    /// More than anybody taps in the minutes in which a card counts as accepted already.
    static let cardCount = 240

    let names: [String]
    private let deck: CardDeck
    /// The one that rested longest comes first.
    private var order: [String]

    init(deck: CardDeck) {
        self.deck = deck
        names = (1...Self.cardCount).map { "\(4_100 + $0)" }
        // A new start begins elsewhere, so that its first taps are no second taps of the last run.
        let start = Int.random(in: 0..<Self.cardCount)
        order = Array(names[start...] + names[..<start])
    }

    /// Takes out a card to be presented now.
    ///
    /// - Parameter name: Without it, the card that rested longest.
    /// - Throws: ``ControlRefusal/unknownCard``.
    mutating func take(
        _ name: String?, at now: Timestamp
    ) throws -> (name: String, card: VirtualCard) {
        let chosen = name ?? order.first
        guard let chosen, let place = order.firstIndex(of: chosen) else {
            throw ControlRefusal.unknownCard
        }
        order.append(order.remove(at: place))
        return (chosen, try deck.makeCard(CardOrder(name: "demo-hand-\(chosen)"), at: now))
    }
}
